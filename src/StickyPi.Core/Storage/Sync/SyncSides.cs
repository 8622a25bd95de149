namespace StickyPi.Core.Storage;

/// <summary>The two sides of a transfer: a folder on this machine, and the part of a storage below a prefix.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Prefix">The key below which the objects are; empty for all.</param>
/// <param name="Folder">The folder below which the files are. An absolute path.</param>
/// <param name="Direction">Which is the source.</param>
internal sealed record SyncSides(IObjectStorage Storage, string Prefix, string Folder, SyncDirection Direction)
{
    public string StorageLocation => Prefix.Length == 0 ? Storage.Location : $"{Storage.Location.TrimEnd('/', '\\')}/{Prefix}";

    public string KeyOf(string relative) => ObjectKey.Combine(Prefix, relative);

    public string PathOf(string relative) => LocalFolder.PathOf(Folder, relative);

    /// <summary>The entry of a file. macOS writes names in another form than keys have.</summary>
    public SyncEntry Entry(LocalFile file) => new(ObjectKey.Normalize(file.Key), this) { File = file };

    /// <summary>The entry of an object.</summary>
    /// <param name="item">The object.</param>
    /// <param name="path">The path of its file, relative to the folder, where that differs from its key; null where it does not.</param>
    public SyncEntry Entry(StickyStorageItem item, string? path = null) => new(path ?? RelativeOf(item.Key), this) { Object = item };

    public string RelativeOf(string key) => Prefix.Length == 0 ? key : key[Math.Min(key.Length, Prefix.Length + 1)..];
}
