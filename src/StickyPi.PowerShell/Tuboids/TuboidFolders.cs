using StickyPi.Core;
using StickyPi.Core.Storage;
using StickyPi.Core.Tuboids;

namespace StickyPi.PowerShell.Tuboids;

/// <summary>
/// Finds the folders of tuboids that paths mean: a folder that has the name of a tuboid, or a file of one, is itself; any other is such
/// folders in it.
/// </summary>
internal sealed class TuboidFolders
{
    // Get-ChildItem -Recurse hands over the folder of a series and then those of its tuboids: each is worked on once.
    private readonly HashSet<string> _seen = new(OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);

    /// <summary>How many folders of the system were left alone.</summary>
    public int LeftAlone { get; private set; }

    /// <summary>The first of them.</summary>
    public string? FirstLeftAlone { get; private set; }

    /// <summary>Lists the folders that a path means and that were not listed before.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="cancellationToken">Stops the search, between two folders.</param>
    /// <returns>Paths of folders, in order, and an error where the path is a folder that cannot be read.</returns>
    public IEnumerable<(string? Folder, StickyException? Error)> Find(string path, CancellationToken cancellationToken)
    {
        path = Path.TrimEndingDirectorySeparator(path);
        if (!Directory.Exists(path) || IsTuboid(path))
        {
            if (_seen.Add(path))
            {
                yield return (path, null);
            }

            yield break;
        }

        string[] folders;
        StickyException? error = null;
        try
        {
            folders = [.. Directory.EnumerateDirectories(path).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            folders = [];
            error = new StickyException(
                "FolderUnreadable", StickyErrorKind.ReadFailed, $"The folder '{path}' cannot be read: {OneLine.Quote(e)}.", path,
                "Check that the drive is still connected and that you may read the folder.", e);
        }

        if (error is not null)
        {
            yield return (null, error);
        }

        foreach (string folder in folders)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (SystemFiles.IsFolder(Path.GetFileName(folder)))
            {
                if (_seen.Add(folder))
                {
                    LeftAlone++;
                    FirstLeftAlone ??= folder;
                }
            }
            else if (IsTuboid(folder) && _seen.Add(folder))
            {
                yield return (folder, null);
            }
        }
    }

    // One with the files of a tuboid and another name is sent too, and refused with what is wrong with the name.
    private static bool IsTuboid(string folder) =>
        TuboidId.TryParse(Path.GetFileName(folder), out _) || TuboidFiles.All.Any(file => File.Exists(Path.Combine(folder, file.FileName())));
}
