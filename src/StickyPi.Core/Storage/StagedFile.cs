namespace StickyPi.Core.Storage;

/// <summary>
/// A file that is written under another name in the folder where it belongs, made safe on the disk, and renamed when it is whole.
/// </summary>
internal sealed class StagedFile(string key, string path, string temporaryPath, Action<string, Action>? change) : IStagedObject, IDisposable
{
    private bool _done;

    public string Key { get; } = key;

    /// <summary>Writes a file under a temporary name.</summary>
    /// <param name="key">What to call it.</param>
    /// <param name="path">Where it will be; its folder exists.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <returns>The file.</returns>
    public static ValueTask<StagedFile> WriteAsync(
        string key, string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        WriteAsync(key, path, temporaryPath: null, stream => stream.WriteAsync(content, cancellationToken), durable: true);

    /// <summary>Writes a file under a temporary name, piece by piece.</summary>
    /// <param name="key">What to call it.</param>
    /// <param name="path">Where it will be; its folder exists.</param>
    /// <param name="temporaryPath">Where it is meanwhile, which nobody else uses; null to overwrite what an earlier run has left.</param>
    /// <param name="write">Writes the bytes. Nothing is buffered for it.</param>
    /// <param name="durable">Whether the file must survive a power cut, because a row will tell of it; what is compared again later need not.</param>
    /// <param name="change">Does, for the key, what puts the file in its place; null to do just that.</param>
    /// <returns>The file.</returns>
    public static async ValueTask<StagedFile> WriteAsync(
        string key, string path, string? temporaryPath, Func<FileStream, ValueTask> write, bool durable, Action<string, Action>? change = null)
    {
        StagedFile file = new(key, path, temporaryPath ?? UnfinishedFile.LeftoverPath(path), change);

        // Outside the try: a file that cannot be opened is somebody else's, and not ours to delete.
        FileStream stream = file.Create(mayReplace: temporaryPath is null);
        try
        {
            // Closed before a failure deletes it, which Windows would refuse otherwise.
            using (stream)
            {
                await write(stream).ConfigureAwait(false);

                stream.Flush(flushToDisk: durable);
            }

            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public string TemporaryPath { get; } = temporaryPath;

    // A file that is emptied as it is opened is written to the disk as it is closed, by the file systems of Linux: so that is done only where
    // there is one.
    private FileStream Create(bool mayReplace)
    {
        try
        {
            return Create(FileMode.CreateNew);
        }
        catch (IOException) when (mayReplace && File.Exists(TemporaryPath))
        {
            return Create(FileMode.Create);
        }

        FileStream Create(FileMode mode) => new(TemporaryPath, mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
    }

    public ValueTask PublishAsync(CancellationToken cancellationToken)
    {
        Publish();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    public void Publish()
    {
        if (change is null)
        {
            Move();
        }
        else
        {
            change(Key, Move);
        }

        _done = true;

        void Move() => File.Move(TemporaryPath, path, overwrite: true);
    }

    public void Dispose()
    {
        if (!_done)
        {
            _done = true;
            try
            {
                File.Delete(TemporaryPath);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The drive may be gone. The error that led here says so; the next writer to the folder tidies up.
            }
        }
    }
}
