using System.Globalization;
using StickyPi.Core;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;
using StickyPi.Server.Access;
using StickyPi.Server.Configuration;
using StickyPi.Server.Files;

namespace StickyPi.Server.V1;

/// <summary>The objects of the store: its files, by their keys.</summary>
internal static class Objects
{
    private const string Binary = "application/octet-stream";
    private const string ModifiedTimeName = "X-Sticky-Modified-Time";

    private static readonly Parameter Prefix = new("prefix", "A key, for that object and everything below it as if it were a folder; nothing means all.");
    private static readonly Parameter Key = new("key", "The key of the object.") { IsRequired = true };
    private static readonly Parameter ModifiedTime = Parameters.Header(ModifiedTimeName, "When the file was changed last, UTC, in ISO 8601; else it is now.") with { Format = "date-time" };
    private static readonly Parameter ExpectedETag = Parameters.Header("X-Sticky-ETag", "The ETag that the body must have: the MD5 in hexadecimal, or that of its parts with their number.");

    /// <summary>Maps the routes.</summary>
    /// <param name="v1">Where they go.</param>
    public static void MapObjects(this IEndpointRouteBuilder v1)
    {
        RouteGroupBuilder objects = v1.MapGroup("/objects").WithTags("Objects");
        _ = objects.MapOperation("GET", "", "ListObjects", Roles.Reader, List, "Lists objects; in pages, ordered by key.")
            .GivesList<StickyStorageItem>(Prefix);
        _ = objects.MapOperation("POST", "/compare", "CompareObjects", Roles.Reader, Compare, "Tells whether objects are the same as files elsewhere, by size and ETag.")
            .TakesBatch<ApiComparison>()
            .GivesOutcomes<ApiComparisonResult>();
        _ = v1.MapOperation("GET", "/object-url", "GetObjectUrl", Roles.Reader, GetUrl, "Gets a URL with which anybody can read an object for a limited time.")
            .WithTags("Objects")
            .Takes(Key)
            .Gives<ApiUrl>()
            .Fails(StatusCodes.Status404NotFound);
        _ = objects.MapOperation("GET", "/{**key}", "GetObject", Roles.Reader, Get, "Gets an object, whole or in part.")
            .Gives<Stream>(mediaType: Binary)
            .Fails(StatusCodes.Status404NotFound, StatusCodes.Status416RangeNotSatisfiable);
        _ = objects.MapOperation("PUT", "/{**key}", "SendObject", Roles.Writer, Send, "Writes an object, over any earlier one; it appears whole and verified, or not at all.")
            .Takes(ModifiedTime, ExpectedETag)
            .TakesBody<Stream>(BodyKind.Object, Binary)
            .Gives<StickyStorageItem>()
            .Fails(StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge);
        _ = objects.MapOperation("DELETE", "/{**key}", "DeleteObject", Roles.Administrator, Delete, "Deletes an object; a row that tells of it, if any, stays.")
            .Gives<StickyStorageItem>()
            .Fails(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
    }

    private static IResult List(HttpContext context)
    {
        Store store = context.GetStore();
        string prefix = context.Text(Prefix) ?? "";
        return new Paging<StickyStorageItem, StickyStorageItem>(item => item, ApiJson.Default.StickyStorageItem, ApiJson.Default.ApiPageStickyStorageItem)
        {
            Items = (cursor, stop) => Streaming.WantsLines(context)
                ? store.GetStorageItemsAsync(prefix, KeyFilter.All, stop)
                : SelectAsync(store.GetStorageItemsAsync(prefix, KeyFilter.All, stop), cursor?.Text(0) ?? "", (int)(context.Number(Parameters.PageSize) ?? Paging.DefaultSize) + 1),
            Position = item => [item.Key],
        };
    }

    // Storage lists in no order that may be relied on: a page holds the keys that are next in order, found without holding the others.
    private static async IAsyncEnumerable<StickyStorageItem> SelectAsync(IAsyncEnumerable<StickyStorageItem> items, string after, int count)
    {
        PriorityQueue<StickyStorageItem, string> last = new(Comparer<string>.Create((left, right) => string.CompareOrdinal(right, left)));
        await foreach (StickyStorageItem item in items)
        {
            if (string.CompareOrdinal(item.Key, after) > 0)
            {
                last.Enqueue(item, item.Key);
                if (last.Count > count)
                {
                    _ = last.Dequeue();
                }
            }
        }

        foreach (StickyStorageItem item in last.UnorderedItems.Select(entry => entry.Element).OrderBy(item => item.Key, StringComparer.Ordinal))
        {
            yield return item;
        }
    }

    private static Task<IResult> Compare(HttpContext context)
    {
        Store store = context.GetStore();
        return Batch.AnswerAsync<ApiComparison, ApiComparisonResult>(
            context,
            ApiJson.Default.ApiOutcomeApiComparisonResult,
            async (files, stop) =>
            {
                List<ApiOutcome<ApiComparisonResult>> results = new(files.Count);
                foreach (ApiComparison file in files)
                {
                    results.Add(await CompareAsync(context, store, file, stop));
                }

                return results;
            });
    }

    private static async ValueTask<ApiOutcome<ApiComparisonResult>> CompareAsync(
        HttpContext context, Store store, ApiComparison file, CancellationToken cancellationToken)
    {
        try
        {
            return await store.CompareStorageItemAsync(file.Key, file.Size, file.ETag, cancellationToken) is ContentComparison found
                ? new(new ApiComparisonResult(found.Equal, found.ObjectHash))
                : new(null);
        }
        catch (StickyException e) when (e.Kind != StickyErrorKind.StoreUnavailable)
        {
            return new(null, context.Tell(e));
        }
    }

    private static async Task<IResult> GetUrl(HttpContext context)
    {
        string key = context.Text(Key)!;
        Store store = context.GetStore();
        return await store.FindStorageItemAsync(key, context.RequestAborted) is null
            ? throw NotFound(key)
            : Operations.Answer(new ApiUrl(store.GetStorageItemUrl(key)), ApiJson.Default.ApiUrl);
    }

    private static async Task<IResult> Get(HttpContext context)
    {
        string key = context.Path("key");
        return StoredFile.Answer(await OpenAsync() ?? throw NotFound(key), Binary, OpenAsync);

        async ValueTask<StoredObject?> OpenAsync()
        {
            StoredObject? stored = await StoredFile.OpenAsync(context, context.GetStore(), key);
            context.Response.Headers[ModifiedTimeName] = stored?.Item.ModifiedTime?.ToString("O", CultureInfo.InvariantCulture);
            return stored;
        }
    }

    private static async Task<IResult> Send(HttpContext context)
    {
        string key = context.Path("key");
        // Before a gigabyte of it has come.
        await context.GetStore().CheckKeyAsync(key, context.RequestAborted);
        DateTime? time = context.Header(ModifiedTime) is not string text ? null
            : StickyTime.TryParse(text, out DateTime parsed) ? parsed
            : throw RequestValues.Invalid(ModifiedTimeName, $"is '{text}', which is no time", "Write it in ISO 8601, like 2020-06-20T21:33:24Z.");
        string? etag = context.Header(ExpectedETag);
        if (etag is not null && ETag.CountParts(etag) < 0)
        {
            throw RequestValues.Invalid(ExpectedETag.Name, $"is '{etag}', which is no ETag of content", $"Give {ExpectedETag.Description}");
        }

        using UploadFolder folder = context.RequestServices.GetRequiredService<Uploads>().Create();
        (LocalFile file, _) = await folder.ReceiveAsync(context.Request.Body, "object", context.RequestAborted);
        try
        {
            if (time is not null)
            {
                File.SetLastWriteTimeUtc(file.Path, time.Value);
                file = file with { ModifiedTime = File.GetLastWriteTimeUtc(file.Path) };
            }

            return Operations.Answer(
                await context.GetStore().SendStorageItemAsync(key, file, etag, context.RequestAborted), ApiJson.Default.StickyStorageItem);
        }
        catch (StickyException e)
        {
            throw folder.Localize(e);
        }
    }

    private static async Task<IResult> Delete(HttpContext context)
    {
        string key = context.Path("key");
        Outcome<StickyStorageItem> outcome = ObjectKey.IsListable(key)
            ? (await context.GetStore().RemoveStorageItemsAsync([key], cancellationToken: context.RequestAborted))[0]
            : throw ObjectKey.Invalid(key);
        return Operations.Answer(outcome.Value ?? throw outcome.Error!, ApiJson.Default.StickyStorageItem);
    }

    private static StickyException NotFound(string key) => new(
        "ObjectNotFound", StickyErrorKind.NotFound, $"The store has no object '{key}'.", key, "Get-StickyStorageItem lists what there is.");
}
