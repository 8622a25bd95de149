namespace StickyPi.Core.Storage;

/// <summary>
/// Knows the files and folders that systems and storage devices leave on a card or drive beside those of a user: bins, indexes, previews,
/// and the files of macOS that hold the other half of a file. A picture in a bin was deleted; one in a folder of previews is not the picture.
/// </summary>
public static class SystemFiles
{
    private static readonly HashSet<string> Folders = new(StringComparer.OrdinalIgnoreCase)
    {
        // macOS
        ".Trashes", ".Trash", ".Spotlight-V100", ".fseventsd", ".TemporaryItems", ".DocumentRevisions-V100", ".AppleDouble", ".AppleDB",
        ".AppleDesktop", "__MACOSX",

        // Windows
        "$RECYCLE.BIN", "RECYCLER", "RECYCLED", "System Volume Information",

        // Linux, Android, Synology and QNAP
        "lost+found", ".thumbnails", "LOST.DIR", "@eaDir", "#recycle", "@Recycle", ".@__thumb",
    };

    private static readonly HashSet<string> Files = new(StringComparer.OrdinalIgnoreCase) { ".DS_Store", "Thumbs.db", "desktop.ini" };

    /// <summary>Whether a folder is one of a system: what is in it counts for nothing.</summary>
    /// <param name="name">Its name, without the folders that it is in.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsFolder(string name) =>
        Folders.Contains(name)
        || (name.StartsWith(".Trash-", StringComparison.Ordinal) && name.AsSpan(".Trash-".Length).ContainsAnyExceptInRange('0', '9') == false);

    /// <summary>Whether a file is one of a system.</summary>
    /// <param name="name">Its name, without the folders that it is in.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsFile(string name) => name.StartsWith("._", StringComparison.Ordinal) || Files.Contains(name);

    /// <summary>Whether the key of a file, or a folder on its way, is one of a system.</summary>
    /// <param name="key">The key, with forward slashes.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsKey(string key)
    {
        string[] parts = key.Split('/');
        return IsFile(parts[^1]) || parts[..^1].Any(IsFolder);
    }

    /// <summary>What a user who asks for details is told.</summary>
    /// <param name="count">How many were left alone.</param>
    /// <param name="first">One of them.</param>
    /// <returns>A sentence.</returns>
    public static string Describe(int count, string? first) => count == 1
        ? $"'{first}', which belongs to the system and not to a device, was left alone."
        : FormattableString.Invariant($"{count:N0} files and folders of the system were left alone, such as '{first}'.");
}
