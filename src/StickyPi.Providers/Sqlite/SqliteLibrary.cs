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
        string file = Path.Combine(NativeFolder.Path, "libe_sqlite3.so");
        if (OperatingSystem.IsLinux() && File.Exists(file))
        {
            try
            {
                _ = Open(file, Now | DeepBind);
            }
            catch (DllNotFoundException)
            {
                // The libc of musl has another name, and does not know such binding.
            }
        }

        Batteries_V2.Init();
        return true;
    }

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string file, int flags);
}
