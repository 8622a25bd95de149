using System.Runtime.InteropServices;
using SQLitePCL;

namespace StickyPi.Providers.Sqlite;

/// <summary>Loads the SQLite that ships.</summary>
internal static partial class SqliteLibrary
{
    // RTLD_NOW and RTLD_DEEPBIND of glibc's dlfcn.h.
    private const int Now = 0x2;
    private const int DeepBind = 0x8;

    private static readonly Lazy<bool> Loaded = new(Load);

    /// <summary>Makes sure that it is there. To be called before anything else of SQLite.</summary>
    public static void EnsureLoaded() => _ = Loaded.Value;

    // A libvips of the system may bring the system's SQLite into the process. What ours binds late would then be bound to that other
    // version, whose structures differ: so it is bound at once, and to itself. Only on Linux do libraries share their names like this.
    private static bool Load()
    {
        if (OperatingSystem.IsLinux()
            && FolderToBind(RuntimeInformation.RuntimeIdentifier, RuntimeInformation.ProcessArchitecture) is string folder)
        {
            string file = Path.Combine(
                Path.GetDirectoryName(typeof(SqliteLibrary).Assembly.Location)!, "runtimes", folder, "native", "libe_sqlite3.so");
            try
            {
                _ = File.Exists(file) ? Open(file, Now | DeepBind) : 0;
            }
            catch (DllNotFoundException)
            {
                // A system with musl whose name does not say so: the libc of musl has another name.
            }
        }

        Batteries_V2.Init();
        return true;
    }

    /// <summary>Finds out which build of SQLite for Linux is to be bound to itself.</summary>
    /// <param name="runtimeIdentifier">What .NET calls the system. A .NET that a distribution has built names that, not just Linux.</param>
    /// <param name="architecture">The architecture of the process.</param>
    /// <returns>The name of its folder; null on musl, which cannot bind like that and must not load what is built for glibc.</returns>
    internal static string? FolderToBind(string runtimeIdentifier, Architecture architecture) =>
        runtimeIdentifier.Contains("musl", StringComparison.Ordinal) || runtimeIdentifier.StartsWith("alpine", StringComparison.Ordinal)
            ? null
            : "linux-" + architecture.ToString().ToLowerInvariant();

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string file, int flags);
}
