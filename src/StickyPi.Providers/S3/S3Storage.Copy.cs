using System.Collections.Concurrent;
using Amazon.S3;
using Amazon.S3.Model;
using StickyPi.Core;
using StickyPi.Core.Storage;

namespace StickyPi.Providers.S3;

internal sealed partial class S3Storage
{
    // What S3 copies in one request at most, and what it is asked to copy in one of several.
    private const long MaxCopySize = 5L * 1024 * 1024 * 1024;
    private const long CopyPartSize = 512L * 1024 * 1024;
    private const int ParallelCopies = 4;

    public async ValueTask CopyAsync(string sourceKey, string targetKey, CancellationToken cancellationToken)
    {
        CopyObjectRequest request = new()
        {
            SourceBucket = Bucket,
            SourceKey = WholeKey(sourceKey),
            DestinationBucket = Bucket,
            DestinationKey = WholeKey(targetKey),
            MetadataDirective = S3MetadataDirective.COPY,
        };
        if (sourceKey == targetKey)
        {
            // S3 refuses it, and there is nothing to do.
            _ = await FindAsync(sourceKey, cancellationToken).ConfigureAwait(false) ?? throw ObjectKey.NotFound(sourceKey);
            return;
        }

        _ = await RunAsync(
            $"'{sourceKey}' cannot be copied to '{targetKey}'",
            sourceKey,
            async () =>
            {
                try
                {
                    _ = await _client.CopyObjectAsync(request, cancellationToken).ConfigureAwait(false);
                }
                catch (AmazonS3Exception e) when (e.ErrorCode is "InvalidRequest" or "EntityTooLarge")
                {
                    // Objects of this size are too rare to ask for the size of each.
                    if (!await CopyPartsAsync(request, cancellationToken).ConfigureAwait(false))
                    {
                        throw;
                    }
                }
                catch (AmazonS3Exception e) when (S3Errors.IsNotFound(e))
                {
                    throw ObjectKey.NotFound(sourceKey);
                }

                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> CopyPartsAsync(CopyObjectRequest copy, CancellationToken cancellationToken)
    {
        GetObjectMetadataResponse head = await HeadAsync(
            new GetObjectMetadataRequest { BucketName = Bucket, Key = copy.SourceKey }, cancellationToken).ConfigureAwait(false);
        if (head.ContentLength <= MaxCopySize)
        {
            return false;
        }

        InitiateMultipartUploadRequest begin = new() { BucketName = Bucket, Key = copy.DestinationKey };
        begin.Headers.ContentType = head.Headers.ContentType;
        foreach (string name in head.Metadata.Keys)
        {
            begin.Metadata[name] = head.Metadata[name];
        }

        string uploadId = (await _client.InitiateMultipartUploadAsync(begin, cancellationToken).ConfigureAwait(false)).UploadId;
        try
        {
            ConcurrentBag<PartETag> parts = [];
            long partSize = Math.Max(CopyPartSize, (head.ContentLength + ETag.MaxParts - 1) / ETag.MaxParts);
            using TransferWindow window = new(ParallelCopies);
            await WindowWork.RunAsync(
                Enumerable.Range(1, (int)((head.ContentLength + partSize - 1) / partSize)),
                window,
                async (number, stop) =>
                {
                    long offset = (number - 1) * partSize;
                    CopyPartResponse part = await _client.CopyPartAsync(
                        new CopyPartRequest
                        {
                            SourceBucket = Bucket,
                            SourceKey = copy.SourceKey,
                            ETagToMatch = [head.ETag],
                            DestinationBucket = Bucket,
                            DestinationKey = copy.DestinationKey,
                            UploadId = uploadId,
                            PartNumber = number,
                            FirstByte = offset,
                            LastByte = Math.Min(offset + partSize, head.ContentLength) - 1,
                        },
                        stop).ConfigureAwait(false);
                    parts.Add(new PartETag(number, part.ETag));
                },
                cancellationToken).ConfigureAwait(false);
            _ = await _client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest
                {
                    BucketName = Bucket,
                    Key = copy.DestinationKey,
                    UploadId = uploadId,
                    PartETags = [.. parts.OrderBy(part => part.PartNumber)],
                },
                cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch
        {
            await AbortAsync(copy.DestinationKey, uploadId, cancellationToken).ConfigureAwait(false);
            throw;
        }
    }
}
