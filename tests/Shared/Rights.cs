namespace StickyPi.Tests;

/// <summary>Files and folders that their owner may not use.</summary>
public static class Rights
{
    public static void SkipIfThereAreNone()
    {
        Skip.If(OperatingSystem.IsWindows(), "Rights are given in another way on Windows.");
        Skip.If(Environment.IsPrivilegedProcess, "Root may read every file and folder.");
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
