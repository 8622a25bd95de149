using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using StickyPi.Core.Storage;

namespace StickyPi.Providers.S3;

internal sealed partial class S3Storage
{
    public async ValueTask<IStagedObject> StageAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        string whole = WholeKey(key);
        return await RunAsync(
            $"'{key}' cannot be uploaded",
            key,
            async () =>
            {
                InitiateMultipartUploadRequest request = new() { BucketName = Bucket, Key = whole };
                string uploadId = (await _client.InitiateMultipartUploadAsync(request, cancellationToken).ConfigureAwait(false)).UploadId;
                try
                {
                    byte[] md5 = MD5.HashData(content.Span);
                    PartETag part = await SendPartAsync(key, whole, uploadId, 1, content, md5, count: null, cancellationToken).ConfigureAwait(false);
                    return new StagedUpload(this, key, whole, uploadId, part, ETag.Combine(md5));
                }
                catch
                {
                    await AbortAsync(whole, uploadId, cancellationToken).ConfigureAwait(false);
                    throw;
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A staged object is an upload of one part that is not completed yet.</summary>
    private sealed class StagedUpload(S3Storage storage, string key, string whole, string uploadId, PartETag part, string etag) : IStagedObject
    {
        private bool _done;

        public string Key => key;

        public async ValueTask PublishAsync(CancellationToken cancellationToken)
        {
            _ = await storage.RunAsync(
                $"'{key}' cannot be uploaded",
                key,
                async () =>
                {
                    try
                    {
                        return await storage.CompleteAsync(key, whole, uploadId, [part], etag, cancellationToken).ConfigureAwait(false);
                    }
                    catch (AmazonS3Exception e) when (S3Errors.IsUploadGone(e))
                    {
                        // It was completed at the first attempt, and the answer was lost.
                        if (await storage.FindAsync(key, cancellationToken).ConfigureAwait(false) is { } item && item.ETag == etag)
                        {
                            return etag;
                        }

                        throw;
                    }
                },
                cancellationToken).ConfigureAwait(false);
            _done = true;
        }

        public async ValueTask DisposeAsync()
        {
            if (!_done)
            {
                _done = true;
                await storage.AbortAsync(whole, uploadId, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }
}
