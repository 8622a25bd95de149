using StickyPi.Core.Storage;

namespace StickyPi.Core.Stores;

/// <summary>
/// Finds the folders of stores on this machine, so that no command overwrites or deletes the files of a store as if they were any files.
/// Whoever names such a folder has usually meant another one.
/// </summary>
public sealed class StoreFolders
{
    private readonly Dictionary<string, IReadOnlyList<string>> _around = new(StringComparer.Ordinal);

    /// <summary>Why a file must not be written.</summary>
    /// <param name="path">The file. An absolute path.</param>
    /// <returns>
    /// The error <c>ReservedKey</c>: it would lie where a store keeps its catalog, its caches, or files that have rows. Else null.
    /// </returns>
    public StickyException? WhyNot(string path) => FindReserving(path) is not string store ? null : new StickyException(
        "ReservedKey",
        StickyErrorKind.NotAllowed,
        $"'{path}' was not written: it would lie among the files of the store '{store}' that have rows, or by which the store works.",
        path,
        "Choose another folder. To bring pictures or tuboids into that store, send them with Send-StickyImage or Send-StickyTuboid.");

    /// <summary>Finds the store whose file would be deleted when a folder is made equal to something else.</summary>
    /// <param name="folder">That folder. An absolute path.</param>
    /// <param name="path">A file in it. An absolute path.</param>
    /// <returns>The folder of the store; null where the file belongs to none.</returns>
    public string? FindOwner(string folder, string path)
    {
        string real = LocalFolder.ResolveLinks(folder);
        return FindReserving(path) ?? Around(Path.GetDirectoryName(path)!).FirstOrDefault(store => KeyIn(real, store) is not null);
    }

    private string? FindReserving(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        IReadOnlyList<string> stores = Around(folder);
        string real = stores.Count == 0 ? path : Path.Combine(LocalFolder.ResolveLinks(folder), Path.GetFileName(path));
        return stores.FirstOrDefault(store => KeyIn(store, real) is string key && NewKey.WhyReserved(key) is not null);
    }

    private IReadOnlyList<string> Around(string folder)
    {
        if (!_around.TryGetValue(folder, out IReadOnlyList<string>? stores))
        {
            List<string> found = [];
            for (string? parent = LocalFolder.ResolveLinks(folder); parent is not null; parent = Path.GetDirectoryName(parent))
            {
                if (IsStore(parent))
                {
                    found.Add(parent);
                }
            }

            _around[folder] = stores = found;
        }

        return stores;
    }

    // The catalog may lie elsewhere; then the caches of the files tell of the store.
    private static bool IsStore(string folder) =>
        File.Exists(Store.GetDatabasePath(folder)) || Directory.Exists(DiskStorage.GetWritersFolder(folder));

    // Null where the path is neither the folder nor in it.
    private static string? KeyIn(string folder, string path)
    {
        string key = Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
        return Path.IsPathRooted(key) || ObjectKey.IsUnder(key, "..") ? null : key;
    }
}
