using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using StickyPi.Core;

namespace StickyPi.Providers.Jpeg;

/// <summary>Finds libvips, the one that ships with this product or else one of the system, and starts it once a process.</summary>
internal static unsafe class VipsLibrary
{
    private static readonly Lazy<StickyException?> Failure = new(Start);
    private static nint VipsHandle;
    private static nint GObjectHandle;
    private static nint GLibHandle;

    /// <summary>Makes sure that the functions of <see cref="VipsNative"/> can be called.</summary>
    /// <exception cref="StickyException"><c>JpegEngineMissing</c>: there is no libvips.</exception>
    public static void EnsureStarted()
    {
        if (Failure.Value is StickyException failure)
        {
            throw new StickyException(
                failure.ErrorId, failure.Kind, failure.Message, failure.Target, failure.RecommendedAction, failure.InnerException);
        }
    }

    private static StickyException? Start()
    {
        try
        {
            VipsHandle = Load();
            GObjectHandle = HasSymbol(VipsHandle, "g_object_set_property") ? VipsHandle : LoadSystem("gobject-2.0", "0");
            GLibHandle = HasSymbol(VipsHandle, "g_log_set_handler") ? VipsHandle : LoadSystem("glib-2.0", "0");
            NativeLibrary.SetDllImportResolver(typeof(VipsLibrary).Assembly, Resolve);

            // Before anything is decoded: libvips reports damaged pictures on standard error as well as to its caller.
            foreach (string domain in (string[])["VIPS", "GLib-GObject"])
            {
                _ = VipsNative.LogSetHandler(domain, VipsNative.AllLogLevels, &Discard, 0);
            }

            if (VipsNative.Init("StickyPi") != 0)
            {
                return Missing(new InvalidOperationException(VipsNative.TakeError()));
            }

            // The callers bring their own threads; a picture comes once, so remembering operations only costs memory.
            VipsNative.ConcurrencySet(1);
            VipsNative.CacheSetMax(0);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return Missing(e);
        }
    }

    private static nint Load()
    {
        if (Directory.Exists(NativeFolder.Path))
        {
            foreach (string file in Directory.EnumerateFiles(NativeFolder.Path, "libvips*"))
            {
                if (NativeLibrary.TryLoad(file, out nint bundled))
                {
                    return bundled;
                }
            }
        }

        return LoadSystem("vips", "42");
    }

    private static nint LoadSystem(string name, string version)
    {
        string file = OperatingSystem.IsWindows() ? $"lib{name}-{version}.dll"
            : OperatingSystem.IsMacOS() ? $"lib{name}.{version}.dylib"
            : $"lib{name}.so.{version}";
        return NativeLibrary.Load(file);
    }

    private static bool HasSymbol(nint library, string name) => NativeLibrary.TryGetExport(library, name, out _);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name switch
    {
        VipsNative.Vips => VipsHandle,
        VipsNative.GObject => GObjectHandle,
        VipsNative.GLib => GLibHandle,
        _ => 0,
    };

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Discard(byte* domain, int level, byte* message, nint data)
    {
    }

    private static StickyException Missing(Exception cause) => new(
        "JpegEngineMissing",
        StickyErrorKind.ComponentMissing,
        $"libvips, which decodes pictures, cannot be loaded on this system ({NativeFolder.RuntimeIdentifier}): {cause.Message}",
        null,
        "Install libvips 8.14 or later: 'apt install libvips42' on Debian and Ubuntu, 'brew install vips' on macOS, and start "
            + "a new session. Everything but sending pictures works without it.",
        cause);
}
