namespace StickyPi.Core.Storage;

/// <summary>An object of a storage: a file of a local store, an object of a bucket.</summary>
public sealed record StickyStorageItem
{
    /// <summary>Its name below the base path of the storage, with forward slashes.</summary>
    public required string Key { get; init; }

    /// <summary>Its size in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>
    /// The entity tag that the storage holds, without quotes, see <see cref="Storage.ETag"/>; null where the storage is a folder, which
    /// has to read a file to know it.
    /// </summary>
    public string? ETag { get; init; }

    /// <summary>When the storage got it, UTC; of a file, when it was last written.</summary>
    public required DateTime LastModified { get; init; }

    /// <summary>
    /// When its content was last changed, UTC, which copying keeps; null where it was not kept, or where nobody has asked: a bucket
    /// does not say it in a listing.
    /// </summary>
    public DateTime? ModifiedTime { get; init; }

    /// <summary>Whether a symbolic link leads to it: see <see cref="LocalFile.ThroughLink"/>.</summary>
    internal bool ThroughLink { get; init; }

    /// <summary>The key of the object.</summary>
    /// <returns>The key, as it can be shown.</returns>
    public override string ToString() => OneLine.Of(Key);
}
