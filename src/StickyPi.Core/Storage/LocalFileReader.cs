using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace StickyPi.Core.Storage;

/// <summary>Reads a file that is to be transferred, at any place of it and from several threads, and notices when it changes meanwhile.</summary>
public sealed class LocalFileReader : IDisposable
{
    // A thread of the pool reads a file in any case. For less than this, going to another one takes longer than reading.
    private const int WorthAThread = 256 * 1024;

    private readonly LocalFile _file;
    private readonly SafeFileHandle? _handle;

    private LocalFileReader(LocalFile file, SafeFileHandle? handle)
    {
        _file = file;
        _handle = handle;
    }

    /// <summary>Opens a file.</summary>
    /// <param name="file">The file as it was found.</param>
    /// <returns>The reader.</returns>
    /// <exception cref="StickyException"><c>FileNotFound</c>, <c>FileUnreadable</c>, <c>FileChanged</c>.</exception>
    public static LocalFileReader Open(LocalFile file)
    {
        try
        {
            LocalFileReader reader = new(file, OpenHandle(file));
            try
            {
                reader.ThrowIfChanged();
                return reader;
            }
            catch
            {
                reader.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotOpened(file, e);
        }
    }

    /// <summary>Opens the file that a path has now. What is known of it is that of the open file, whatever comes in its place.</summary>
    /// <param name="file">The file as it was found a moment ago.</param>
    /// <returns>The reader, and the file.</returns>
    /// <exception cref="StickyException"><c>FileNotFound</c>, <c>FileUnreadable</c>.</exception>
    internal static (LocalFileReader Reader, LocalFile File) OpenCurrent(LocalFile file)
    {
        try
        {
            SafeFileHandle? handle = OpenHandle(file);
            LocalFile current = handle is null
                ? file
                : file with { Size = RandomAccess.GetLength(handle), ModifiedTime = File.GetLastWriteTimeUtc(handle) };
            return (new LocalFileReader(current, handle), current);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotOpened(file, e);
        }
    }

    /// <summary>Fills a buffer from a place of the file.</summary>
    /// <param name="offset">The place.</param>
    /// <param name="buffer">The buffer; the file reaches at least to its end.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>A task that ends when the buffer is full.</returns>
    /// <exception cref="StickyException"><c>FileUnreadable</c>; <c>FileChanged</c>: the file has become shorter.</exception>
    public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            while (buffer.Length > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int read = buffer.Length < WorthAThread
                    ? RandomAccess.Read(_handle!, buffer.Span, offset)
                    : await RandomAccess.ReadAsync(_handle!, buffer, offset, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    throw Changed();
                }

                offset += read;
                buffer = buffer[read..];
            }
        }
        catch (IOException e)
        {
            throw SourceFile.Unreadable($"'{_file.Path}'", _file.Path, e);
        }
    }

    /// <summary>Checks, after the last byte was read, that all of them belong together.</summary>
    /// <exception cref="StickyException"><c>FileChanged</c>: the file has another size or time than when it was found.</exception>
    public void ThrowIfChanged()
    {
        if (_handle is null)
        {
            if (new FileInfo(_file.Path) is not { Exists: true } empty || (empty.Length != 0 && empty.LinkTarget is null))
            {
                throw Changed();
            }
        }
        else if (RandomAccess.GetLength(_handle) != _file.Size || File.GetLastWriteTimeUtc(_handle) != _file.ModifiedTime)
        {
            throw Changed();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle?.Dispose();

    // Pipes and devices have no length; opening one could wait for ever.
    private static SafeFileHandle? OpenHandle(LocalFile file) => file.Size == 0
        ? (File.Exists(file.Path) ? null : throw new FileNotFoundException(null, file.Path))
        : File.OpenHandle(file.Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);

    private static StickyException NotOpened(LocalFile file, Exception cause) => cause is FileNotFoundException or DirectoryNotFoundException
        ? new StickyException(
            "FileNotFound", StickyErrorKind.NotFound, $"'{file.Path}' is not there any more.", file.Path, "Run the command again.", cause)
        : SourceFile.Unreadable($"'{file.Path}'", file.Path, cause);

    private StickyException Changed() => new(
        "FileChanged",
        StickyErrorKind.ReadFailed,
        string.Create(CultureInfo.InvariantCulture, $"'{_file.Path}' has changed since it was found, with {_file.Size:N0} bytes; it was left out."),
        _file.Path,
        "Run the command again when nothing writes to the file any more.");
}
