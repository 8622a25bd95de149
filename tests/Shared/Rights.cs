namespace StickyPi.Tests;

/// <summary>Files and folders that their owner may not use.</summary>
public static class Rights
{
    // Root without the capability DAC_OVERRIDE has to keep them too, so it is tried.
    private static readonly Lazy<bool> AreKept = new(() =>
    {
        using TestFolder folder = new();
        string path = folder["closed"];
        File.WriteAllText(path, "");
        Take(path);
        try
        {
            _ = File.ReadAllText(path);
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
    });

    public static void SkipIfThereAreNone()
    {
        Skip.If(OperatingSystem.IsWindows(), "Rights are given in another way on Windows.");
        Skip.IfNot(AreKept.Value, "This user, as root does, may read every file and folder.");
    }

    public static void Take(string path) => Set(path, UnixFileMode.None);

    public static void Give(string path) => Set(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    private static void Set(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }
}
