using System.Diagnostics;

namespace StickyPi.Server.Logging;

/// <summary>
/// Gives each request an id, which its answer bears, and writes one line of log when it has ended. The line holds no header and no query: those
/// hold passwords, tokens and signatures.
/// </summary>
internal sealed partial class RequestLog(RequestDelegate next, ILogger<RequestLog> log)
{
    /// <summary>The header of answers that holds the id.</summary>
    public const string Header = "X-Request-Id";

    // As access logs write it.
    private const string Nobody = "-";

    private const int LongestPath = 200;

    public async Task InvokeAsync(HttpContext context)
    {
        // Unique among all servers and times, which Kestrel's own is not.
        context.TraceIdentifier = Guid.CreateVersion7().ToString("N");
        context.Response.Headers[Header] = context.TraceIdentifier;
        CountedBody body = CountedBody.AddTo(context);
        long start = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            // Escaped as it came, so that a line is a line.
            string path = context.Request.Path.ToUriComponent();
            LogRequest(
                context.Request.Method,
                path.Length > LongestPath ? path[..LongestPath] : path,
                (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText,
                context.User.Identity?.Name ?? Nobody,
                context.Response.StatusCode,
                body.Count,
                Math.Round(Stopwatch.GetElapsedTime(start).TotalMilliseconds, 1),
                context.TraceIdentifier);
        }
    }

    [LoggerMessage(
        EventId = 30, Level = LogLevel.Information,
        Message = "{Method} {Path} ({Route}) by {User}: {Status}, {Bytes} bytes, {Milliseconds} ms, request {RequestId}")]
    private partial void LogRequest(
        string method, string path, string? route, string user, int status, long bytes, double milliseconds, string requestId);
}
