using StickyPi.Core;
using StickyPi.Core.Remote.Api;

namespace StickyPi.Server.Errors;

/// <summary>Answers with a problem of RFC 9457 where a request fails, and logs what is the server's own fault.</summary>
internal sealed class ErrorAnswers(RequestDelegate next)
{
    /// <summary>The media type of the answer.</summary>
    public const string MediaType = "application/problem+json";

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (StickyException e) when (!context.Response.HasStarted)
        {
            await WriteAsync(context, ApiError.From(e) with { Status = StatusOf(e.Kind) });
        }
    }

    /// <summary>Answers with an error.</summary>
    /// <param name="context">The request.</param>
    /// <param name="error">The error, with its status.</param>
    /// <returns>A task that ends when it is written.</returns>
    public static Task WriteAsync(HttpContext context, ApiError error)
    {
        context.Response.Clear();
        context.Response.StatusCode = error.Status;
        return context.Response.WriteAsJsonAsync(
            error with { RequestId = context.TraceIdentifier }, ApiJson.Default.ApiError, MediaType, context.RequestAborted);
    }

    /// <summary>The HTTP status for a sort of error.</summary>
    /// <param name="kind">The sort.</param>
    /// <returns>The status.</returns>
    public static int StatusOf(StickyErrorKind kind) => kind switch
    {
        StickyErrorKind.InvalidData => StatusCodes.Status400BadRequest,
        StickyErrorKind.NotFound => StatusCodes.Status404NotFound,
        StickyErrorKind.Conflict or StickyErrorKind.NotAllowed => StatusCodes.Status409Conflict,
        StickyErrorKind.StorageFull => StatusCodes.Status507InsufficientStorage,
        StickyErrorKind.StoreUnavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };
}
