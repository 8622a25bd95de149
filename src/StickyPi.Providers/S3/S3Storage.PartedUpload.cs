using System.Buffers;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using StickyPi.Core;
using StickyPi.Core.Storage;

namespace StickyPi.Providers.S3;

internal sealed partial class S3Storage
{
    // S3 tells the second in which an upload was begun, and not more.
    private static readonly TimeSpan StartPrecision = TimeSpan.FromSeconds(1);

    private static long CeilingOf(long number, long unit) => (number + unit - 1) / unit;

    private async ValueTask AbortAsync(string whole, string uploadId, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(cancellationToken.IsCancellationRequested ? CleanupLimitWhenStopped : CleanupLimit);
        try
        {
            _ = await clients.Hasty.AbortMultipartUploadAsync(
                new AbortMultipartUploadRequest { BucketName = Bucket, Key = whole, UploadId = uploadId }, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException || S3Errors.From(e, _place, "", whole) is not null)
        {
            // The error that led here says what is wrong. What stays can be listed and aborted.
        }
    }

    private async Task<List<PartDetail>> ListPartsAsync(string whole, string uploadId, CancellationToken cancellationToken)
    {
        List<PartDetail> parts = [];
        ListPartsRequest request = new() { BucketName = Bucket, Key = whole, UploadId = uploadId };
        while (true)
        {
            ListPartsResponse page = await _client.ListPartsAsync(request, cancellationToken).ConfigureAwait(false);
            parts.AddRange(page.Parts ?? []);
            if (page.IsTruncated != true || page.NextPartNumberMarker is not int marker)
            {
                return parts;
            }

            request.PartNumberMarker = marker.ToString(CultureInfo.InvariantCulture);
        }
    }

    private async IAsyncEnumerable<MultipartUpload> ListUploadsAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Not encoded: Ceph encodes the keys if asked, but does not say in its answer that it did.
        ListMultipartUploadsRequest request = new() { BucketName = Bucket, Prefix = prefix };
        while (true)
        {
            ListMultipartUploadsResponse page = await _client.ListMultipartUploadsAsync(request, cancellationToken).ConfigureAwait(false);
            foreach (MultipartUpload upload in page.MultipartUploads ?? [])
            {
                yield return upload;
            }

            if (page.IsTruncated != true || string.IsNullOrEmpty(page.NextKeyMarker))
            {
                yield break;
            }

            request.KeyMarker = page.NextKeyMarker;
            request.UploadIdMarker = page.NextUploadIdMarker;
        }
    }

    /// <summary>The upload of one large file in parts, which goes on where an earlier one of the same file ended.</summary>
    private sealed class PartedUpload
    {
        private readonly S3Storage _storage;
        private readonly string _key;
        private readonly string _whole;
        private readonly LocalFile _file;
        private readonly TransferWindow _window;
        private readonly long _partSize;
        private readonly byte[] _hashes;
        private readonly PartETag?[] _parts;
        private long _counted;

        public PartedUpload(S3Storage storage, string key, string whole, LocalFile file, TransferWindow window)
        {
            _storage = storage;
            _key = key;
            _whole = whole;
            _file = file;
            _window = window;

            _partSize = ETag.PartSizeOf(file.Size);
            int count = (int)CeilingOf(file.Size, _partSize);
            _hashes = new byte[count * MD5.HashSizeInBytes];
            _parts = new PartETag[count];
        }

        public async Task<string> RunAsync(CancellationToken cancellationToken)
        {
            using LocalFileReader reader = LocalFileReader.Open(_file);
            return await _storage.RunAsync(
                $"'{_key}' cannot be uploaded",
                _key,
                async () =>
                {
                    try
                    {
                        return await TryAsync(reader, cancellationToken).ConfigureAwait(false);
                    }
                    catch (AmazonS3Exception e) when (S3Errors.IsUploadGone(e))
                    {
                        // Somebody else has completed or aborted it, or it was completed and only the answer was lost.
                        if (await IsThereAsync(cancellationToken).ConfigureAwait(false) is string etag)
                        {
                            Count(_file.Size - _counted);
                            return etag;
                        }

                        Count(-_counted);
                        Array.Clear(_parts);
                        return await TryAsync(reader, cancellationToken).ConfigureAwait(false);
                    }
                },
                cancellationToken).ConfigureAwait(false);
        }

        private async Task<string> TryAsync(LocalFileReader reader, CancellationToken cancellationToken)
        {
            string uploadId = await FindEarlierAsync(reader, cancellationToken).ConfigureAwait(false)
                ?? await BeginAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await WindowWork.RunAsync(
                    Enumerable.Range(1, _parts.Length).Where(number => _parts[number - 1] is null),
                    _window,
                    (number, stop) => SendAsync(reader, uploadId, number, stop),
                    cancellationToken).ConfigureAwait(false);
                reader.ThrowIfChanged();
            }
            catch (StickyException e) when (e.ErrorId == "FileChanged")
            {
                // Its parts are of no use to anybody. After any other error they are, to the next run.
                await _storage.AbortAsync(_whole, uploadId, cancellationToken).ConfigureAwait(false);
                throw;
            }

            string expected = ETag.Combine(_hashes);
            string etag = await _storage.CompleteAsync(_key, _whole, uploadId, _parts!, expected, cancellationToken).ConfigureAwait(false);
            if (etag.Length > 0)
            {
                return etag;
            }

            // Older versions of Ceph do not say what has become of the parts. What is there with another size or time is somebody else's,
            // who was a moment later; the server has answered for each of our parts.
            StickyStorageItem? item = await _storage.FindAsync(_key, cancellationToken).ConfigureAwait(false);
            bool isOurs = item is not null && item.Size == _file.Size && S3Time.Format(item.ModifiedTime ?? default) == S3Time.Format(_file.ModifiedTime);
            return !isOurs ? expected
                : !Contradicts(item!.ETag, expected) ? item.ETag!
                : throw NotVerified(_key, "The bytes that arrived at the server");
        }

        private async Task<string> BeginAsync(CancellationToken cancellationToken)
        {
            InitiateMultipartUploadRequest request = new() { BucketName = _storage.Bucket, Key = _whole };
            request.Metadata[S3Time.MetadataName] = S3Time.Format(_file.ModifiedTime);
            return (await _storage._client.InitiateMultipartUploadAsync(request, cancellationToken).ConfigureAwait(false)).UploadId;
        }

        private async Task SendAsync(LocalFileReader reader, string uploadId, int number, CancellationToken cancellationToken)
        {
            (long offset, int length) = PlaceOf(number);
            byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
            try
            {
                Memory<byte> content = buffer.AsMemory(0, length);
                await reader.ReadAsync(offset, content, cancellationToken).ConfigureAwait(false);
                byte[] md5 = MD5.HashData(content.Span);
                _parts[number - 1] = await _storage.SendPartAsync(
                    _key, _whole, uploadId, number, content, md5, Count, cancellationToken).ConfigureAwait(false);
                md5.CopyTo(HashOf(number));
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        // Nothing is remembered on this machine, which may be another one than last time: the server knows what it has.
        private async Task<string?> FindEarlierAsync(LocalFileReader reader, CancellationToken cancellationToken)
        {
            List<MultipartUpload> uploads = [];
            try
            {
                await foreach (MultipartUpload upload in _storage.ListUploadsAsync(_whole, cancellationToken).ConfigureAwait(false))
                {
                    // One that was begun before the file was written has its earlier time, too.
                    if (upload.Key == _whole && ToUtc(upload.Initiated) + StartPrecision > _file.ModifiedTime)
                    {
                        uploads.Add(upload);
                    }
                }
            }
            catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.NotImplemented or HttpStatusCode.MethodNotAllowed)
            {
                // Whoever may write need not be allowed to list uploads, and some servers cannot.
                return null;
            }

            foreach (MultipartUpload upload in uploads.OrderByDescending(upload => ToUtc(upload.Initiated)))
            {
                try
                {
                    List<PartDetail> parts = await _storage.ListPartsAsync(_whole, upload.UploadId, cancellationToken).ConfigureAwait(false);
                    if (parts.Count > 0 && await FitAsync(parts, reader, cancellationToken).ConfigureAwait(false))
                    {
                        return upload.UploadId;
                    }
                }
                catch (AmazonS3Exception e) when (S3Errors.IsUploadGone(e))
                {
                    // Then it is none that could be gone on with.
                }
            }

            return null;
        }

        private async Task<bool> FitAsync(List<PartDetail> parts, LocalFileReader reader, CancellationToken cancellationToken)
        {
            if (!parts.All(part => part.PartNumber is int number && number >= 1 && number <= _parts.Length && part.Size == PlaceOf(number).Length))
            {
                return false;
            }

            using CancellationTokenSource differs = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            try
            {
                await WindowWork.RunAsync(
                    parts,
                    _window,
                    async (part, stop) =>
                    {
                        int number = part.PartNumber!.Value;
                        (long offset, int length) = PlaceOf(number);
                        byte[] md5 = await ETag.HashAsync(reader.ReadAsync, offset, length, stop).ConfigureAwait(false);
                        if (!Unquote(part.ETag).Equals(Convert.ToHexString(md5), StringComparison.OrdinalIgnoreCase))
                        {
                            await differs.CancelAsync().ConfigureAwait(false);
                            return;
                        }

                        md5.CopyTo(HashOf(number));
                        _parts[number - 1] = new PartETag(number, part.ETag);
                        Count(part.Size!.Value);
                    },
                    differs.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // One that differs is enough: it is the upload of something else.
            }

            if (!differs.IsCancellationRequested)
            {
                return true;
            }

            Count(-_counted);
            Array.Clear(_parts);
            return false;
        }

        private async Task<string?> IsThereAsync(CancellationToken cancellationToken)
        {
            StickyStorageItem? item = await _storage.FindAsync(_key, cancellationToken).ConfigureAwait(false);
            return item is not null && item.Size == _file.Size && item.ModifiedTime is DateTime time && S3Time.Format(time) == S3Time.Format(_file.ModifiedTime)
                && (await _storage.CompareAsync(item, _file, cancellationToken).ConfigureAwait(false)).Equal
                    ? item.ETag
                    : null;
        }

        private (long Offset, int Length) PlaceOf(int number)
        {
            long offset = (number - 1) * _partSize;
            return (offset, (int)Math.Min(_partSize, _file.Size - offset));
        }

        private Span<byte> HashOf(int number) => _hashes.AsSpan((number - 1) * MD5.HashSizeInBytes, MD5.HashSizeInBytes);

        private void Count(long bytes)
        {
            _ = Interlocked.Add(ref _counted, bytes);
            _window.Count(bytes);
        }
    }

    private async Task<string> CompleteAsync(
        string key, string whole, string uploadId, IEnumerable<PartETag> parts, string expected, CancellationToken cancellationToken)
    {
        CompleteMultipartUploadRequest request = new() { BucketName = Bucket, Key = whole, UploadId = uploadId, PartETags = [.. parts] };
        CompleteMultipartUploadResponse response = await _client.CompleteMultipartUploadAsync(request, cancellationToken).ConfigureAwait(false);
        if (!IsOpaque(response.ServerSideEncryptionMethod, null) && Contradicts(response.ETag, expected))
        {
            await DeleteAsync(key, cancellationToken).ConfigureAwait(false);
            throw NotVerified(key, "The bytes that arrived at the server");
        }

        return Unquote(response.ETag);
    }
}
