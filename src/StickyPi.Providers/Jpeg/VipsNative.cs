using System.Runtime.InteropServices;

namespace StickyPi.Providers.Jpeg;

/// <summary>A GValue: a type and room for any value (glib, <c>gobject/gvalue.h</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GValue
{
    public nuint Type;
    public long Data0;
    public long Data1;
}

/// <summary>
/// The C functions of libvips and glib that are used, none of them variadic: those can't be called by P/Invoke on every system.
/// See <c>vips/operation.h</c>, <c>vips/object.h</c>, <c>vips/image.h</c> and <c>gobject/gobject.h</c>.
/// </summary>
internal static unsafe partial class VipsNative
{
    public const string Vips = "sticky-vips";
    public const string GObject = "sticky-gobject";
    public const string GLib = "sticky-glib";
    public const int AllLogLevels = -1 & ~3;

    /// <summary>G_TYPE_BOOLEAN and G_TYPE_INT: fundamental types are their number, shifted by two.</summary>
    public const nuint BooleanType = 5 << 2;
    public const nuint IntType = 6 << 2;

    /// <summary>VIPS_FORMAT_UCHAR of <c>vips/image.h</c>.</summary>
    public const int UnsignedCharFormat = 0;

    [LibraryImport(Vips, EntryPoint = "vips_init", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Init(string programName);

    [LibraryImport(Vips, EntryPoint = "vips_concurrency_set")]
    public static partial void ConcurrencySet(int threads);

    [LibraryImport(Vips, EntryPoint = "vips_cache_set_max")]
    public static partial void CacheSetMax(int operations);

    [LibraryImport(Vips, EntryPoint = "vips_operation_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint OperationNew(string name);

    [LibraryImport(Vips, EntryPoint = "vips_cache_operation_build")]
    public static partial nint CacheOperationBuild(nint operation);

    [LibraryImport(Vips, EntryPoint = "vips_object_unref_outputs")]
    public static partial void ObjectUnrefOutputs(nint operation);

    [LibraryImport(Vips, EntryPoint = "vips_image_get_type")]
    public static partial nuint ImageType();

    [LibraryImport(Vips, EntryPoint = "vips_image_copy_memory")]
    public static partial nint ImageCopyMemory(nint image);

    [LibraryImport(Vips, EntryPoint = "vips_image_new_from_memory_copy")]
    public static partial nint ImageNewFromMemoryCopy(byte* data, nuint size, int width, int height, int bands, int format);

    [LibraryImport(Vips, EntryPoint = "vips_blob_get_type")]
    public static partial nuint BlobType();

    [LibraryImport(Vips, EntryPoint = "vips_value_set_blob")]
    public static partial void ValueSetBlob(GValue* value, nint free, byte* data, nuint length);

    [LibraryImport(Vips, EntryPoint = "vips_value_get_blob")]
    public static partial byte* ValueGetBlob(GValue* value, nuint* length);

    [LibraryImport(Vips, EntryPoint = "vips_fail_on_get_type")]
    public static partial nuint FailOnType();

    [LibraryImport(Vips, EntryPoint = "vips_access_get_type")]
    public static partial nuint AccessType();

    [LibraryImport(Vips, EntryPoint = "vips_size_get_type")]
    public static partial nuint SizeType();

    [LibraryImport(Vips, EntryPoint = "vips_error_buffer_copy")]
    public static partial nint ErrorBufferCopy();

    [LibraryImport(GObject, EntryPoint = "g_object_set_property", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void ObjectSetProperty(nint instance, string name, GValue* value);

    [LibraryImport(GObject, EntryPoint = "g_object_get_property", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void ObjectGetProperty(nint instance, string name, GValue* value);

    [LibraryImport(GObject, EntryPoint = "g_object_ref")]
    public static partial nint ObjectRef(nint instance);

    [LibraryImport(GObject, EntryPoint = "g_object_unref")]
    public static partial void ObjectUnref(nint instance);

    [LibraryImport(GObject, EntryPoint = "g_value_init")]
    public static partial void ValueInit(GValue* value, nuint type);

    [LibraryImport(GObject, EntryPoint = "g_value_unset")]
    public static partial void ValueUnset(GValue* value);

    [LibraryImport(GObject, EntryPoint = "g_value_set_boolean")]
    public static partial void ValueSetBoolean(GValue* value, int number);

    [LibraryImport(GObject, EntryPoint = "g_value_set_int")]
    public static partial void ValueSetInt(GValue* value, int number);

    [LibraryImport(GObject, EntryPoint = "g_value_set_enum")]
    public static partial void ValueSetEnum(GValue* value, int number);

    [LibraryImport(GObject, EntryPoint = "g_value_set_object")]
    public static partial void ValueSetObject(GValue* value, nint instance);

    [LibraryImport(GObject, EntryPoint = "g_value_get_object")]
    public static partial nint ValueGetObject(GValue* value);

    [LibraryImport(GLib, EntryPoint = "g_log_set_handler", StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint LogSetHandler(
        string domain, int levels, delegate* unmanaged[Cdecl]<byte*, int, byte*, nint, void> handler, nint data);

    [LibraryImport(GLib, EntryPoint = "g_free")]
    public static partial void Free(nint memory);

    /// <summary>What libvips said last, on one line, and forgets it. Two threads that fail at once may get each other's reason.</summary>
    /// <returns>The message.</returns>
    public static string TakeError()
    {
        nint text = ErrorBufferCopy();
        string message = Marshal.PtrToStringUTF8(text) ?? "";
        Free(text);
        string[] lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0 ? "libvips gave no reason" : lines[^1];
    }
}
