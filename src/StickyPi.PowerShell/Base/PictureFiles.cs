using StickyPi.Core;
using StickyPi.Core.Storage;

namespace StickyPi.PowerShell.Base;

/// <summary>Finds the picture files that paths mean: a file is itself, a folder is the <c>.jpg</c> files in it.</summary>
/// <param name="recurse">Whether folders within folders count; links to folders are not followed.</param>
/// <param name="extension">What the names of the files in folders end in, where it is not pictures that are looked for.</param>
internal sealed class PictureFiles(bool recurse, string extension = ".jpg")
{
    // Get-ChildItem -Recurse hands over a folder and then its files: each file is worked on once.
    private readonly HashSet<string> _seen = new(OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);

    /// <summary>How many files and folders of the system were left alone.</summary>
    public int LeftAlone { get; private set; }

    /// <summary>The first of them.</summary>
    public string? FirstLeftAlone { get; private set; }

    /// <summary>Whether there were other files.</summary>
    public bool HasFound => _seen.Count > LeftAlone;

    /// <summary>Lists the files that a path means and that were not listed before.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="cancellationToken">Stops the search, between two folders or files.</param>
    /// <returns>Paths of files, in order, and an error for each folder that cannot be read.</returns>
    public IEnumerable<(string? File, StickyException? Error)> Find(string path, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(path))
        {
            // Get-ChildItem hands them over too. No picture has such a name.
            if (Path.GetFileName(path.AsSpan()).StartsWith("._", StringComparison.Ordinal))
            {
                LeaveAlone(path);
            }
            else if (_seen.Add(path))
            {
                yield return (path, null);
            }

            yield break;
        }

        Stack<string> folders = new([path]);
        while (folders.TryPop(out string? folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            List<FileSystemInfo> entries;
            StickyException? error = null;
            try
            {
                entries = [.. new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal)];
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                entries = [];
                error = new StickyException(
                    "FolderUnreadable", StickyErrorKind.ReadFailed, $"The folder '{folder}' cannot be read: {OneLine.Quote(e)}.", folder,
                    "Check that the card or drive is still connected and that you may read the folder.", e);
            }

            if (error is not null)
            {
                yield return (null, error);
            }

            foreach (FileSystemInfo entry in entries)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!entry.Attributes.HasFlag(FileAttributes.Directory)
                    && entry.Extension.Equals(extension, StringComparison.OrdinalIgnoreCase))
                {
                    if (SystemFiles.IsFile(entry.Name))
                    {
                        LeaveAlone(entry.FullName);
                    }
                    else if (_seen.Add(entry.FullName))
                    {
                        yield return (entry.FullName, null);
                    }
                }
            }

            if (recurse)
            {
                foreach (FileSystemInfo entry in entries.AsEnumerable().Reverse()
                    .Where(entry => entry.Attributes.HasFlag(FileAttributes.Directory) && !entry.Attributes.HasFlag(FileAttributes.ReparsePoint)))
                {
                    if (SystemFiles.IsFolder(entry.Name))
                    {
                        LeaveAlone(entry.FullName);
                    }
                    else
                    {
                        folders.Push(entry.FullName);
                    }
                }
            }
        }
    }

    /// <summary>Tells what was left alone: as a detail, and as a warning where there was nothing else to read.</summary>
    /// <param name="sink">Where to.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>A task that ends when it is written.</returns>
    public async ValueTask TellOfLeftAloneAsync(IPipelineSink sink, CancellationToken cancellationToken)
    {
        if (LeftAlone > 0)
        {
            string told = SystemFiles.Describe(LeftAlone, FirstLeftAlone);
            await (HasFound
                ? sink.WriteVerboseAsync(told, cancellationToken)
                : sink.WriteWarningAsync($"Nothing was read: {told}", cancellationToken)).ConfigureAwait(false);
        }
    }

    private void LeaveAlone(string path)
    {
        if (_seen.Add(path))
        {
            LeftAlone++;
            FirstLeftAlone ??= path;
        }
    }
}
