using System.Collections.Concurrent;
using System.Security.Cryptography;
using StickyPi.Core;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;

namespace StickyPi.Server.Existing;

/// <summary>
/// The hashes of the files of bundles. The existing client checks what it downloads by the plain MD5, and tells of what it would upload by
/// the ETag of parts of 8 MiB; a folder knows neither, a bucket one of them at best. What was read once is remembered while it is the same: of
/// a folder by the store, and of a bucket, which tells by an ETag when an object is another one, here.
/// </summary>
internal sealed class BundleHashes
{
    private const int MaxCount = 100_000;
    private const int BufferSize = 1024 * 1024;

    private readonly ConcurrentDictionary<StickyStorageItem, ContentHashes> _known = [];

    /// <summary>The plain MD5 of an object.</summary>
    /// <param name="store">The store.</param>
    /// <param name="item">The object as it was listed.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>32 hexadecimal digits.</returns>
    public async ValueTask<string> GetMd5Async(Store store, StickyStorageItem item, CancellationToken cancellationToken) =>
        item.ETag is string etag && ETag.CountParts(etag) == 0 ? etag : (await GetAsync(store, item, cancellationToken)).Md5;

    /// <summary>Whether an object has the content that an ETag tells of.</summary>
    /// <param name="store">The store.</param>
    /// <param name="item">The object as it was listed.</param>
    /// <param name="etag">The plain MD5, or the ETag of parts of 8 MiB.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>Whether it has.</returns>
    public async ValueTask<bool> IsOfAsync(Store store, StickyStorageItem item, string etag, CancellationToken cancellationToken)
    {
        int parts = ETag.CountParts(etag);
        if (item.ETag?.Equals(etag, StringComparison.OrdinalIgnoreCase) == true)
        {
            return true;
        }

        // Two plain MD5s tell it, and so does a number of parts that the object can't have.
        if (parts < 0
            || (parts == 0 && item.ETag is string stored && ETag.CountParts(stored) == 0)
            || (parts > 0 && parts != (item.Size + ETag.PartSize - 1) / ETag.PartSize))
        {
            return false;
        }

        ContentHashes hashes = await GetAsync(store, item, cancellationToken);
        return etag.Equals(parts == 0 ? hashes.Md5 : hashes.ETag, StringComparison.OrdinalIgnoreCase);
    }

    private async ValueTask<ContentHashes> GetAsync(Store store, StickyStorageItem item, CancellationToken cancellationToken)
    {
        if (!store.HasUrls)
        {
            return await store.FindStorageItemHashesAsync(item.Key, cancellationToken) ?? throw NotThere(item.Key);
        }

        if (_known.TryGetValue(item, out ContentHashes? hashes))
        {
            return hashes;
        }

        hashes = await ReadAsync(store, item, cancellationToken);
        if (_known.Count >= MaxCount)
        {
            _known.Clear();
        }

        return _known[item] = hashes;
    }

    private static StickyException NotThere(string key) => new(
        "ObjectNotFound", StickyErrorKind.NotFound, $"The file '{key}' is not there any more.", key, "Ask again.");

    private static async Task<ContentHashes> ReadAsync(Store store, StickyStorageItem item, CancellationToken cancellationToken)
    {
        StoredObject stored = await store.OpenStorageItemAsync(item.Key, cancellationToken: cancellationToken) ?? throw NotThere(item.Key);
        await using Stream content = stored.Content;
        using IncrementalHash whole = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        using IncrementalHash part = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        using MemoryStream parts = new();
        byte[] buffer = new byte[BufferSize];
        int inPart = 0;
        while (await content.ReadAsync(buffer.AsMemory(0, Math.Min(BufferSize, ETag.PartSize - inPart)), cancellationToken) is > 0 and int read)
        {
            whole.AppendData(buffer, 0, read);
            part.AppendData(buffer, 0, read);
            inPart += read;
            if (inPart == ETag.PartSize)
            {
                parts.Write(part.GetHashAndReset());
                inPart = 0;
            }
        }

        if (inPart > 0)
        {
            parts.Write(part.GetHashAndReset());
        }

        string md5 = Convert.ToHexStringLower(whole.GetHashAndReset());
        return new ContentHashes(md5, parts.Length > MD5.HashSizeInBytes ? ETag.Combine(parts.ToArray()) : md5);
    }
}
