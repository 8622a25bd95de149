using System.Buffers;
using System.Security.Cryptography;
using StickyPi.Core.Storage;
using StickyPi.Server.Errors;

namespace StickyPi.Server.V1;

/// <summary>
/// Keeps what is uploaded on the disk until the store has it. Each process has a folder of its own, whose lock it holds: what a server that
/// was killed left behind is deleted by the next one.
/// </summary>
/// <param name="preferredRoot">
/// The folder for all of them; it is made when it is needed first. Where it can't be, a new temporary folder takes its place: a store on a medium
/// that is read-only has no room for the snapshot of its catalog that somebody asks for.
/// </param>
internal sealed class Uploads(string preferredRoot) : IDisposable
{
    private const string LockExtension = ".lock";
    private const string NameFormat = "N";

    private readonly Lock _gate = new();
    private readonly string _name = Guid.NewGuid().ToString(NameFormat);
    private FileStream? _lock;
    private string? _temporaryRoot;

    /// <summary>The folder for all of them.</summary>
    public string Root => _temporaryRoot ?? preferredRoot;

    private string Folder => Path.Combine(Root, _name);

    /// <summary>Makes a folder for one upload.</summary>
    /// <returns>The folder; disposing of it deletes it with all that is in it.</returns>
    public UploadFolder Create()
    {
        try
        {
            HoldLock();
            return new UploadFolder(Directory.CreateDirectory(Path.Combine(Folder, Guid.NewGuid().ToString("N"))).FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskErrors.NotWritten(Folder, Root, e);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_lock is not null)
            {
                UploadFolder.TryDelete(Folder);
                _lock.Dispose();
                _lock = null;
                if (_temporaryRoot is not null)
                {
                    UploadFolder.TryDelete(_temporaryRoot);
                }
            }
        }
    }

    private void HoldLock()
    {
        lock (_gate)
        {
            if (_lock is not null)
            {
                return;
            }

            try
            {
                _lock = OpenLock();
            }
            catch (Exception e) when (e is UnauthorizedAccessException || (e is IOException full && !DiskErrors.IsDiskFull(full)))
            {
                _temporaryRoot = Directory.CreateTempSubdirectory("stickypi-").FullName;
                _lock = OpenLock();
            }

            foreach (string folder in Directory.EnumerateDirectories(Root))
            {
                // The folder may be a link to a disk that holds folders of other programs too.
                if (Guid.TryParseExact(Path.GetFileName(folder), NameFormat, out _) && IsAbandoned(folder + LockExtension))
                {
                    UploadFolder.TryDelete(folder);
                }
            }
        }
    }

    private FileStream OpenLock()
    {
        _ = Directory.CreateDirectory(Root);
        return new FileStream(
            Folder + LockExtension, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
    }

    private static bool IsAbandoned(string lockFile)
    {
        try
        {
            using FileStream stream = new(lockFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            return true;
        }
        catch (FileNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

/// <summary>The folder of one upload.</summary>
/// <param name="path">Its absolute path.</param>
internal sealed class UploadFolder(string path) : IDisposable
{
    private const int BufferSize = 128 * 1024;

    /// <summary>Its absolute path.</summary>
    public string Path { get; } = path;

    /// <summary>Writes a body into a file, and hashes it on the way.</summary>
    /// <param name="body">The body.</param>
    /// <param name="name">What the file is called; with folders, where it lies in some.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The file, and its binary MD5.</returns>
    public async Task<(LocalFile File, byte[] Md5)> ReceiveAsync(Stream body, string name, CancellationToken cancellationToken)
    {
        string file = System.IO.Path.Combine(Path, name);
        using IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using FileStream stream = Write(file, () =>
            {
                _ = Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
                return new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            });
            for (int count; (count = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken)) > 0;)
            {
                md5.AppendData(buffer, 0, count);
                _ = Write(file, () =>
                {
                    stream.Write(buffer, 0, count);
                    return stream;
                });
            }

            return (new LocalFile(name, file, stream.Length, File.GetLastWriteTimeUtc(stream.SafeFileHandle)), md5.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The same error without the path of this folder, which says nothing to whoever has sent the file.</summary>
    public Core.StickyException Localize(Core.StickyException error)
    {
        string prefix = Path + System.IO.Path.DirectorySeparatorChar;
        return new Core.StickyException(
            error.ErrorId,
            error.Kind,
            error.Message.Hide(prefix, ""),
            (error.Target as string)?.Hide(prefix, "") ?? error.Target,
            error.RecommendedAction?.Hide(prefix, ""),
            error)
        { Service = error.Service };
    }

    /// <summary>The same sentence without the path of this folder.</summary>
    public string? Localize(string? text) => text?.Hide(Path + System.IO.Path.DirectorySeparatorChar, "");

    public void Dispose() => TryDelete(Path);

    /// <summary>Deletes a folder with all that is in it. What can't be deleted now goes when the next server starts.</summary>
    public static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The error that the upload had, if any, is the one that matters.
        }
    }

    private static FileStream Write(string file, Func<FileStream> write)
    {
        try
        {
            return write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskErrors.NotWritten(System.IO.Path.GetFileName(file), "the server", e);
        }
    }
}
