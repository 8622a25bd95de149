namespace StickyPi.Core.Storage;

/// <summary>Finds the files below a folder. Symbolic links are followed, as the existing Python client does, but not in circles.</summary>
public static class LocalFolder
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>Finds files, as long as the caller takes them.</summary>
    /// <param name="folder">An absolute path.</param>
    /// <param name="enter">Whether to look into a folder, by its key; null for all.</param>
    /// <param name="refuse">What to do with the error of a file or folder that cannot be looked at, or with a circle.</param>
    /// <returns>The files, with keys relative to the folder. A name that can be no key is left to the caller, who sees it in the key.</returns>
    public static IEnumerable<LocalFile> Scan(string folder, Func<string, bool>? enter, Action<StickyException> refuse) =>
        Scan(new DirectoryInfo(folder), "", throughLink: false, [ResolveLinks(folder)], enter, refuse);

    /// <summary>Where the file of a key is.</summary>
    /// <param name="folder">The folder that the key is relative to. An absolute path.</param>
    /// <param name="key">The key.</param>
    /// <returns>The absolute path.</returns>
    public static string PathOf(string folder, string key) => Path.Combine(folder, key.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>Describes one file.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="path">Its absolute path.</param>
    /// <returns>The file, or null where there is none.</returns>
    public static LocalFile? Find(string key, string path)
    {
        FileInfo file = new(path);
        return file.Exists ? Describe(file, key, throughLink: false) : null;
    }

    /// <summary>Finds where a path leads, by the links in any part of it.</summary>
    /// <param name="path">An absolute path, of which the end need not exist.</param>
    /// <returns>The path without links.</returns>
    internal static string ResolveLinks(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not string parent)
        {
            return full;
        }

        string here = Path.Combine(ResolveLinks(parent), Path.GetFileName(full));
        try
        {
            return new FileInfo(here).ResolveLinkTarget(returnFinalTarget: true) is FileSystemInfo target ? ResolveLinks(target.FullName) : here;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What leads nowhere, or round in a circle, is no place of anything.
            return here;
        }
    }

    /// <summary>Deletes a folder that is empty and no link; any other stays.</summary>
    /// <param name="folder">An absolute path.</param>
    public static void DeleteIfEmpty(string folder)
    {
        try
        {
            // Deleting a link takes it away from the files behind it, however many.
            if (new DirectoryInfo(folder).LinkTarget is null)
            {
                Directory.Delete(folder);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is gone already, or something is in it.
        }
    }

    private static IEnumerable<LocalFile> Scan(
        DirectoryInfo folder, string prefix, bool throughLink, IReadOnlyList<string> ancestors, Func<string, bool>? enter, Action<StickyException> refuse)
    {
        FileSystemInfo[] entries;
        try
        {
            entries = folder.GetFileSystemInfos("*", Everything);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            refuse(SourceFile.Unreadable($"The folder '{folder.FullName}'", folder.FullName, e));
            yield break;
        }

        Array.Sort(entries, (a, b) => string.CompareOrdinal(a.Name, b.Name));
        foreach (FileSystemInfo entry in entries)
        {
            string key = ObjectKey.Combine(prefix, entry.Name);
            switch (entry)
            {
                case DirectoryInfo child when enter?.Invoke(key) != false:
                    bool isLink = child.LinkTarget is not null;
                    string real = isLink ? ResolveLinks(child.FullName) : Path.Combine(ancestors[^1], child.Name);
                    if (isLink && ancestors.Any(ancestor => IsWithin(ancestor, real)))
                    {
                        refuse(new StickyException(
                            "LinkCircle",
                            StickyErrorKind.ReadFailed,
                            $"The link '{child.FullName}' leads back to a folder that it lies in; it was left out.",
                            child.FullName,
                            "Remove the link, or leave it out with -Exclude."));
                        break;
                    }

                    foreach (LocalFile file in Scan(child, key, throughLink || isLink, [.. ancestors, real], enter, refuse))
                    {
                        yield return file;
                    }

                    break;
                case FileInfo file:
                    if (Describe(file, key, throughLink) is LocalFile found)
                    {
                        yield return found;
                    }
                    else
                    {
                        refuse(new StickyException(
                            "FileNotFound",
                            StickyErrorKind.NotFound,
                            file.LinkTarget is string target
                                ? $"The link '{file.FullName}' leads to '{target}', which does not exist."
                                : $"'{file.FullName}' is not there any more.",
                            file.FullName,
                            "Mend the link, or leave it out with -Exclude."));
                    }

                    break;
            }
        }
    }

    // The length and the time of a link are those of the file that it leads to.
    private static LocalFile? Describe(FileInfo file, string key, bool throughLink)
    {
        try
        {
            bool isLink = file.LinkTarget is not null;
            FileInfo? target = isLink ? file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo : file;
            return target is { Exists: true }
                ? new LocalFile(key, file.FullName, target.Length, target.LastWriteTimeUtc, throughLink || isLink)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsWithin(string path, string folder) =>
        path == folder || path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
