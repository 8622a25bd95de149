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

        using LocalFileReader reader = LocalFileReader.Open(file);
        (string hash, bool isCertain) = await HashLikeAsync(reader.ReadAsync, known, cancellationToken).ConfigureAwait(false);
        bool isEqual = hash.Equals(known.ETag, StringComparison.OrdinalIgnoreCase);
        if (!isEqual && (!isCertain || await IsOpaqueAsync(known, cancellationToken).ConfigureAwait(false)))
        {
            // The ETag says nothing of the bytes. Reading them takes as long as copying them, and does not have to be done again and again.
            using Stream stored = await OpenReadAsync(known, 0, cancellationToken).ConfigureAwait(false) ?? throw ObjectKey.NotFound(item.Key);
            isEqual = await SameBytes.AreInAsync(stored, reader, file.Size, cancellationToken).ConfigureAwait(false);
            hash = isEqual ? known.ETag! : hash;
        }

        reader.ThrowIfChanged();
        return new ContentComparison(isEqual, hash, known.ETag);
    }

    public async ValueTask<ContentComparison> CompareAsync(StickyStorageItem item, string etag, CancellationToken cancellationToken)
    {
        int parts = ETag.CountParts(etag);
        if (etag.Equals(item.ETag, StringComparison.OrdinalIgnoreCase) || parts < 0)
        {
            return new ContentComparison(parts >= 0, etag, item.ETag);
        }

        StickyStorageItem known = item.ETag is null || item.ModifiedTime is null
            ? await FindListedAsync(item.Key, cancellationToken).ConfigureAwait(false) ?? throw ObjectKey.NotFound(item.Key)
            : item;
        bool isMadeAlike = ETag.CountParts(known.ETag!) == parts && (parts is 0 or 1 || ETag.IsOfOurParts(known));
        if (known.Size != item.Size || (isMadeAlike && !await IsOpaqueAsync(known, cancellationToken).ConfigureAwait(false)))
        {
            return new ContentComparison(etag.Equals(known.ETag, StringComparison.OrdinalIgnoreCase), etag, known.ETag);
        }

        using Stream stored = await OpenReadAsync(known, 0, cancellationToken).ConfigureAwait(false) ?? throw ObjectKey.NotFound(item.Key);
        ContentHashes hashes = await ETag.ComputeBothAsync((_, buffer, stop) => stored.ReadAsync(buffer, stop), known.Size, cancellationToken)
            .ConfigureAwait(false);
        string found = parts switch
        {
            0 => hashes.Md5,
            1 => ETag.Combine(Convert.FromHexString(hashes.Md5)),
            _ => hashes.ETag,
        };
        return new ContentComparison(etag.Equals(found, StringComparison.OrdinalIgnoreCase), etag, known.ETag);
    }

    /// <summary>Hashes content as an object of a bucket was hashed.</summary>
    /// <param name="read">Fills a buffer from a place of the content, which has the size of the object.</param>
    /// <param name="item">The object.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The hash, and whether another ETag than this means other content: not where the sizes of the object's parts are not known.</returns>
    private async ValueTask<(string Hash, bool IsCertain)> HashLikeAsync(
        Func<long, Memory<byte>, CancellationToken, ValueTask> read, StickyStorageItem item, CancellationToken cancellationToken)
    {
        string etag = item.ETag!;
        int parts = ETag.CountParts(etag);
        long? partSize = await FindPartSizeAsync(item, cancellationToken).ConfigureAwait(false);
        string hash = await ETag.ComputeLikeAsync(read, item.Size, etag, partSize, cancellationToken).ConfigureAwait(false);
        if (parts is 0 or 1 || hash.Equals(etag, StringComparison.OrdinalIgnoreCase))
        {
            return (hash, true);
        }

        if (parts < 0)
        {
            return (hash, false);
        }

        if (ETag.MayBeOfOurParts(item)
            && (item.ModifiedTime is not null ? item : await FindListedAsync(item.Key, cancellationToken).ConfigureAwait(false)) is StickyStorageItem known
            && ETag.IsOfOurParts(known))
        {
            return (hash, true);
        }

        if (await FindPartSizesAsync(item, parts, cancellationToken).ConfigureAwait(false) is not long[] sizes)
        {
            return (hash, false);
        }

        bool isUniform = sizes.SkipLast(1).All(size => size == partSize);
        return (isUniform ? hash : await ETag.ComputePartsAsync(read, sizes, cancellationToken).ConfigureAwait(false), true);
    }

    // Null where the server tells no sizes of parts.
    private async ValueTask<long[]?> FindPartSizesAsync(StickyStorageItem item, int parts, CancellationToken cancellationToken)
    {
        long[] sizes = new long[parts];
        sizes[0] = await FindPartSizeAsync(item, 1, cancellationToken).ConfigureAwait(false) ?? 0;
        if (sizes[0] <= 0 || sizes[0] >= item.Size)
        {
            return null;
        }

        await Parallel.ForAsync(
            1,
            parts,
            new ParallelOptions { MaxDegreeOfParallelism = SyncOptions.DefaultParallelism, CancellationToken = cancellationToken },
            async (i, stop) => sizes[i] = await FindPartSizeAsync(item, i + 1, stop).ConfigureAwait(false) ?? 0).ConfigureAwait(false);
        return sizes.Sum() == item.Size ? sizes : null;
    }

    // The size of all parts but the last, where that of the first one can be it.
    private async ValueTask<long?> FindPartSizeAsync(StickyStorageItem item, CancellationToken cancellationToken)
    {
        int parts = ETag.CountParts(item.ETag!);
        return parts > 1
            && await FindPartSizeAsync(item, 1, cancellationToken).ConfigureAwait(false) is long first
            && first > 0
            && first < item.Size
            && (item.Size + first - 1) / first == parts
                ? first
                : null;
    }

    // Servers that know parts tell the size of one; others overlook the question and tell that of the whole object.
    private async ValueTask<long?> FindPartSizeAsync(StickyStorageItem item, int number, CancellationToken cancellationToken)
    {
        GetObjectMetadataRequest request = new()
        {
            BucketName = Bucket,
            Key = ListedKey(item.Key),
            PartNumber = number,
            EtagToMatch = Quote(item.ETag!),
        };
        return await RunAsync<long?>(
            $"'{item.Key}' cannot be looked at",
            item.Key,
            async () =>
            {
                try
                {
                    return (await _client.GetObjectMetadataAsync(request, cancellationToken).ConfigureAwait(false)).ContentLength;
                }
                catch (AmazonS3Exception e) when (!S3Errors.IsPassing(e) && (int)e.StatusCode is 400 or 403 or 416 or 501)
                {
                    return null;
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<bool> IsOpaqueAsync(StickyStorageItem item, CancellationToken cancellationToken)
    {
        GetObjectMetadataRequest request = new() { BucketName = Bucket, Key = ListedKey(item.Key), EtagToMatch = Quote(item.ETag!) };
        return await RunAsync(
            $"'{item.Key}' cannot be looked at",
            item.Key,
            async () =>
            {
                GetObjectMetadataResponse head = await HeadAsync(request, cancellationToken).ConfigureAwait(false);
                return IsOpaque(head.ServerSideEncryptionMethod, head.ServerSideEncryptionCustomerMethod);
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static string Quote(string etag) => $"\"{etag}\"";
}
