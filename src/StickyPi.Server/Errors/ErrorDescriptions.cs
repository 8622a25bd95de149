using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using StickyPi.Core;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Stores;
using StickyPi.Server.V1;
using KestrelServer = Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServer;

namespace StickyPi.Server.Errors;

/// <summary>Tells errors to those who ask: what is their business of them, and where the log has more.</summary>
/// <param name="store">The store, whose place is not their business.</param>
/// <param name="uploads">Where uploads wait, which is not either.</param>
/// <param name="log">Where the rest goes.</param>
internal sealed partial class ErrorDescriptions(Store store, Uploads uploads, ILogger<ErrorDescriptions> log)
{
    private static readonly string? KestrelAssembly = typeof(KestrelServer).Assembly.GetName().Name;

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

    /// <summary>What is said of the error of a whole request.</summary>
    /// <param name="error">The error.</param>
    /// <returns>The answer, with its status.</returns>
    public ApiError Describe(Exception error) => error switch
    {
        StickyException when FindBodyFault(error) is Exception fault => Describe(fault),
        StickyException { Kind: StickyErrorKind.StorageFull } => Internal("StorageFull", StickyErrorKind.StorageFull, "The store is full."),

        // No 503, which says to try again.
        StickyException { ErrorId: "StoreReadOnly" } => Internal(
            "StoreReadOnly", StickyErrorKind.WriteFailed, "The server may not change its store, which can only be read.") with
        {
            RecommendedAction = "Ask who runs the server to give it the right to write, or to move the store to where it has.",
        },

        // What a server of ours said, S3 or the database, is its business and not that of who asks.
        StickyException e when e.Service is not null || e.Kind == StickyErrorKind.StoreUnavailable => Internal(
            e.ErrorId, StickyErrorKind.StoreUnavailable, "The store can't be used at the moment.") with
        {
            Field = e.Field,
        },
        StickyException e => Relative(ApiError.From(e)) with { Status = StatusOf(e.Kind) },
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Refused(
            StatusCodes.Status413PayloadTooLarge, "BodyTooLarge", "The body of the request is larger than the server takes."),
        BadHttpRequestException { InnerException: JsonException e } => Json(e),
        BadHttpRequestException e => Refused(e.StatusCode, "InvalidRequest", $"{OneLine.Quote(e)}."),
        IOException e when IsBodyFault(e) => Refused(StatusCodes.Status400BadRequest, "InvalidRequest", $"{OneLine.Quote(e)}."),
        JsonException e => Json(e),
        InvalidDataException => Refused(StatusCodes.Status400BadRequest, "InvalidRequest", "The body of the request is not what its Content-Type says."),
        _ => Internal("InternalError", StickyErrorKind.StoreUnavailable, "The server failed.") with
        {
            Status = StatusCodes.Status500InternalServerError,
        },
    };

    /// <summary>What is said of the error of one item, or in the middle of an answer. What is the server's own fault is logged.</summary>
    /// <param name="error">The error.</param>
    /// <param name="requestId">The request that it is of.</param>
    /// <returns>A part of an answer.</returns>
    public ApiError Tell(Exception error, string requestId)
    {
        ApiError told = Describe(error);
        bool isOurs = told.Status >= StatusCodes.Status500InternalServerError;
        if (isOurs)
        {
            LogFailure(error, requestId);
        }

        return told with
        {
            Status = 0,
            Target = Relative((error as StickyException)?.Target?.ToString()),
            RequestId = isOurs ? requestId : null,
        };
    }

    /// <summary>What is said of a request that can't be right.</summary>
    /// <param name="status">The status.</param>
    /// <param name="errorId">The name of the error.</param>
    /// <param name="message">What is wrong, as a sentence.</param>
    /// <returns>The answer.</returns>
    public static ApiError Refused(int status, string errorId, string message) =>
        new() { ErrorId = errorId, Message = message, Kind = StickyErrorKind.InvalidData, Status = status };

    // Kestrel tells of most faults in the framing of a body by a BadHttpRequestException, but not of a chunk whose size is out of range.
    private static bool IsBodyFault(Exception error) =>
        error is BadHttpRequestException || (error is IOException and not ConnectionResetException && error.Source == KestrelAssembly);

    // What reads JSON from any stream says that it is unreadable, perhaps with its place in the request.
    private static Exception? FindBodyFault(Exception error)
    {
        Exception? cause = error;
        while (cause is StickyException)
        {
            cause = cause.InnerException;
        }

        return cause is not null && IsBodyFault(cause) ? cause : null;
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
        .Hide(uploads.Root, "the server's folder for uploads")
        .Hide(store.Location + Path.DirectorySeparatorChar, "")
        .Hide(store.Location, "store");

    [LoggerMessage(EventId = 21, Level = LogLevel.Error, Message = "A part of request {RequestId} failed.")]
    private partial void LogFailure(Exception error, string requestId);
}
