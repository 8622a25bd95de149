using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using StickyPi.Core;
using StickyPi.Core.Storage;

namespace StickyPi.Providers.S3;

internal sealed partial class S3Storage
{
    // In a row, without a byte that came.
    private const int MaxBreaks = 8;

    public ValueTask<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken) =>
        OpenReadAsync(key, 0, long.MaxValue, cancellationToken);

    public ValueTask<Stream?> OpenReadAsync(string key, long offset, long length, CancellationToken cancellationToken) =>
        OpenReadAsync(key, WholeKey(key), etag: null, offset, length, cancellationToken);

    public ValueTask<Stream?> OpenReadAsync(StickyStorageItem item, long offset, CancellationToken cancellationToken) =>
        OpenReadAsync(item.Key, ListedKey(item.Key), item.ETag, offset, item.Size - offset, cancellationToken);

    private async ValueTask<Stream?> OpenReadAsync(
        string key, string whole, string? etag, long offset, long length, CancellationToken cancellationToken)
    {
        if (length <= 0)
        {
            return await FindAsync(key, whole, cancellationToken).ConfigureAwait(false) is null ? null : Stream.Null;
        }

        for (int breaks = 1; ; breaks++)
        {
            try
            {
                return await TryOpenAsync(key, whole, etag, offset, length, cancellationToken).ConfigureAwait(false);
            }
            catch (BrokenBodyException e)
            {
                if (breaks == MaxBreaks)
                {
                    throw S3Errors.From(e, _place, $"'{key}' cannot be read", key)!;
                }

                await WaitAsync(breaks, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask<Stream?> TryOpenAsync(
        string key, string whole, string? etag, long offset, long length, CancellationToken cancellationToken) =>
        await RunAsync<Stream?>(
            $"'{key}' cannot be read",
            key,
            async () =>
            {
                try
                {
                    GetObjectResponse response = await GetAsync(whole, etag, offset, length, cancellationToken).ConfigureAwait(false);
                    return new ObjectStream(this, key, whole, response, offset, length);
                }
                catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
                {
                    return Stream.Null;
                }
                catch (AmazonS3Exception e) when (S3Errors.IsNotFound(e))
                {
                    return null;
                }
            },
            cancellationToken).ConfigureAwait(false);

    // The SDK checks whole objects by itself, and fails on ETags that are no MD5; so everything is asked for as a range.
    private async Task<GetObjectResponse> GetAsync(string whole, string? etag, long offset, long length, CancellationToken cancellationToken)
    {
        string end = length > long.MaxValue - offset ? "" : (offset + length - 1).ToString(CultureInfo.InvariantCulture);
        GetObjectResponse response = await _client.GetObjectAsync(
            new GetObjectRequest
            {
                BucketName = Bucket,
                Key = whole,
                EtagToMatch = etag is null ? null : Quote(etag),
                ByteRange = new ByteRange(string.Create(CultureInfo.InvariantCulture, $"bytes={offset}-{end}")),
            },
            cancellationToken).ConfigureAwait(false);
        bool fits = response.HttpStatusCode == HttpStatusCode.PartialContent
            ? response.ContentRange?.StartsWith(string.Create(CultureInfo.InvariantCulture, $"bytes {offset}-"), StringComparison.Ordinal) != false
            : offset == 0;
        if (!fits)
        {
            response.Dispose();
            throw new BrokenBodyException("The server has sent another range than was asked for.");
        }

        return response;
    }

    // An answer that was cut short on its way may claim to be no longer, but still says which part of the object it is.
    private static long LengthOf(GetObjectResponse response)
    {
        string[] range = (response.ContentRange ?? "").Split(' ', '-', '/');
        return range.Length == 4
            && long.TryParse(range[1], NumberStyles.None, CultureInfo.InvariantCulture, out long first)
            && long.TryParse(range[2], NumberStyles.None, CultureInfo.InvariantCulture, out long last)
            && last >= first
                ? last - first + 1
                : response.ContentLength;
    }

    // Reads from an answer; what goes wrong with the connection becomes one sort of error, which those of files are not.
    private async ValueTask<int> ReadBodyAsync(Stream body, Memory<byte> buffer, CancellationTokenSource stall, CancellationToken cancellationToken)
    {
        try
        {
            stall.CancelAfter(clients.StallLimit);
            return await body.ReadAsync(buffer, stall.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested
            && e is IOException or HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            // What ended the waiting is no cause, and its text would stand in the error in the place of this one.
            throw e is OperationCanceledException ? new BrokenBodyException("Nothing came any more.") : new BrokenBodyException(e.Message, e);
        }
    }

    // A request that the SDK has only signed. Its answer is read by then, as all short ones are, see StallGuard.
    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using HttpMessageInvoker invoker = new(clients.Connections, disposeHandler: false);
            return await invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is IOException or HttpRequestException or OperationCanceledException)
        {
            throw new BrokenBodyException(e.Message, e);
        }
    }

    private static Task WaitAsync(int breaks, CancellationToken cancellationToken)
    {
        const double First = 0.1;
        const double Longest = 20;
        double seconds = Random.Shared.NextDouble() * Math.Min(Longest, First * Math.Pow(2, 2 * (breaks - 1)));
        return Task.Delay(TimeSpan.FromSeconds(seconds), cancellationToken);
    }

    /// <summary>The answer to a request began well and broke.</summary>
    private sealed class BrokenBodyException(string message, Exception? innerException = null) : IOException(message, innerException);

    /// <summary>
    /// The bytes of an object as they come. Where the connection breaks, it goes on from there; at the end of a whole object of one part,
    /// the bytes are checked against its ETag, and the last read fails if they are not the right ones.
    /// </summary>
    private sealed class ObjectStream : ForwardStream
    {
        private readonly S3Storage _storage;
        private readonly string _key;
        private readonly string _whole;
        private readonly string _etag;
        private readonly long _offset;
        private readonly IncrementalHash? _md5;
        private GetObjectResponse? _response;
        private long _position;

        public ObjectStream(S3Storage storage, string key, string whole, GetObjectResponse response, long offset, long length)
        {
            _storage = storage;
            _key = key;
            _whole = whole;
            _response = response;
            _offset = offset;
            _etag = Unquote(response.ETag);

            // A server that knows no ranges sends the whole object, of which this is the beginning.
            long sent = LengthOf(response);
            Length = Math.Min(sent, length);
            bool isWhole = offset == 0
                && Length == sent
                && (response.HttpStatusCode == HttpStatusCode.OK
                    || response.ContentRange?.EndsWith(string.Create(CultureInfo.InvariantCulture, $"/{Length}"), StringComparison.Ordinal) == true);
            if (isWhole && ETag.CountParts(_etag) == 0 && !IsOpaque(response.ServerSideEncryptionMethod, response.ServerSideEncryptionCustomerMethod))
            {
                _md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
            }
        }

        public override long Length { get; }

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
                using CancellationTokenSource stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                try
                {
                    _response ??= await GetAgainAsync(cancellationToken).ConfigureAwait(false);
                    int length = (int)Math.Min(buffer.Length, Length - _position);
                    int read = await _storage.ReadBodyAsync(_response.ResponseStream, buffer[..length], stall, cancellationToken).ConfigureAwait(false);
                    if (read == 0)
                    {
                        throw new BrokenBodyException("The answer ended early.");
                    }

                    _position += read;
                    _md5?.AppendData(buffer.Span[..read]);
                    return _position < Length || _md5 is null || Convert.ToHexStringLower(_md5.GetHashAndReset()) == _etag.ToLowerInvariant()
                        ? read
                        : throw NotVerified(_key, "The bytes");
                }
                catch (BrokenBodyException e)
                {
                    _response?.Dispose();
                    _response = null;
                    if (breaks == MaxBreaks)
                    {
                        throw S3Errors.From(e, _storage._place, $"'{_key}' cannot be read", _key)!;
                    }

                    await WaitAsync(breaks, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _response?.Dispose();
                _md5?.Dispose();
            }

            base.Dispose(disposing);
        }

        private ValueTask<GetObjectResponse> GetAgainAsync(CancellationToken cancellationToken) => _storage.RunAsync(
            $"'{_key}' cannot be read",
            _key,
            () => _storage.GetAsync(_whole, _etag, _offset + _position, Length - _position, cancellationToken),
            cancellationToken);
    }
}
