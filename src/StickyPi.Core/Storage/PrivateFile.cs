namespace StickyPi.Core.Storage;

/// <summary>Files that are their owner's alone: tokens, answers of a server, what a user has set up.</summary>
public static class PrivateFile
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Makes a folder that nobody else may look into; one that is there stays as it is. On Windows the user's profile is such a place.</summary>
    /// <param name="folder">An absolute path.</param>
    public static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            _ = Directory.CreateDirectory(folder);
        }
        else if (!Directory.Exists(folder))
        {
            _ = Directory.CreateDirectory(folder, OwnerFile | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Makes a file beside the one that it will become.</summary>
    /// <param name="path">The path that it will have; its folder exists.</param>
    /// <returns>The file, opened for reading and writing, with a name of its own.</returns>
    public static FileStream CreateTemporary(string path)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerFile;
        }

        return new FileStream(UnfinishedFile.NewPath(path), options);
    }

    /// <summary>Writes a file: whole, or not at all.</summary>
    /// <param name="path">The file; its folder is made where it is missing.</param>
    /// <param name="content">What to write.</param>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        CreateFolder(Path.GetDirectoryName(path)!);
        FileStream file = CreateTemporary(path);
        try
        {
            using (file)
            {
                file.Write(content);
            }

            File.Move(file.Name, path, overwrite: true);
        }
        catch
        {
            File.Delete(file.Name);
            throw;
        }
    }

    /// <summary>Whether somebody else may read or write a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Whether they may; on Windows, where the profile protects it, false.</returns>
    public static bool IsOpenToOthers(string path) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0;
}
