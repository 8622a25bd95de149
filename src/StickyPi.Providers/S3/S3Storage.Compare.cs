using Amazon.S3;
using Amazon.S3.Model;
using StickyPi.Core;
using StickyPi.Core.Storage;

namespace StickyPi.Providers.S3;

internal sealed partial class S3Storage
{
    public async ValueTask<ContentComparison> CompareAsync(StickyStorageItem item, LocalFile file, CancellationToken cancellationToken)
    {
        StickyStorageItem known = item.ETag is null
            ? await FindListedAsync(item.Key, cancellationToken).ConfigureAwait(false) ?? throw ObjectKey.NotFound(item.Key)
            : item;
        if (known.Size != file.Size)
        {
            return new ContentComparison(false, null, known.ETag);
        }

        long? partSize = await FindPartSizeAsync(known, cancellationToken).ConfigureAwait(false);
        using LocalFileReader reader = LocalFileReader.Open(file);
        string hash = await ETag.ComputeLikeAsync(reader.ReadAsync, file.Size, known.ETag!, partSize, cancellationToken).ConfigureAwait(false);
        reader.ThrowIfChanged();
        return new ContentComparison(hash.Equals(known.ETag, StringComparison.OrdinalIgnoreCase), hash, known.ETag);
    }

    // Servers that know parts tell the size of the first one; others overlook the question and tell that of the whole object.
    private async Task<long?> FindPartSizeAsync(StickyStorageItem item, CancellationToken cancellationToken)
    {
        int parts = ETag.CountParts(item.ETag!);
        if (parts <= 1)
        {
            return null;
        }

        GetObjectMetadataRequest request = new() { BucketName = Bucket, Key = ListedKey(item.Key), PartNumber = 1, EtagToMatch = Quote(item.ETag!) };
        return await RunAsync<long?>(
            $"'{item.Key}' cannot be looked at",
            item.Key,
            async () =>
            {
                try
                {
                    GetObjectMetadataResponse head = await _client.GetObjectMetadataAsync(request, cancellationToken).ConfigureAwait(false);
                    long first = head.ContentLength;
                    return first > 0 && first < item.Size && (item.Size + first - 1) / first == parts ? first : null;
                }
                catch (AmazonS3Exception e) when (!S3Errors.IsPassing(e) && (int)e.StatusCode is 400 or 403 or 416 or 501)
                {
                    return null;
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static string Quote(string etag) => $"\"{etag}\"";
}
