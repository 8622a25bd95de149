namespace StickyPi.Core.Storage;

/// <summary>
/// Finds what can't be transferred because one side has a file where the other has a folder, or because the file system of this machine
/// takes two names for one.
/// </summary>
internal static class SyncCollisions
{
    /// <summary>Finds collisions, and plans nothing for them.</summary>
    /// <param name="sides">The two sides.</param>
    /// <param name="source">What is to be transferred.</param>
    /// <param name="target">The keys that the target has, as far as they could be in the way.</param>
    /// <returns>The entries that collide.</returns>
    public static IReadOnlyList<SyncEntry> Find(SyncSides sides, IReadOnlyCollection<SyncEntry> source, IReadOnlyCollection<string> target)
    {
        HashSet<string> sourceKeys = [.. source.Select(entry => entry.Key)];
        HashSet<string> twins = [.. source.GroupBy(entry => entry.Key).Where(group => group.Count() > 1).Select(group => group.Key)];
        HashSet<string> targetKeys = [.. target.Select(ObjectKey.Normalize)];
        HashSet<string> targetFolders = [.. targetKeys.SelectMany(Ancestors)];
        bool toDisk = sides.Direction == SyncDirection.Pull;
        HashSet<string> ambiguous = toDisk && !OperatingSystem.IsLinux() ? FindSameNames(sourceKeys) : [];
        List<SyncEntry> collisions = [];
        foreach (SyncEntry entry in source)
        {
            string? reason = targetFolders.Contains(entry.Key) || (toDisk && Directory.Exists(entry.Path)) ? "the target has a folder of this name"
                : Ancestors(entry.Key).FirstOrDefault(folder => targetKeys.Contains(folder) || (toDisk && File.Exists(sides.PathOf(folder)))) is string file
                    ? $"the target has a file '{(toDisk ? file : sides.KeyOf(file))}' where it needs a folder"
                : Ancestors(entry.Key).FirstOrDefault(sourceKeys.Contains) is string twin ? $"the source has both a file and a folder '{(toDisk ? sides.KeyOf(twin) : twin)}'"
                : twins.Contains(entry.Key) ? "the source has two names that look the same and are one key"
                : ambiguous.Contains(entry.Key) ? "the source has another name that this machine takes for the same"
                : null;
            if (reason is not null)
            {
                collisions.Add(entry.Plan(SyncAction.None, reason));
            }
        }

        return collisions;
    }

    /// <summary>The folders that a key lies in, the outermost first.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Their keys.</returns>
    public static IEnumerable<string> Ancestors(string key)
    {
        for (int slash = key.IndexOf('/'); slash >= 0; slash = key.IndexOf('/', slash + 1))
        {
            yield return key[..slash];
        }
    }

    /// <summary>The folders that keys lie in, the innermost first, so that a folder is empty when its turn to go comes.</summary>
    /// <param name="keys">The keys.</param>
    /// <returns>The keys of the folders, each once.</returns>
    public static IEnumerable<string> FoldersInnermostFirst(IEnumerable<string> keys) =>
        keys.SelectMany(Ancestors).Distinct().OrderByDescending(folder => folder.Length);

    /// <summary>What names have in common that a file system may take for the same.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The key in one case and one normal form.</returns>
    public static string Fold(string key) => key.Normalize().ToUpperInvariant();

    private static HashSet<string> FindSameNames(IEnumerable<string> keys) =>
        [.. keys.GroupBy(Fold, StringComparer.Ordinal).Where(group => group.Count() > 1).SelectMany(group => group)];
}
