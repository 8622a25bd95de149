using System.Runtime.InteropServices;

namespace StickyPi.Providers;

/// <summary>Where the native libraries that ship for this system lie.</summary>
internal static class NativeFolder
{
    /// <summary>The system by its .NET runtime identifier, such as <c>linux-x64</c>.</summary>
    public static string RuntimeIdentifier { get; } =
        (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")
        + "-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <summary>The folder, which need not exist.</summary>
    public static string Path { get; } = System.IO.Path.Combine(
        System.IO.Path.GetDirectoryName(typeof(NativeFolder).Assembly.Location)!, "runtimes", RuntimeIdentifier, "native");
}
