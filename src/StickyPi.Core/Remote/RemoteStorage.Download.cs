using System.Buffers;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Remote;

internal sealed partial class RemoteStorage
{
    // In a row, without a byte that came.
    private const int MaxBreaks = 6;

    public ValueTask<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken) =>
        OpenReadAsync(key, 0, long.MaxValue, cancellationToken);

    public ValueTask<Stream?> OpenReadAsync(string key, long offset, long length, CancellationToken cancellationToken) =>
        OpenReadAsync(key, null, offset, length, cancellationToken);

    public ValueTask<Stream?> OpenReadAsync(StickyStorageItem item, long offset, CancellationToken cancellationToken) =>
        OpenReadAsync(item.Key, item, offset, item.Size - offset, cancellationToken);

    private async ValueTask<Stream?> OpenReadAsync(
        string key, StickyStorageItem? item, long offset, long length, CancellationToken cancellationToken)
    {
        if (length <= 0)
        {
            return await FindAsync(key, cancellationToken).ConfigureAwait(false) is null ? null : Stream.Null;
        }

        HttpResponseMessage response = await GetAsync(key, item, offset, length, cancellationToken).ConfigureAwait(false);
        switch (response.StatusCode)
        {
            case HttpStatusCode.NotFound:
                response.Dispose();
                return null;
            case HttpStatusCode.PreconditionFailed:
                response.Dispose();
                throw Changed(key);
            case HttpStatusCode.RequestedRangeNotSatisfiable:
                response.Dispose();
                return Stream.Null;
            default:
                return new ObjectStream(this, key, response, offset, await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        }
    }

    public async ValueTask<StickyStorageItem> DownloadAsync(
        StickyStorageItem item, SafeFileHandle target, TransferWindow window, CancellationToken cancellationToken)
    {
        StickyStorageItem found = await FindAsync(item.Key, cancellationToken).ConfigureAwait(false) ?? throw ObjectKey.NotFound(item.Key);
        if (found.Size != item.Size)
        {
            throw Changed(item.Key);
        }

        // Ranges as long as the parts of this product: so most objects need no second look to be checked.
        byte[] hashes = new byte[Math.Max(1, (found.Size + ETag.PartSize - 1) / ETag.PartSize) * MD5.HashSizeInBytes];
        await WindowWork.RunAsync(
            Enumerable.Range(0, hashes.Length / MD5.HashSizeInBytes),
            window,
            (range, stop) => FetchAsync(found, range, target, hashes, window, stop),
            cancellationToken).ConfigureAwait(false);

        string etag = hashes.Length == MD5.HashSizeInBytes ? Convert.ToHexStringLower(hashes) : ETag.Combine(hashes);
        if (etag.Equals(found.ETag, StringComparison.OrdinalIgnoreCase))
        {
            return found;
        }

        (string mine, ContentComparison comparison) = await CompareAsync(found, ReadBackAsync, cancellationToken).ConfigureAwait(false);
        return comparison.Equal ? found with { ETag = found.ETag ?? mine } : throw NotVerified(found.Key);

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

    private async Task FetchAsync(
        StickyStorageItem item, int range, SafeFileHandle target, byte[] hashes, TransferWindow window, CancellationToken cancellationToken)
    {
        long offset = (long)range * ETag.PartSize;
        long end = Math.Min(offset + ETag.PartSize, item.Size);
        using IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(end - offset, 1, TransferBufferSize));
        try
        {
            for (int breaks = 1; offset < end; breaks++)
            {
                long before = offset;
                try
                {
                    using HttpResponseMessage response = await GetAsync(item.Key, item, offset, end - offset, cancellationToken).ConfigureAwait(false);
                    if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.PreconditionFailed or HttpStatusCode.RequestedRangeNotSatisfiable)
                    {
                        throw response.StatusCode == HttpStatusCode.NotFound ? ObjectKey.NotFound(item.Key) : Changed(item.Key);
                    }

                    using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
                    while (offset < end)
                    {
                        Memory<byte> piece = buffer.AsMemory(0, (int)Math.Min(buffer.Length, end - offset));
                        int read = await body.ReadAsync(piece, cancellationToken).ConfigureAwait(false);
                        if (read == 0)
                        {
                            throw Broken(item.Key);
                        }

                        md5.AppendData(piece.Span[..read]);
                        RandomAccess.Write(target, piece.Span[..read], offset);
                        offset += read;
                        window.Count(read);
                    }
                }
                catch (StickyException e) when (e.ErrorId == "ServerUnreachable" && (offset > before || breaks < MaxBreaks))
                {
                    breaks = offset > before ? 1 : breaks;
                    await ApiTransport.WaitAsync(breaks, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        _ = md5.GetHashAndReset(hashes.AsSpan(range * MD5.HashSizeInBytes));
    }

    // A part of an object; of the very one that was found, where that is said. A whole one is asked for as such.
    private async ValueTask<HttpResponseMessage> GetAsync(
        string key, StickyStorageItem? item, long offset, long length, CancellationToken cancellationToken)
    {
        List<KeyValuePair<string, string>> headers = [new("Accept-Encoding", "identity")];
        bool isPart = offset > 0 || length < (item?.Size ?? long.MaxValue);
        if (isPart)
        {
            string end = length > long.MaxValue - offset ? "" : (offset + length - 1).ToString(CultureInfo.InvariantCulture);
            headers.Add(new("Range", string.Create(CultureInfo.InvariantCulture, $"bytes={offset}-{end}")));
        }

        if (item?.ETag is string etag)
        {
            headers.Add(new("If-Match", $"\"{etag}\""));
        }
        else if (item is not null)
        {
            headers.Add(new("If-Unmodified-Since", item.LastModified.ToString("R", CultureInfo.InvariantCulture)));
        }

        HttpResponseMessage response = await api.SendAsync(
            new ApiRequest(HttpMethod.Get, PathOf(key))
            {
                Target = key,
                Headers = headers,
                Accept = new("*/*"),
                Expected = [HttpStatusCode.NotFound, HttpStatusCode.PreconditionFailed, HttpStatusCode.RequestedRangeNotSatisfiable],
            },
            cancellationToken).ConfigureAwait(false);
        bool fits = response.StatusCode switch
        {
            HttpStatusCode.OK => offset == 0 && response.Content.Headers.ContentLength <= length,
            HttpStatusCode.PartialContent => response.Content.Headers.ContentRange?.From == offset,
            _ => true,
        };
        if (fits)
        {
            return response;
        }

        response.Dispose();
        throw RemoteErrors.NotAServer(api.Server, $"it has sent another part of '{key}' than was asked for");
    }

    private StickyException Broken(string key) => RemoteErrors.FromWay(
        new EndOfStreamException("The answer ended early."),
        api.Server,
        tls: null,
        new ApiRequest(HttpMethod.Get, PathOf(key)) { Target = key },
        mayBeDone: false,
        wasReached: true);

    private static StickyException Changed(string key) => new(
        "ObjectChanged", StickyErrorKind.Conflict, $"Another object came in the place of '{key}' while it was downloaded.", key, "Run the same command again.");

    private static StickyException NotVerified(string key) => new(
        "ObjectNotVerified",
        StickyErrorKind.ReadFailed,
        $"The bytes that came of '{key}' are not those that the server has.",
        key,
        "Run the same command again. If it stays so, something between here and the server changes what goes through it.");

    /// <summary>The bytes of an object as they come. Where the connection breaks, it goes on from there.</summary>
    private sealed class ObjectStream(RemoteStorage storage, string key, HttpResponseMessage first, long offset, Stream body) : ForwardStream
    {
        private readonly StickyStorageItem _item = Describe(key, first, first.Content.Headers.ContentRange?.Length ?? first.Content.Headers.ContentLength ?? 0);
        private HttpResponseMessage _response = first;
        private Stream _body = body;
        private long _position;

        public override long Length { get; } = first.Content.Headers.ContentLength ?? 0;

        public override long Position
        {
            get => _position;
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_position == Length || buffer.Length == 0)
            {
                return 0;
            }

            for (int breaks = 1; ; breaks++)
            {
                try
                {
                    int read = await _body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                    if (read == 0)
                    {
                        throw Broken();
                    }

                    _position += read;
                    return read;
                }
                catch (StickyException e) when (e.ErrorId == "ServerUnreachable" && breaks < MaxBreaks)
                {
                    await ApiTransport.WaitAsync(breaks, cancellationToken).ConfigureAwait(false);
                    await ReopenAsync(cancellationToken).ConfigureAwait(false);
                }
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _body.Dispose();
                _response.Dispose();
            }

            base.Dispose(disposing);
        }

        private StickyException Broken() => storage.Broken(key);

        private async ValueTask ReopenAsync(CancellationToken cancellationToken)
        {
            _response.Dispose();
            HttpResponseMessage response = await storage
                .GetAsync(key, _item, offset + _position, Length - _position, cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                response.Dispose();
                throw Changed(key);
            }

            _response = response;
            _body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
