using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using StickyPi.Core;
using StickyPi.Core.Remote.Api;

namespace StickyPi.Server.Errors;

/// <summary>
/// Answers with a problem of RFC 9457 where a request fails, whoever refused it, and logs what is the server's own fault. What went wrong inside
/// is for the log alone.
/// </summary>
internal sealed partial class ErrorAnswers(RequestDelegate next, ErrorDescriptions errors, ILogger<ErrorAnswers> log)
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
            ApiError error = errors.Describe(e);
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

            if (e is StickyException { RetryAfter: TimeSpan wait })
            {
                context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
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
        if (error.Status is StatusCodes.Status413PayloadTooLarge or StatusCodes.Status408RequestTimeout)
        {
            context.Response.Headers.Connection = "close";
        }

        context.Response.StatusCode = error.Status;
        context.Response.Headers.ETag = default;
        context.Response.ContentLength = null;
        return context.Response.WriteAsJsonAsync(
            error with { RequestId = context.TraceIdentifier }, ApiJson.Default.ApiError, MediaType, context.RequestAborted);
    }

    /// <summary>Whether who asks knows problems, or is a program that was written for the existing server.</summary>
    /// <param name="context">The request.</param>
    /// <returns>Whether they do.</returns>
    public static bool IsProblem(HttpContext context) => context.Request.Path.StartsWithSegments("/v1");

    private static bool IsAbort(Exception e) => e is OperationCanceledException or IOException or BadHttpRequestException;

    private static ApiError Describe(HttpContext context)
    {
        int status = context.Response.StatusCode;
        return status switch
        {
            StatusCodes.Status404NotFound => ErrorDescriptions.Refused(status, "NotFound", "There is nothing at this address.") with { Kind = StickyErrorKind.NotFound },
            StatusCodes.Status405MethodNotAllowed => ErrorDescriptions.Refused(
                status, "MethodNotAllowed", $"This address does not take {context.Request.Method}; it takes {context.Response.Headers.Allow}."),
            StatusCodes.Status415UnsupportedMediaType => ErrorDescriptions.Refused(
                status, "UnsupportedMediaType", "This address does not take bodies of this Content-Type."),
            _ => ErrorDescriptions.Refused(status, ReasonPhrases.GetReasonPhrase(status).Replace(" ", "", StringComparison.Ordinal), "The request was refused."),
        };
    }

    [LoggerMessage(EventId = 20, Level = LogLevel.Error, Message = "Request {RequestId} failed.")]
    private partial void LogFailure(Exception error, string requestId);
}
