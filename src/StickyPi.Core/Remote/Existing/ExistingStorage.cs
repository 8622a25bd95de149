using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using StickyPi.Core.Bundles;
using StickyPi.Core.Images;
using StickyPi.Core.Storage;
using StickyPi.Core.Tuboids;

namespace StickyPi.Core.Remote.Existing;

/// <summary>
/// The objects of a store that the existing server serves: it gives out signed URLs of the files of pictures, tuboids and bundles, and forms for
/// uploading files of bundles. Those lead to another server, which gets nothing but what they say.
/// </summary>
/// <param name="calls">Asks the server.</param>
internal sealed class ExistingStorage(ExistingCalls calls) : IObjectStorage
{
    private const int MaxBreaks = 6;
    private const int BufferSize = 128 * 1024;
    private const int ParallelLooks = 8;
    private const int MaxUrls = 10_000;

    private readonly ConcurrentDictionary<string, ApiTransport> _servers = [];

    // Of a tuboid, all three are told at once, and those of its series too.
    private readonly ConcurrentDictionary<string, string> _tuboidUrls = [];

    public string Location => calls.Server.AbsoluteUri;

    public Uri? Endpoint => calls.Server;

    public string GetUrl(string key) => throw NotSupported("gives out the URLs of files only along with their rows", key);

    public string GetPlace(string key) => new Uri(calls.Server, key).AbsoluteUri;

    public async ValueTask<StickyStorageItem?> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (key.Split('/') is [MlBundleRules.Prefix, string name, _, ..])
        {
            return (await ListFilesAsync($"{MlBundleRules.Prefix}/{name}", cancellationToken).ConfigureAwait(false)).Find(file => file.Path == key) is ExistingBundleFile file
                ? await DescribeAsync(file, cancellationToken).ConfigureAwait(false)
                : null;
        }

        if (await FindUrlAsync(key, cancellationToken).ConfigureAwait(false) is not string url)
        {
            return null;
        }

        return await FindSizeAsync(url, key, cancellationToken).ConfigureAwait(false) is long size
            ? new StickyStorageItem { Key = key, Size = size, LastModified = DateTime.UnixEpoch }
            : null;
    }

    public ValueTask<StickyStorageItem?> FindListedAsync(string key, CancellationToken cancellationToken) => FindAsync(key, cancellationToken);

    public async IAsyncEnumerable<StickyStorageItem> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (prefix.Split('/') is not [MlBundleRules.Prefix, string name, ..])
        {
            throw NotSupported("lists no files but those of one ML bundle", prefix);
        }

        // The list does not tell sizes: the storage behind it does, file by file.
        List<ExistingBundleFile> files = await ListFilesAsync($"{MlBundleRules.Prefix}/{name}", cancellationToken).ConfigureAwait(false);
        ConcurrentBag<StickyStorageItem> items = [];
        await Parallel.ForEachAsync(
            files.Where(file => ObjectKey.IsUnder(file.Path, prefix)),
            new ParallelOptions { MaxDegreeOfParallelism = ParallelLooks, CancellationToken = cancellationToken },
            async (file, stop) =>
            {
                if (await DescribeAsync(file, stop).ConfigureAwait(false) is StickyStorageItem item)
                {
                    items.Add(item);
                }
            }).ConfigureAwait(false);
        foreach (StickyStorageItem item in items)
        {
            yield return item;
        }
    }

    public async IAsyncEnumerable<string> ListLevelAsync(string beginning, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The names of bundles are not told.
        List<ExistingBundleFile> files = beginning.Split('/') is [MlBundleRules.Prefix, string name, _, ..]
            ? await ListFilesAsync($"{MlBundleRules.Prefix}/{name}", cancellationToken).ConfigureAwait(false)
            : [];
        foreach (string key in ObjectKey.OfLevel(files.Select(file => file.Path), beginning))
        {
            yield return key;
        }
    }

    public ValueTask<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken) => OpenReadAsync(key, 0, long.MaxValue, cancellationToken);

    public async ValueTask<Stream?> OpenReadAsync(string key, long offset, long length, CancellationToken cancellationToken)
    {
        if (await FindUrlAsync(key, cancellationToken).ConfigureAwait(false) is not string url)
        {
            return null;
        }

        using MemoryStream content = new();
        long? size = await CopyAsync(url, key, offset, length, (piece, _) => content.Write(piece.Span), cancellationToken).ConfigureAwait(false);
        return size is null ? null : new MemoryStream(content.ToArray(), writable: false);
    }

    // That server has no way to ask for the very object that was listed.
    public ValueTask<Stream?> OpenReadAsync(StickyStorageItem item, long offset, CancellationToken cancellationToken) =>
        OpenReadAsync(item.Key, offset, item.Size - offset, cancellationToken);

    public async ValueTask<ContentComparison> CompareAsync(StickyStorageItem item, LocalFile file, CancellationToken cancellationToken)
    {
        if (item.Size != file.Size)
        {
            return new ContentComparison(false, null, item.ETag);
        }

        using LocalFileReader reader = LocalFileReader.Open(file);
        string hash = await ETag.ComputeLikeAsync(reader.ReadAsync, file.Size, item.ETag ?? "", partSize: null, cancellationToken).ConfigureAwait(false);
        reader.ThrowIfChanged();
        return new ContentComparison(hash.Equals(item.ETag, StringComparison.OrdinalIgnoreCase), hash, item.ETag);
    }

    // That server has no other hash than the one it lists.
    public ValueTask<ContentComparison> CompareAsync(StickyStorageItem item, string etag, CancellationToken cancellationToken) =>
        new(new ContentComparison(etag.Equals(item.ETag, StringComparison.OrdinalIgnoreCase), etag, item.ETag));

    public ValueTask<IStagedObject> StageAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        throw NotSupported("takes single files of ML bundles alone", key);

    public async ValueTask<StickyStorageItem> UploadAsync(string key, LocalFile file, TransferWindow window, CancellationToken cancellationToken)
    {
        if (key.Split('/', 3) is not [MlBundleRules.Prefix, string bundle, string inBundle])
        {
            throw NotSupported("takes no files but those of ML bundles", key);
        }

        using TransferWindow.Place place = await window.EnterAsync(cancellationToken).ConfigureAwait(false);
        using LocalFileReader reader = LocalFileReader.Open(file);
        string etag = await ETag.ComputeAsync(reader.ReadAsync, file.Size, ETag.PartSize, cancellationToken).ConfigureAwait(false);

        // It wants only what is newer than what it has. What is to go all the same is said to be of now, which is not kept.
        ExistingUploadForm? form = await FindFormAsync(bundle, inBundle, etag, file.ModifiedTime, cancellationToken).ConfigureAwait(false)
            ?? await FindFormAsync(bundle, inBundle, etag, DateTime.UtcNow, cancellationToken).ConfigureAwait(false);
        if (form is not null)
        {
            await PostAsync(form, key, reader, file, window, cancellationToken).ConfigureAwait(false);
            reader.ThrowIfChanged();
        }

        return new StickyStorageItem { Key = key, Size = file.Size, ETag = etag, LastModified = DateTime.UtcNow };
    }

    public async ValueTask<StickyStorageItem> DownloadAsync(
        StickyStorageItem item, SafeFileHandle target, TransferWindow window, CancellationToken cancellationToken)
    {
        using TransferWindow.Place place = await window.EnterAsync(cancellationToken).ConfigureAwait(false);
        string url = await FindUrlAsync(item.Key, cancellationToken).ConfigureAwait(false) ?? throw ObjectKey.NotFound(item.Key);
        long? size = await CopyAsync(
            url,
            item.Key,
            0,
            long.MaxValue,
            (piece, offset) =>
            {
                RandomAccess.Write(target, piece.Span, offset);
                window.Count(piece.Length);
            },
            cancellationToken).ConfigureAwait(false);
        if (size is null)
        {
            throw ObjectKey.NotFound(item.Key);
        }

        string etag = await ETag.ComputeLikeAsync(ReadBackAsync, size.Value, item.ETag ?? "", partSize: null, cancellationToken).ConfigureAwait(false);
        return item.ETag is null || ETag.CountParts(item.ETag) < 0 || etag.Equals(item.ETag, StringComparison.OrdinalIgnoreCase)
            ? item with { Size = size.Value, ETag = etag }
            : throw new StickyException(
                "ObjectNotVerified",
                StickyErrorKind.ReadFailed,
                $"The bytes that came of '{item.Key}' are not those that the server has: their ETag is {etag} and not {item.ETag}.",
                item.Key,
                "Run the same command again. If it stays so, the file was uploaded in parts of unusual sizes, or something changes it on its way.");

        async ValueTask ReadBackAsync(long offset, Memory<byte> buffer, CancellationToken stop)
        {
            while (buffer.Length > 0)
            {
                int read = await RandomAccess.ReadAsync(target, buffer, offset, stop).ConfigureAwait(false);
                if (read == 0)
                {
                    throw new EndOfStreamException();
                }

                offset += read;
                buffer = buffer[read..];
            }
        }
    }

    public ValueTask DeleteAsync(StickyStorageItem item, CancellationToken cancellationToken) => DeleteAsync(item.Key, cancellationToken);

    public ValueTask CopyAsync(string sourceKey, string targetKey, CancellationToken cancellationToken) => throw NotSupported("copies no files", sourceKey);

    public ValueTask DeleteAsync(string key, CancellationToken cancellationToken) => throw NotSupported("deletes no single files", key);

    public ValueTask TidyAsync(string prefix, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public IAsyncEnumerable<StickyIncompleteUpload> ListIncompleteUploadsAsync(string prefix, CancellationToken cancellationToken) =>
        throw NotSupported("does not tell of uploads that were begun", prefix);

    public ValueTask AbortUploadAsync(StickyIncompleteUpload upload, CancellationToken cancellationToken) =>
        throw NotSupported("does not tell of uploads that were begun", upload.Key);

    public PresignedPost? CreateUploadForm(string key, TimeSpan lifetime, long maxSize) => null;

    public ValueTask DisposeAsync()
    {
        foreach (ApiTransport server in _servers.Values)
        {
            server.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private StickyException NotSupported(string what, object target) => ExistingStore.NotSupported(what, calls.Server, target);

    private async ValueTask<List<ExistingBundleFile>> ListFilesAsync(string prefix, CancellationToken cancellationToken)
    {
        List<ExistingBundleFile> files = [];
        await foreach (ExistingBundleFile file in calls.AskAsync(
            "_get_ml_bundle_file_list/all",
            prefix[(MlBundleRules.Prefix.Length + 1)..],
            ExistingJson.Default.String,
            ExistingJson.Default.ExistingBundleFile,
            cancellationToken).ConfigureAwait(false))
        {
            // It lists bundles whose names only begin alike, too, with keys that lead out of this one.
            if (ObjectKey.IsValid(file.Key) && file.Path == $"{prefix}/{file.Key}")
            {
                files.Add(file);
            }
        }

        return files;
    }

    private async ValueTask<StickyStorageItem?> DescribeAsync(ExistingBundleFile file, CancellationToken cancellationToken)
    {
        if (await FindSizeAsync(file.Url, file.Path, cancellationToken).ConfigureAwait(false) is not long size)
        {
            return null;
        }

        DateTime modified = DateTime.UnixEpoch.AddSeconds(file.Mtime);
        return new StickyStorageItem { Key = file.Path, Size = size, ETag = file.Md5, LastModified = modified, ModifiedTime = modified };
    }

    private async ValueTask<string?> FindUrlAsync(string key, CancellationToken cancellationToken)
    {
        switch (key.Split('/'))
        {
            case ["raw_images", _, string fileName] when FileOf(fileName) is not ImageContent.Metadata and ImageContent what:
                ImageReference reference = ImageReference.Parse(fileName[..^what.KeySuffix().Length]);
                IReadOnlyList<ExistingImageReference> body = [new ExistingImageReference(reference.Device, reference.DateTime)];
                return await calls.AskAsync(
                    $"get_images/{(what == ImageContent.Image ? "image" : what.KeySuffix()[1..])}",
                    body,
                    ExistingJson.Default.IReadOnlyListExistingImageReference,
                    ExistingJson.Default.ExistingImage,
                    cancellationToken).Select(row => row.Url).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
            case ["tiled_tuboids", _, string id, _] when TuboidId.TryParse(id, out TuboidId? tuboid):
                return _tuboidUrls.GetValueOrDefault(key) ?? await FindTuboidUrlAsync(tuboid, key, cancellationToken).ConfigureAwait(false);
            case [MlBundleRules.Prefix, string name, _, ..]:
                return (await ListFilesAsync($"{MlBundleRules.Prefix}/{name}", cancellationToken).ConfigureAwait(false)).Find(file => file.Path == key)?.Url;
            default:
                throw NotSupported("gives out no files but those of pictures, tuboids and ML bundles", key);
        }
    }

    private static ImageContent FileOf(string fileName) =>
        ImageContents.Files.FirstOrDefault(content => fileName.EndsWith(".jpg" + content.KeySuffix(), StringComparison.OrdinalIgnoreCase));

    private async ValueTask<string?> FindTuboidUrlAsync(TuboidId id, string key, CancellationToken cancellationToken)
    {
        if (_tuboidUrls.Count > MaxUrls)
        {
            _tuboidUrls.Clear();
        }

        foreach ((DateTime? start, DateTime? end) in ((DateTime?, DateTime?)[])[(id.StartTime, id.EndTime), (null, null)])
        {
            IReadOnlyList<ExistingSeriesReference> body = [new ExistingSeriesReference(id.Device, ExistingTimes.NotBefore(start), ExistingTimes.NotAfter(end))];
            await foreach (ExistingTuboid row in calls.AskAsync(
                "get_tiled_tuboid_series/data",
                body,
                ExistingJson.Default.IReadOnlyListExistingSeriesReference,
                ExistingJson.Default.ExistingTuboid,
                cancellationToken).ConfigureAwait(false))
            {
                if (TuboidId.TryParse(row.TuboidId, out TuboidId? found) && row is { Tuboid: string tuboid, Metadata: string metadata, Context: string context })
                {
                    _tuboidUrls[found.Key(TuboidFile.Tuboid)] = tuboid;
                    _tuboidUrls[found.Key(TuboidFile.Metadata)] = metadata;
                    _tuboidUrls[found.Key(TuboidFile.Context)] = context;
                }
            }

            if (_tuboidUrls.TryGetValue(key, out string? url))
            {
                return url;
            }
        }

        return null;
    }

    // A signed URL is good for one method: so a byte is asked for, and the answer tells of how many it is one. Null where there is no such file.
    private async ValueTask<long?> FindSizeAsync(string url, string key, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await GetAsync(url, key, 0, 1, cancellationToken).ConfigureAwait(false);
        return response.StatusCode switch
        {
            HttpStatusCode.NotFound => null,
            HttpStatusCode.RequestedRangeNotSatisfiable => 0,
            HttpStatusCode.PartialContent => response.Content.Headers.ContentRange?.Length,
            _ => response.Content.Headers.ContentLength,
        };
    }

    // Where the connection breaks, it goes on from there. Null where there is no such file.
    private async ValueTask<long?> CopyAsync(
        string url, string key, long start, long length, Action<ReadOnlyMemory<byte>, long> write, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        long offset = 0;
        try
        {
            for (int breaks = 1; ;)
            {
                long before = offset;
                try
                {
                    using HttpResponseMessage response = await GetAsync(url, key, start + offset, length - offset, cancellationToken).ConfigureAwait(false);
                    if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.RequestedRangeNotSatisfiable)
                    {
                        return response.StatusCode == HttpStatusCode.NotFound ? null : offset;
                    }

                    using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
                    long end = offset + (response.Content.Headers.ContentLength ?? long.MaxValue - offset);
                    while (offset < end && await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and int read)
                    {
                        write(buffer.AsMemory(0, read), offset);
                        offset += read;
                    }

                    return offset;
                }
                catch (StickyException e) when (e.ErrorId == "ServerUnreachable" && (offset > before || breaks < MaxBreaks))
                {
                    breaks = offset > before ? 1 : breaks + 1;
                    await ApiTransport.WaitAsync(breaks, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask<HttpResponseMessage> GetAsync(string url, string key, long offset, long length, CancellationToken cancellationToken)
    {
        List<KeyValuePair<string, string>> headers = [new("Accept-Encoding", "identity")];
        if (offset > 0 || length < long.MaxValue)
        {
            string end = length > long.MaxValue - offset ? "" : (offset + length - 1).ToString(CultureInfo.InvariantCulture);
            headers.Add(new("Range", string.Create(CultureInfo.InvariantCulture, $"bytes={offset}-{end}")));
        }

        (ApiTransport server, string path) = Split(new Uri(url));
        ApiRequest request = new(HttpMethod.Get, path)
        {
            Target = key,
            Headers = headers,
            Accept = new("*/*"),
        };
        HttpResponseMessage response = await server.SendAsync(request, authorization: null, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.RequestedRangeNotSatisfiable
            || (response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == offset)
            || (response.StatusCode == HttpStatusCode.OK && offset == 0))
        {
            return response;
        }

        throw await RemoteErrors.FromAnswerAsync(response, server.Server, request, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<ExistingUploadForm?> FindFormAsync(
        string bundle, string key, string etag, DateTime modifiedTime, CancellationToken cancellationToken)
    {
        IReadOnlyList<ExistingUploadCandidate> body =
        [
            new ExistingUploadCandidate { Key = key, Md5 = etag, Mtime = (modifiedTime - DateTime.UnixEpoch).TotalSeconds, BundleName = bundle },
        ];
        return await calls.AskAsync(
            "_get_ml_bundle_upload_links",
            body,
            ExistingJson.Default.IReadOnlyListExistingUploadCandidate,
            ExistingJson.Default.ExistingUploadLink,
            cancellationToken).Where(link => link.Key == key).Select(link => link.Url).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
    }

    // The same file again makes the same object: safe to repeat.
    private async ValueTask PostAsync(
        ExistingUploadForm form, string key, LocalFileReader reader, LocalFile file, TransferWindow window, CancellationToken cancellationToken)
    {
        long counted = 0;
        (ApiTransport server, string path) = Split(form.Url);
        ApiRequest request = new(HttpMethod.Post, path)
        {
            IsIdempotent = true,
            Target = key,
            Accept = new("*/*"),
            Patience = ApiRequest.LongPatience,
            Content = () =>
            {
                window.Count(-Interlocked.Exchange(ref counted, 0));
                MultipartFormDataContent content = ExistingForm.Create();
                foreach ((string name, string value) in form.Fields)
                {
                    content.AddPart(name, fileName: null, mediaType: null, new ByteArrayContent(Encoding.UTF8.GetBytes(value)));
                }

                FileContent body = new(reader, file.Size, count =>
                {
                    _ = Interlocked.Add(ref counted, count);
                    window.Count(count);
                });
                content.AddPart("file", Uri.EscapeDataString(Path.GetFileName(file.Path)), mediaType: null, body);
                return content;
            },
        };
        using HttpResponseMessage response = await server.SendAsync(request, authorization: null, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw await RemoteErrors.FromAnswerAsync(response, server.Server, request, cancellationToken).ConfigureAwait(false);
        }
    }

    private (ApiTransport Server, string Path) Split(Uri url)
    {
        string server = url.GetLeftPart(UriPartial.Authority) + "/";
        return (_servers.GetOrAdd(server, address => new ApiTransport(new Uri(address))), url.PathAndQuery[1..]);
    }
}
