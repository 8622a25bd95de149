namespace StickyPi.Server.Access;

/// <summary>The headers that all answers bear.</summary>
internal static class PrivateAnswers
{
    private const string NoStore = "no-store";

    // 30 days: as long as a lab that gives up its certificate can wait.
    private const string ForThirtyDays = "max-age=2592000";

    /// <summary>
    /// Keeps answers out of the caches of browsers and proxies, which would give them to whoever asks next; has browsers come back by TLS
    /// alone where they came by TLS; and keeps them from guessing what a file is.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="next">What answers it.</param>
    /// <returns>A task that ends with the answer.</returns>
    public static Task MarkAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.CacheControl = NoStore;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        if (context.Request.IsHttps)
        {
            context.Response.Headers.StrictTransportSecurity = ForThirtyDays;
        }

        return next(context);
    }
}
