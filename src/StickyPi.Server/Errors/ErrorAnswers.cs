using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using StickyPi.Core;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Stores;

namespace StickyPi.Server.Errors;

/// <summary>
/// Answers with a problem of RFC 9457 where a request fails, whoever refused it, and logs what is the server's own fault. What went wrong inside
/// is for the log alone.
/// </summary>
internal sealed partial class ErrorAnswers(RequestDelegate next, Store store, ILogger<ErrorAnswers> log)
{
    /// <summary>The media type of the answer.</summary>
    public const string MediaType = "application/problem+json";

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested && IsAbort(e))
        {
            // Whoever asked has gone. The status is for the log.
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            }
        }
        catch (Exception e)
        {
            ApiError error = Describe(e);
            if (error.Status >= StatusCodes.Status500InternalServerError || context.Response.HasStarted)
            {
                LogFailure(e, context.TraceIdentifier);
            }

            if (context.Response.HasStarted)
            {
                // An answer that ended here would look whole.
                context.Abort();
                return;
            }

            await WriteAsync(context, error);
        }

        if (context.Response is { HasStarted: false, StatusCode: >= StatusCodes.Status400BadRequest, ContentType: null, ContentLength: null or 0 }
            && !context.RequestAborted.IsCancellationRequested)
        {
            await WriteAsync(context, Describe(context));
        }
    }

    /// <summary>Answers with an error.</summary>
    /// <param name="context">The request.</param>
    /// <param name="error">The error, with its status.</param>
    /// <returns>A task that ends when it is written.</returns>
    public static Task WriteAsync(HttpContext context, ApiError error)
    {
        // What was refused while its body is still on its way is not waited for.
        if (error.Status == StatusCodes.Status413PayloadTooLarge)
        {
            context.Response.Headers.Connection = "close";
        }

        context.Response.StatusCode = error.Status;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.ETag = default;
        context.Response.ContentLength = null;
        return context.Response.WriteAsJsonAsync(
            error with { RequestId = context.TraceIdentifier }, ApiJson.Default.ApiError, MediaType, context.RequestAborted);
    }

    /// <summary>Whether who asks knows problems, or is a program that was written for the existing server.</summary>
    /// <param name="context">The request.</param>
    /// <returns>Whether they do.</returns>
    public static bool IsProblem(HttpContext context) => context.Request.Path.StartsWithSegments("/v1");

    /// <summary>The HTTP status for a sort of error.</summary>
    /// <param name="kind">The sort.</param>
    /// <returns>The status.</returns>
    public static int StatusOf(StickyErrorKind kind) => kind switch
    {
        StickyErrorKind.InvalidData => StatusCodes.Status400BadRequest,
        StickyErrorKind.NotFound => StatusCodes.Status404NotFound,
        StickyErrorKind.Conflict or StickyErrorKind.NotAllowed => StatusCodes.Status409Conflict,
        StickyErrorKind.AccessDenied => StatusCodes.Status403Forbidden,
        StickyErrorKind.StorageFull => StatusCodes.Status507InsufficientStorage,
        StickyErrorKind.StoreUnavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    /// <summary>What is said of an error.</summary>
    /// <param name="error">The error.</param>
    /// <returns>The answer, with its status.</returns>
    internal ApiError Describe(Exception error) => error switch
    {
        // What a server of ours said, S3 or the database, is its business and not that of who asks.
        StickyException e when e.Service is not null || e.Kind == StickyErrorKind.StoreUnavailable => Internal(
            e.ErrorId, StickyErrorKind.StoreUnavailable, "The store can't be used at the moment.") with
        {
            Field = e.Field,
        },
        StickyException { Kind: StickyErrorKind.StorageFull } => Internal("StorageFull", StickyErrorKind.StorageFull, "The disk of the store is full."),
        StickyException e => Relative(ApiError.From(e)) with { Status = StatusOf(e.Kind) },
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Refused(
            StatusCodes.Status413PayloadTooLarge, "BodyTooLarge", "The body of the request is larger than the server takes."),
        BadHttpRequestException { InnerException: JsonException e } => Json(e),
        BadHttpRequestException e => Refused(e.StatusCode, "InvalidRequest", e.Message),
        JsonException e => Json(e),
        InvalidDataException => Refused(StatusCodes.Status400BadRequest, "InvalidRequest", "The body of the request is not what its Content-Type says."),
        _ => Internal("InternalError", StickyErrorKind.StoreUnavailable, "The server failed.") with
        {
            Status = StatusCodes.Status500InternalServerError,
        },
    };

    private static bool IsAbort(Exception e) => e is OperationCanceledException or IOException or BadHttpRequestException;

    private static ApiError Describe(HttpContext context)
    {
        int status = context.Response.StatusCode;
        return status switch
        {
            StatusCodes.Status404NotFound => Refused(status, "NotFound", "There is nothing at this address.") with { Kind = StickyErrorKind.NotFound },
            StatusCodes.Status405MethodNotAllowed => Refused(
                status, "MethodNotAllowed", $"This address does not take {context.Request.Method}; it takes {context.Response.Headers.Allow}."),
            StatusCodes.Status415UnsupportedMediaType => Refused(
                status, "UnsupportedMediaType", "This address does not take bodies of this Content-Type."),
            _ => Refused(status, ReasonPhrases.GetReasonPhrase(status).Replace(" ", "", StringComparison.Ordinal), "The request was refused."),
        };
    }

    private static ApiError Json(JsonException e) => Refused(
        StatusCodes.Status400BadRequest,
        "InvalidJson",
        e.LineNumber is long line
            ? $"The body is not the JSON that is expected here, in line {line + 1}, byte {e.BytePositionInLine + 1}."
            : "The body is not the JSON that is expected here.") with
    {
        Field = e.Path,
    };

    private static ApiError Refused(int status, string errorId, string message) =>
        new() { ErrorId = errorId, Message = message, Kind = StickyErrorKind.InvalidData, Status = status };

    private static ApiError Internal(string errorId, StickyErrorKind kind, string message) => new()
    {
        ErrorId = errorId,
        Message = message,
        Kind = kind,
        RecommendedAction = "Try again later. The server's log says more, under this request's id.",
        Status = StatusOf(kind),
    };

    // Where the store lies is nobody's business: what remains of a path is the key.
    private ApiError Relative(ApiError error) => error with
    {
        Message = Relative(error.Message)!,
        Target = Relative(error.Target),
        RecommendedAction = Relative(error.RecommendedAction),
    };

    private string? Relative(string? text) => text?
        .Replace(store.Location + Path.DirectorySeparatorChar, "", StringComparison.Ordinal)
        .Replace(store.Location, "store", StringComparison.Ordinal);

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} failed.")]
    private partial void LogFailure(Exception error, string requestId);
}
