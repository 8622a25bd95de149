using System.Text;
using StickyPi.Core.Annotations;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Stores;

/// <summary>
/// Keeps annotations that were checked in a temporary file until all are, so that neither memory nor the right to write is held while
/// they come in. The file is its owner's alone, and goes with the process.
/// </summary>
internal sealed class AnnotationSpool : IDisposable
{
    private readonly FileStream _file = Create();
    private readonly BinaryWriter _writer;

    public AnnotationSpool() => _writer = new BinaryWriter(_file, Encoding.UTF8, leaveOpen: true);

    /// <summary>Keeps an annotation.</summary>
    /// <param name="element">The annotation; its objects are not kept.</param>
    public void Add(AnnotationElement element)
    {
        Guard(() => Write(element));
    }

    /// <summary>Returns what was kept, one by one, in the same order.</summary>
    /// <returns>The annotations, without their objects.</returns>
    public IEnumerable<AnnotationElement> ReadAll()
    {
        Guard(() =>
        {
            _writer.Flush();
            _file.Position = 0;
        });
        using BinaryReader reader = new(_file, Encoding.UTF8, leaveOpen: true);
        while (_file.Position < _file.Length)
        {
            yield return new AnnotationElement
            {
                Source = reader.ReadString(),
                Device = reader.ReadString(),
                DateTime = new DateTime(reader.ReadInt64(), DateTimeKind.Utc),
                Md5 = reader.ReadString(),
                AlgoName = reader.ReadString(),
                AlgoVersion = reader.ReadString(),
                ObjectCount = reader.ReadInt32(),
                Utf8Json = reader.ReadBytes(reader.ReadInt32()),
            };
        }
    }

    public void Dispose()
    {
        try
        {
            _writer.Dispose();
            _file.Dispose();
        }
        catch (IOException)
        {
            // What is still in memory has no room on the disk, and nobody wants it any more.
        }
    }

    private void Write(AnnotationElement element)
    {
        _writer.Write(element.Source);
        _writer.Write(element.Device);
        _writer.Write(element.DateTime.Ticks);
        _writer.Write(element.Md5);
        _writer.Write(element.AlgoName);
        _writer.Write(element.AlgoVersion);
        _writer.Write(element.ObjectCount);
        _writer.Write(element.Utf8Json.Length);
        _writer.Write(element.Utf8Json.Span);
    }

    private void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (IOException e)
        {
            throw DiskErrors.NotWritten(_file.Name, Path.GetTempPath(), e);
        }
    }

    private static FileStream Create()
    {
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose,
            BufferSize = 64 * 1024,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            FileStream file = new(path, options);
            if (!OperatingSystem.IsWindows())
            {
                // Only Windows deletes the file of a process that was killed. Here an open file goes on without a name.
                File.Delete(path);
            }

            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskErrors.NotWritten(path, Path.GetTempPath(), e);
        }
    }
}
