using System.Buffers;
using System.Net;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Win32.SafeHandles;
using StickyPi.Core;
using StickyPi.Core.Storage;

namespace StickyPi.Providers.S3;

internal sealed partial class S3Storage
{
    private const int DownloadBufferSize = 128 * 1024;
    private static readonly TimeSpan QuickUrlLifetime = TimeSpan.FromHours(1);

    private volatile bool _signedUrlsWork = true;

    public async ValueTask<StickyStorageItem> DownloadAsync(
        StickyStorageItem item, SafeFileHandle target, TransferWindow window, CancellationToken cancellationToken)
    {
        if (item.ETag is null || item.Size == 0)
        {
            StickyStorageItem found = await FindListedAsync(item.Key, cancellationToken).ConfigureAwait(false)
                ?? throw ObjectKey.NotFound(item.Key);
            if (item.Size == 0 && found.Size == 0)
            {
                return found;
            }

            item = item with { ETag = item.ETag ?? found.ETag };
        }

        string earlier = "";
        for (int attempt = 1; ; attempt++)
        {
            Download download = new(this, item, target, window);
            await download.RunAsync(cancellationToken).ConfigureAwait(false);
            if (download.IsOpaque || await download.FindHashAsync(cancellationToken).ConfigureAwait(false) is not (string hash, bool isCertain))
            {
                return download.Result;
            }

            // The same bytes twice are what the server has. Where it does not tell the sizes of the parts, nothing says that they are wrong.
            if (hash == earlier && !isCertain)
            {
                return download.Result;
            }

            if (hash == earlier || attempt == MaxAttempts)
            {
                throw NotVerified(item.Key, "The bytes that came");
            }

            earlier = hash;
            window.Count(-item.Size);
        }
    }

    /// <summary>One attempt at downloading an object.</summary>
    private sealed class Download
    {
        private readonly S3Storage _storage;
        private readonly StickyStorageItem _item;
        private readonly string _whole;
        private readonly SafeFileHandle _target;
        private readonly TransferWindow _window;
        private readonly byte[] _hashes;

        public Download(S3Storage storage, StickyStorageItem item, SafeFileHandle target, TransferWindow window)
        {
            _storage = storage;
            _item = item;
            _whole = storage.ListedKey(item.Key);
            _target = target;
            _window = window;
            _hashes = new byte[(item.Size + ETag.PartSize - 1) / ETag.PartSize * MD5.HashSizeInBytes];
            Result = item;
        }

        public StickyStorageItem Result { get; private set; }

        public bool IsOpaque { get; private set; }

        // Ranges as long as the parts of this product: so a large object needs no second look to be checked.
        public async Task RunAsync(CancellationToken cancellationToken)
        {
            int ranges = _hashes.Length / MD5.HashSizeInBytes;
            if (ranges > 1)
            {
                await WindowWork.RunAsync(Enumerable.Range(0, ranges), _window, FetchAsync, cancellationToken).ConfigureAwait(false);
                return;
            }

            using TransferWindow.Place place = await _window.EnterAsync(cancellationToken).ConfigureAwait(false);
            if (!await TryFetchAtOnceAsync(cancellationToken).ConfigureAwait(false))
            {
                await FetchAsync(0, cancellationToken).ConfigureAwait(false);
            }
        }

        // Null where the bytes are those that the ETag tells of; else what they are instead.
        public async ValueTask<(string Hash, bool IsCertain)?> FindHashAsync(CancellationToken cancellationToken)
        {
            string expected = _item.ETag!;
            int parts = ETag.CountParts(expected);
            if (parts < 0)
            {
                // Google makes up others for what comes in parts. That all bytes have come is all that can be said.
                return null;
            }

            string hash = _hashes.Length == MD5.HashSizeInBytes && parts == 0 ? Convert.ToHexStringLower(_hashes) : ETag.Combine(_hashes);
            if (hash.Equals(expected, StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }

            bool isCertain = true;
            if (parts != 0 || _hashes.Length > MD5.HashSizeInBytes)
            {
                (hash, isCertain) = await _storage.HashLikeAsync(ReadBackAsync, _item, cancellationToken).ConfigureAwait(false);
            }

            return hash.Equals(expected, StringComparison.OrdinalIgnoreCase) ? null : (hash, isCertain);
        }

        private async ValueTask ReadBackAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        {
            while (buffer.Length > 0)
            {
                int read = await RandomAccess.ReadAsync(_target, buffer, offset, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    throw new EndOfStreamException();
                }

                offset += read;
                buffer = buffer[read..];
            }
        }

        private async Task FetchAsync(int range, CancellationToken cancellationToken)
        {
            long offset = (long)range * ETag.PartSize;
            long end = Math.Min(offset + ETag.PartSize, _item.Size);
            using IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
            byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(DownloadBufferSize, end - offset));
            try
            {
                for (int breaks = 1; offset < end; breaks++)
                {
                    long before = offset;
                    using CancellationTokenSource stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                    try
                    {
                        using GetObjectResponse response = await _storage.RunAsync(
                            $"'{_item.Key}' cannot be downloaded",
                            _item.Key,
                            () => GetAsync(offset, end, cancellationToken),
                            cancellationToken).ConfigureAwait(false);
                        if (range == 0 && before == 0)
                        {
                            Describe(response);
                        }

                        while (offset < end)
                        {
                            Memory<byte> piece = buffer.AsMemory(0, (int)Math.Min(buffer.Length, end - offset));
                            int read = await _storage.ReadBodyAsync(response.ResponseStream, piece, stall, cancellationToken).ConfigureAwait(false);
                            if (read == 0)
                            {
                                throw new BrokenBodyException("The answer ended early.");
                            }

                            md5.AppendData(piece.Span[..read]);

                            // The file system takes so little at once; going to another thread for it takes longer.
                            RandomAccess.Write(_target, piece.Span[..read], offset);
                            offset += read;
                            _window.Count(read);
                        }
                    }
                    catch (BrokenBodyException e)
                    {
                        breaks = offset > before ? 1 : breaks;
                        if (breaks == MaxBreaks)
                        {
                            throw S3Errors.From(e, _storage._place, $"'{_item.Key}' cannot be downloaded", _item.Key)!;
                        }

                        await WaitAsync(breaks, cancellationToken).ConfigureAwait(false);
                    }
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }

            _ = md5.GetHashAndReset(_hashes.AsSpan(range * MD5.HashSizeInBytes));
        }

        // Most of what is downloaded is small, and the SDK takes longer over each of these than the server does; asked for a range, the
        // server takes longer, too. So it is asked for the whole, by a URL that the SDK has signed. What does not work so, the SDK does.
        private async Task<bool> TryFetchAtOnceAsync(CancellationToken cancellationToken)
        {
            if (!_storage._signedUrlsWork)
            {
                return false;
            }

            try
            {
                // Parts '.' and '..' of a key must stay.
                Uri url = new(_storage.Sign(_whole, QuickUrlLifetime), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
                using HttpRequestMessage request = new(HttpMethod.Get, url);
                _ = request.Headers.TryAddWithoutValidation("If-Match", Quote(_item.ETag!));
                using HttpResponseMessage response = await _storage.SendAsync(request, cancellationToken).ConfigureAwait(false);
                if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
                {
                    _storage._signedUrlsWork = false;
                }

                if (response.StatusCode != HttpStatusCode.OK || response.Content.Headers.ContentLength != _item.Size)
                {
                    return false;
                }

                // It has come as a whole: reading does not wait.
                using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
                byte[] content = ArrayPool<byte>.Shared.Rent((int)_item.Size);
                try
                {
                    Memory<byte> whole = content.AsMemory(0, (int)_item.Size);
                    await body.ReadExactlyAsync(whole, cancellationToken).ConfigureAwait(false);
                    _ = MD5.HashData(whole.Span, _hashes);
                    RandomAccess.Write(_target, whole.Span, 0);
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(content);
                }

                Describe(response);
            }
            catch (Exception e) when (e is BrokenBodyException or AmazonClientException)
            {
                return false;
            }

            _window.Count(_item.Size);
            return true;
        }

        private void Describe(HttpResponseMessage response)
        {
            IsOpaque = S3Storage.IsOpaque(
                ServerSideEncryptionMethod.FindValue(Header("x-amz-server-side-encryption") ?? ""),
                ServerSideEncryptionCustomerMethod.FindValue(Header("x-amz-server-side-encryption-customer-algorithm") ?? ""));
            Result = _item with
            {
                ETag = Unquote(Header("ETag")) is { Length: > 0 } etag ? etag : _item.ETag,
                LastModified = response.Content.Headers.LastModified?.UtcDateTime ?? _item.LastModified,
                ModifiedTime = S3Time.Read(name => Header("x-amz-meta-" + name)),
            };

            string? Header(string name) => response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.First() : null;
        }

        private async Task<GetObjectResponse> GetAsync(long offset, long end, CancellationToken cancellationToken)
        {
            GetObjectResponse response = await _storage.GetAsync(_whole, _item.ETag, offset, end - offset, cancellationToken).ConfigureAwait(false);
            if (response.ContentLength <= end - offset)
            {
                return response;
            }

            response.Dispose();
            throw new BrokenBodyException("The answer is longer than what was asked for.");
        }

        private void Describe(GetObjectResponse response)
        {
            IsOpaque = S3Storage.IsOpaque(response.ServerSideEncryptionMethod, response.ServerSideEncryptionCustomerMethod);
            Result = _item with
            {
                ETag = Unquote(response.ETag) is { Length: > 0 } etag ? etag : _item.ETag,
                LastModified = ToUtc(response.LastModified),
                ModifiedTime = S3Time.Read(name => response.Metadata[name]),
            };
        }
    }
}
