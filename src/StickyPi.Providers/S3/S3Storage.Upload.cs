using System.Buffers;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using StickyPi.Core;
using StickyPi.Core.Storage;

namespace StickyPi.Providers.S3;

internal sealed partial class S3Storage
{
    // Content-MD5 makes the server refuse what arrives damaged. An answer that still tells of other bytes is damaged itself, or lies.
    private const int MaxAttempts = 3;

    public async ValueTask<StickyStorageItem> UploadAsync(string key, LocalFile file, TransferWindow window, CancellationToken cancellationToken)
    {
        string whole = WholeKey(key);
        string etag = file.Size <= ETag.PartSize
            ? await PutAsync(key, whole, file, window, cancellationToken).ConfigureAwait(false)
            : await new PartedUpload(this, key, whole, file, window).RunAsync(cancellationToken).ConfigureAwait(false);
        return new StickyStorageItem
        {
            Key = key,
            Size = file.Size,
            ETag = etag,
            LastModified = DateTime.UtcNow,
            ModifiedTime = file.ModifiedTime,
        };
    }

    private async Task<string> PutAsync(string key, string whole, LocalFile file, TransferWindow window, CancellationToken cancellationToken)
    {
        using TransferWindow.Place place = await window.EnterAsync(cancellationToken).ConfigureAwait(false);
        int size = (int)file.Size;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Max(size, 1));
        try
        {
            using (LocalFileReader reader = LocalFileReader.Open(file))
            {
                await reader.ReadAsync(0, buffer.AsMemory(0, size), cancellationToken).ConfigureAwait(false);
                reader.ThrowIfChanged();
            }

            byte[] md5 = MD5.HashData(buffer.AsSpan(0, size));
            string etag = Convert.ToHexStringLower(md5);
            for (int attempt = 1; ; attempt++)
            {
                using UploadBody body = new(buffer.AsMemory(0, size), window.Count);
                PutObjectRequest request = new()
                {
                    BucketName = Bucket,
                    Key = whole,
                    InputStream = body,
                    AutoCloseStream = false,
                    MD5Digest = Convert.ToBase64String(md5),
                    UseChunkEncoding = false,
                };
                request.Metadata[S3Time.MetadataName] = S3Time.Format(file.ModifiedTime);
                PutObjectResponse response = await RunAsync(
                    $"'{key}' cannot be uploaded",
                    key,
                    () => SendAsync(body, () => _client.PutObjectAsync(request, cancellationToken)),
                    cancellationToken).ConfigureAwait(false);
                if (IsOpaque(response.ServerSideEncryptionMethod, response.ServerSideEncryptionCustomerMethod) || !Contradicts(response.ETag, etag))
                {
                    return Unquote(response.ETag);
                }

                body.Rewind();
                if (attempt == MaxAttempts)
                {
                    await DeleteAsync(key, cancellationToken).ConfigureAwait(false);
                    throw NotVerified(key, "The bytes that arrived at the server");
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Sends one part, and returns when the server has answered for its bytes. Its errors are those of the SDK.
    private async Task<PartETag> SendPartAsync(
        string key, string whole, string uploadId, int number, ReadOnlyMemory<byte> content, byte[] md5, Action<long>? count, CancellationToken cancellationToken)
    {
        string etag = Convert.ToHexStringLower(md5);
        for (int attempt = 1; ; attempt++)
        {
            using UploadBody body = new(content, count);
            UploadPartRequest request = new()
            {
                BucketName = Bucket,
                Key = whole,
                UploadId = uploadId,
                PartNumber = number,
                PartSize = content.Length,
                InputStream = body,
                MD5Digest = Convert.ToBase64String(md5),
                UseChunkEncoding = false,
            };
            UploadPartResponse response = await SendAsync(body, () => _client.UploadPartAsync(request, cancellationToken)).ConfigureAwait(false);
            if (IsOpaque(response.ServerSideEncryptionMethod, null) || !Contradicts(response.ETag, etag))
            {
                return new PartETag(number, response.ETag);
            }

            body.Rewind();
            if (attempt == MaxAttempts)
            {
                throw NotVerified(key, "The bytes that arrived at the server");
            }
        }
    }

    private static async Task<T> SendAsync<T>(UploadBody body, Func<Task<T>> send)
    {
        try
        {
            return await send().ConfigureAwait(false);
        }
        catch
        {
            body.Rewind();
            throw;
        }
    }

    // An ETag of a form that cannot be compared contradicts nothing: the server has checked Content-MD5.
    private static bool Contradicts(string? answered, string expected)
    {
        string etag = Unquote(answered);
        return ETag.CountParts(etag) == ETag.CountParts(expected) && !etag.Equals(expected, StringComparison.OrdinalIgnoreCase);
    }
}
