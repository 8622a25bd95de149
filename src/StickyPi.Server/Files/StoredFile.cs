using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;
using StickyPi.Core;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;

namespace StickyPi.Server.Files;

/// <summary>Answers with an object of the store, whole or in part.</summary>
internal static class StoredFile
{
    /// <summary>Opens an object for an answer.</summary>
    /// <param name="context">The request.</param>
    /// <param name="store">The store.</param>
    /// <param name="key">The object.</param>
    /// <returns>The object; null where there is none.</returns>
    public static ValueTask<StoredObject?> OpenAsync(HttpContext context, Store store, string key)
    {
        // Whoever only looks at gigabytes is not kept waiting until they are read, unless the answer depends on what they are.
        IHeaderDictionary headers = context.Request.Headers;
        bool onlyLooks = HttpMethods.IsHead(context.Request.Method) && headers.IfMatch.Count == 0 && headers.IfNoneMatch.Count == 0;
        return store.OpenStorageItemAsync(key, withETag: !onlyLooks, context.RequestAborted);
    }

    /// <summary>Answers that a client has a file already, by what is known of the file without reading it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="md5">The MD5 of the file, as 32 hexadecimal digits.</param>
    /// <returns>The answer; null where the client may not have it.</returns>
    public static IResult? AnswerKnown(HttpContext context, string md5)
    {
        // A condition that comes first needs the file.
        if (context.Request.Headers.IfMatch.Count > 0 || string.IsNullOrEmpty(md5))
        {
            return null;
        }

        EntityTagHeaderValue etag = new($"\"{md5}\"");
        if (!context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(etag, useStrongComparison: false)))
        {
            return null;
        }

        context.Response.GetTypedHeaders().ETag = etag;
        return Results.StatusCode(StatusCodes.Status304NotModified);
    }

    /// <summary>Makes the answer. Its ETag is the hash of its bytes, and nothing else decides whether a client has them already.</summary>
    /// <param name="file">The object, which was opened once; the answer disposes of it.</param>
    /// <param name="mediaType">The media type of its bytes.</param>
    /// <param name="reopen">
    /// Opens what has come in its place. A bucket is asked for an object and then for its bytes, and the object may be replaced in between.
    /// </param>
    /// <returns>The answer.</returns>
    public static IResult Answer(StoredObject file, string mediaType, Func<ValueTask<StoredObject?>> reopen) => new FileAnswer(file, mediaType, reopen);

    private sealed class FileAnswer(StoredObject file, string mediaType, Func<ValueTask<StoredObject?>> reopen) : IResult
    {
        private const int MostTimes = 5;

        public async Task ExecuteAsync(HttpContext context)
        {
            StoredObject opened = file;
            for (int times = 1; ; times++)
            {
                try
                {
                    await Describe(context, opened).ExecuteAsync(context);
                    return;
                }
                catch (StickyException e) when (e.ErrorId == "ObjectChanged" && times < MostTimes && !context.Response.HasStarted)
                {
                    context.Response.StatusCode = StatusCodes.Status200OK;
                    context.Response.Headers.ContentRange = default;
                    context.Response.ContentLength = null;
                    if (await reopen() is not StoredObject other)
                    {
                        throw;
                    }

                    opened = other;
                }
            }
        }

        private IResult Describe(HttpContext context, StoredObject opened)
        {
            StickyStorageItem item = opened.Item;
            EntityTagHeaderValue? etag = string.IsNullOrEmpty(item.ETag) ? null : new EntityTagHeaderValue($"\"{item.ETag}\"");
            RequestHeaders request = context.Request.GetTypedHeaders();

            // Whoever sends a file chooses its time. So a part is given only of what its hash names, and a time never says that nothing has changed.
            request.IfModifiedSince = null;
            if (etag is null
                || (context.Request.Headers.IfRange.Count > 0 && request.IfRange?.EntityTag?.Compare(etag, useStrongComparison: true) != true))
            {
                request.Range = null;
            }

            return Results.Stream(opened.Content, mediaType, lastModified: item.LastModified, entityTag: etag, enableRangeProcessing: etag is not null);
        }
    }
}
