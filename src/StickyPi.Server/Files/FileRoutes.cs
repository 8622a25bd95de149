using StickyPi.Core;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;
using StickyPi.Server.Errors;

namespace StickyPi.Server.Files;

/// <summary>Serves the files of a store that lies in a folder to whoever has a URL from <see cref="FileUrls"/>.</summary>
internal static class FileRoutes
{
    /// <summary>Maps the route.</summary>
    /// <param name="routes">Where it goes.</param>
    public static void MapFiles(this IEndpointRouteBuilder routes) => _ = routes
        .MapMethods(FileUrls.Path + "{**key}", [HttpMethods.Get, HttpMethods.Head], GetAsync)
        .AllowAnonymous()
        .ExcludeFromDescription();

    private static async Task<IResult> GetAsync(string? key, HttpContext context, FileUrls urls, Store store)
    {
        IQueryCollection query = context.Request.Query;
        key ??= "";
        if (store.HasUrls || !await urls.IsGoodAsync(key, query["expires"], query["user"], query["signature"], context.RequestAborted))
        {
            await ErrorAnswers.WriteAsync(context, new ApiError
            {
                ErrorId = "UrlRefused",
                Kind = StickyErrorKind.AccessDenied,
                Message = "This address has expired, was not made by this server, or its user has another password since or has gone.",
                RecommendedAction = "Ask for the picture again: its new url is good for a week.",
                Status = StatusCodes.Status403Forbidden,
            });
            return Results.Empty;
        }

        return await OpenAsync() is StoredObject file ? StoredFile.Answer(file, TypeOf(key), OpenAsync) : Results.NotFound();

        ValueTask<StoredObject?> OpenAsync() => StoredFile.OpenAsync(context, store, key);
    }

    // What others have sent may be anything, and is not for a browser to guess at.
    private static string TypeOf(string key) =>
        !key.StartsWith("raw_images/", StringComparison.Ordinal) && !key.StartsWith("tiled_tuboids/", StringComparison.Ordinal) ? "application/octet-stream"
        : key.EndsWith(".txt", StringComparison.OrdinalIgnoreCase) ? "text/plain; charset=utf-8"
        : "image/jpeg";
}
