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

    public SyncEntry Entry(LocalFile file) => new(file.Key, this) { File = file };

    public SyncEntry Entry(StickyStorageItem item) => new(Prefix.Length == 0 ? item.Key : item.Key[Math.Min(item.Key.Length, Prefix.Length + 1)..], this) { Object = item };
}
