using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Remote;

/// <summary>The objects of a store that a server serves, below <c>/v1/objects</c>.</summary>
/// <param name="api">Asks the server.</param>
internal sealed partial class RemoteStorage(RemoteApi api) : IObjectStorage
{
    private const string ModifiedTimeHeader = "X-Sticky-Modified-Time";
    private const string ETagHeader = "X-Sticky-ETag";

    public string Location => api.Server.AbsoluteUri;

    public Uri? Endpoint => api.Server;

    // Whoever follows it must log in.
    public string GetUrl(string key) => new Uri(api.Server, PathOf(key)).AbsoluteUri;

    public string GetPlace(string key) => GetUrl(key);

    public async ValueTask<StickyStorageItem?> FindAsync(string key, CancellationToken cancellationToken)
    {
        ApiRequest request = new(HttpMethod.Head, PathOf(key))
        {
            Target = key,
            Headers = [new("Accept-Encoding", "identity")],
            Expected = [HttpStatusCode.NotFound],
        };
        using HttpResponseMessage response = await api.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.NotFound ? null : Describe(key, response, response.Content.Headers.ContentLength ?? 0);
    }

    public ValueTask<StickyStorageItem?> FindListedAsync(string key, CancellationToken cancellationToken) => FindAsync(key, cancellationToken);

    public IAsyncEnumerable<StickyStorageItem> ListAsync(string prefix, CancellationToken cancellationToken) => api.ListAsync(
        "v1/objects", new QueryParameters().Add("prefix", prefix), ApiJson.Default.StickyStorageItem, Freshness.Now, cancellationToken);

    public async IAsyncEnumerable<string> ListLevelAsync(string beginning, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<string> keys = [];
        await foreach (StickyStorageItem item in ListAsync(beginning[..Math.Max(beginning.LastIndexOf('/'), 0)], cancellationToken).ConfigureAwait(false))
        {
            keys.Add(item.Key);
        }

        foreach (string key in ObjectKey.OfLevel(keys, beginning))
        {
            yield return key;
        }
    }

    public async ValueTask<ContentComparison> CompareAsync(StickyStorageItem item, LocalFile file, CancellationToken cancellationToken)
    {
        if (item.Size != file.Size)
        {
            return new ContentComparison(false, null, item.ETag);
        }

        using LocalFileReader reader = LocalFileReader.Open(file);
        (string mine, ContentComparison found) = await CompareAsync(item, reader.ReadAsync, cancellationToken).ConfigureAwait(false);
        reader.ThrowIfChanged();
        return found.Equal ? found with { FileHash = item.ETag ?? mine } : found;
    }

    public async ValueTask<ContentComparison> CompareAsync(StickyStorageItem item, string etag, CancellationToken cancellationToken)
    {
        ApiComparisonResult? result = await CompareAsync(item.Key, item.Size, etag, cancellationToken).ConfigureAwait(false);
        return new ContentComparison(result?.Equal == true, etag, item.ETag ?? result?.ETag);
    }

    // Only the server knows of what an ETag was made that is not that of the content: it reads the object on its side, if it has to.
    private async ValueTask<(string Mine, ContentComparison Found)> CompareAsync(
        StickyStorageItem item, Func<long, Memory<byte>, CancellationToken, ValueTask> read, CancellationToken cancellationToken)
    {
        string? mine = null;
        if (item.ETag is string etag)
        {
            mine = await ETag.ComputeLikeAsync(read, item.Size, etag, partSize: null, cancellationToken).ConfigureAwait(false);
            if (mine.Equals(etag, StringComparison.OrdinalIgnoreCase))
            {
                return (mine, new ContentComparison(true, mine, etag));
            }
        }

        string asked = mine is not null && ETag.CountParts(item.ETag!) is 0 or 1
            ? mine!
            : await ETag.ComputeAsync(read, item.Size, ETag.PartSizeOf(item.Size), cancellationToken).ConfigureAwait(false);
        return (mine ?? asked, await CompareAsync(item, asked, cancellationToken).ConfigureAwait(false) with { FileHash = mine ?? asked });
    }

    public ValueTask<IStagedObject> StageAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        new(new StagedBytes(this, key, content));

    public ValueTask CopyAsync(string sourceKey, string targetKey, CancellationToken cancellationToken) => throw new NotSupportedException(
        "A server copies no objects; nothing that works on its store asks for that.");

    public async ValueTask DeleteAsync(string key, CancellationToken cancellationToken)
    {
        ApiRequest request = new(HttpMethod.Delete, PathOf(key)) { Target = key, Expected = [HttpStatusCode.NotFound] };
        (await api.SendAsync(request, cancellationToken).ConfigureAwait(false)).Dispose();
    }

    public ValueTask DeleteAsync(StickyStorageItem item, CancellationToken cancellationToken) => DeleteAsync(item.Key, cancellationToken);

    // The server tidies its own folders.
    public ValueTask TidyAsync(string prefix, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    // What was begun and not ended is the server's, which gives it up by itself.
    public async IAsyncEnumerable<StickyIncompleteUpload> ListIncompleteUploadsAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ValueTask.CompletedTask.ConfigureAwait(false);
        yield break;
    }

    public ValueTask AbortUploadAsync(StickyIncompleteUpload upload, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public PresignedPost? CreateUploadForm(string key, TimeSpan lifetime, long maxSize) => null;

    // The connections are the store's.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Asks the server whether an object holds certain bytes.</summary>
    /// <param name="key">The object.</param>
    /// <param name="size">How many bytes.</param>
    /// <param name="etag">Their ETag.</param>
    /// <param name="cancellationToken">Stops the asking.</param>
    /// <returns>What it found; null where there is no such object.</returns>
    public async ValueTask<ApiComparisonResult?> CompareAsync(string key, long size, string etag, CancellationToken cancellationToken)
    {
        byte[] line = JsonSerializer.SerializeToUtf8Bytes(new ApiComparison(key, size, etag), ApiJson.Default.ApiComparison);
        ApiRequest request = RemoteApi.Post("v1/objects/compare", QueryParameters.None, line, ApiLines.MediaType) with
        {
            IsIdempotent = true,
            ChangesNothing = true,
            Patience = ApiRequest.LongPatience,
            Target = key,
        };
        await foreach (ApiOutcome<ApiComparisonResult> outcome in api
            .AskLinesAsync(request, ApiJson.Default.ApiOutcomeApiComparisonResult, cancellationToken).ConfigureAwait(false))
        {
            return outcome.Error is ApiError error ? throw error.ToException(key) : outcome.Value;
        }

        return null;
    }

    // What may be written is for the server to say.
    private static string PathOf(string key) => ObjectKey.IsListable(key)
        ? "v1/objects/" + string.Join('/', key.Split('/').Select(Uri.EscapeDataString))
        : throw new StickyException(
            "InvalidKey",
            StickyErrorKind.InvalidData,
            $"The object '{key}' cannot be named to a server: a slash at the beginning and parts '.' and '..' are lost in a URL.",
            key,
            "Connect to the bucket itself, or rename the object with the tool that made it.");

    private static StickyStorageItem Describe(string key, HttpResponseMessage response, long size)
    {
        DateTime lastModified = response.Content.Headers.LastModified?.UtcDateTime ?? DateTime.UtcNow;
        bool isKept = response.Headers.TryGetValues(ModifiedTimeHeader, out IEnumerable<string>? values);
        return new StickyStorageItem
        {
            Key = key,
            Size = size,
            ETag = response.Headers.ETag is { IsWeak: false } etag && Unquote(etag.Tag) is var tag && ETag.CountParts(tag) >= 0 ? tag : null,
            LastModified = lastModified,
            ModifiedTime = isKept
                && DateTime.TryParse(values!.First(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime time)
                    ? time
                    : null,
        };
    }

    private static string Unquote(string tag) => tag.Trim('"');

    private static string Iso(DateTime time) => time.ToString("O", CultureInfo.InvariantCulture);

    // What has no file. Nothing is sent before it is to be seen.
    private sealed class StagedBytes(RemoteStorage storage, string key, ReadOnlyMemory<byte> content) : IStagedObject
    {
        public string Key => key;

        public async ValueTask PublishAsync(CancellationToken cancellationToken)
        {
            string etag = await ETag.ComputeAsync(
                (offset, buffer, _) =>
                {
                    content.Slice((int)offset, buffer.Length).CopyTo(buffer);
                    return ValueTask.CompletedTask;
                },
                content.Length,
                ETag.PartSizeOf(content.Length),
                cancellationToken).ConfigureAwait(false);
            _ = await storage.PutAsync(key, etag, modifiedTime: null, () => new ReadOnlyMemoryContent(content), cancellationToken).ConfigureAwait(false);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private ValueTask<StickyStorageItem> PutAsync(
        string key, string etag, DateTime? modifiedTime, Func<HttpContent> content, CancellationToken cancellationToken)
    {
        List<KeyValuePair<string, string>> headers = [new(ETagHeader, etag)];
        if (modifiedTime is DateTime time)
        {
            headers.Add(new(ModifiedTimeHeader, Iso(time)));
        }

        ApiRequest request = new(HttpMethod.Put, PathOf(key))
        {
            Headers = headers,
            Target = key,
            Patience = ApiRequest.LongPatience,
            Content = () =>
            {
                HttpContent body = content();
                body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
                return body;
            },
        };
        return api.AskAsync(request, ApiJson.Default.StickyStorageItem, cancellationToken);
    }
}
