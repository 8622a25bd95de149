using System.Runtime.InteropServices;

namespace StickyPi.Providers.Jpeg;

/// <summary>One operation of libvips: its properties are set, it is run, its output is taken. Disposing of it frees all it holds.</summary>
internal sealed unsafe class VipsOperation : IDisposable
{
    private nint _operation;

    public VipsOperation(string name)
    {
        _operation = VipsNative.OperationNew(name);
        if (_operation == 0)
        {
            throw new InvalidDataException(VipsNative.TakeError());
        }
    }

    public VipsOperation With(string name, int number) => With(name, VipsNative.IntType, value => VipsNative.ValueSetInt((GValue*)value, number));

    public VipsOperation With(string name, bool flag) =>
        With(name, VipsNative.BooleanType, value => VipsNative.ValueSetBoolean((GValue*)value, flag ? 1 : 0));

    public VipsOperation With(string name, nuint enumType, int member) =>
        With(name, enumType, value => VipsNative.ValueSetEnum((GValue*)value, member));

    public VipsOperation With(string name, VipsImage image) =>
        With(name, VipsNative.ImageType(), value => VipsNative.ValueSetObject((GValue*)value, image.Handle));

    /// <summary>Sets bytes, which must stay where they are until the operation and all that came of it are disposed of.</summary>
    public VipsOperation With(string name, byte* bytes, int length) =>
        With(name, VipsNative.BlobType(), value => VipsNative.ValueSetBlob((GValue*)value, 0, bytes, (nuint)length));

    public VipsImage RunToImage()
    {
        Run();
        GValue value = default;
        VipsNative.ValueInit(&value, VipsNative.ImageType());
        VipsNative.ObjectGetProperty(_operation, "out", &value);
        VipsImage image = new(VipsNative.ObjectRef(VipsNative.ValueGetObject(&value)));
        VipsNative.ValueUnset(&value);
        return image;
    }

    public byte[] RunToBytes()
    {
        Run();
        GValue value = default;
        VipsNative.ValueInit(&value, VipsNative.BlobType());
        VipsNative.ObjectGetProperty(_operation, "buffer", &value);
        nuint length;
        byte* data = VipsNative.ValueGetBlob(&value, &length);
        byte[] bytes = new ReadOnlySpan<byte>(data, checked((int)length)).ToArray();
        VipsNative.ValueUnset(&value);
        return bytes;
    }

    public void Dispose()
    {
        if (_operation != 0)
        {
            VipsNative.ObjectUnrefOutputs(_operation);
            VipsNative.ObjectUnref(_operation);
            _operation = 0;
        }
    }

    private void Run()
    {
        nint built = VipsNative.CacheOperationBuild(_operation);
        if (built == 0)
        {
            throw new InvalidDataException(VipsNative.TakeError());
        }

        // What was built holds the outputs; it may be another object than the one that was asked to build.
        VipsNative.ObjectUnref(_operation);
        _operation = built;
    }

    private VipsOperation With(string name, nuint type, Action<nint> set)
    {
        GValue value = default;
        VipsNative.ValueInit(&value, type);
        set((nint)(&value));
        VipsNative.ObjectSetProperty(_operation, name, &value);
        VipsNative.ValueUnset(&value);
        return this;
    }
}

/// <summary>An image of libvips, freed when it is disposed of.</summary>
internal sealed class VipsImage(nint handle) : IDisposable
{
    public nint Handle { get; private set; } = handle != 0 ? handle : throw new InvalidDataException(VipsNative.TakeError());

    public void Dispose()
    {
        if (Handle != 0)
        {
            VipsNative.ObjectUnref(Handle);
            Handle = 0;
        }
    }
}
