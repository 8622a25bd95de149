using System.Collections.Concurrent;

namespace StickyPi.Core.Storage;

/// <summary>Object storage in a folder: a key is the path of a file below it.</summary>
/// <remarks>
/// A process that dies leaves unfinished files behind. Each process keeps a locked file while it writes, and names its unfinished
/// files after it; a later one that writes to the same folder deletes those whose lock nobody holds.
/// </remarks>
internal sealed class DiskStorage(string root) : IObjectStorage
{
    private const int TagLength = 12;

    private readonly string _locks = Path.Combine(root, "cache", "writers");
    private readonly ConcurrentDictionary<string, bool> _swept = new(StringComparer.Ordinal);
    private readonly Lock _lockGate = new();
    private FileStream? _lock;
    private string _tag = "";
    private long _counter;

    public string GetUrl(string key) => Path.Combine(root, key.Replace('/', Path.DirectorySeparatorChar));

    public ValueTask<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return new(new FileStream(GetUrl(key), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new((Stream?)null);
        }
    }

    public ValueTask<bool> ExistsAsync(string key, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new FileInfo(GetUrl(key)) is { Exists: true, Length: > 0 });

    public async ValueTask<IStagedObject> StageAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        HoldLock();
        string path = GetUrl(key);
        string folder = Path.GetDirectoryName(path)!;
        _ = Directory.CreateDirectory(folder);
        if (!_swept.ContainsKey(folder))
        {
            Sweep(folder);
            _ = _swept.TryAdd(folder, true);
        }

        string tag = $"{_tag}-{Interlocked.Increment(ref _counter):x}";
        try
        {
            return await StagedFile.WriteAsync(key, path, tag, content, cancellationToken).ConfigureAwait(false);
        }
        catch (DirectoryNotFoundException)
        {
            // Another process tidied the folder away while it was still empty.
            _ = Directory.CreateDirectory(folder);
            return await StagedFile.WriteAsync(key, path, tag, content, cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask DeleteAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            File.Delete(GetUrl(key));
        }
        catch (DirectoryNotFoundException)
        {
            // Then the file is not there either.
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask TidyAsync(string prefix, CancellationToken cancellationToken)
    {
        string folder = GetUrl(prefix);
        try
        {
            Sweep(folder);
            Directory.Delete(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is gone already, or something is in it.
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        lock (_lockGate)
        {
            if (_lock is not null)
            {
                _lock.Dispose();
                _lock = null;
                _swept.Clear();
            }
        }

        return ValueTask.CompletedTask;
    }

    private void HoldLock()
    {
        lock (_lockGate)
        {
            if (_lock is not null)
            {
                return;
            }

            _ = Directory.CreateDirectory(_locks);
            _tag = Guid.NewGuid().ToString("N")[..TagLength];
            _lock = new FileStream(
                Path.Combine(_locks, _tag), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);

            // Scripts seldom close their store: the locks of those that ended are tidied away by those that come. One that was only
            // just made may not be locked yet.
            DateTime justNow = DateTime.UtcNow.AddMinutes(-1);
            foreach (string file in Directory.EnumerateFiles(_locks).Where(file => File.GetLastWriteTimeUtc(file) < justNow))
            {
                _ = IsAbandoned(file);
            }
        }
    }

    private void Sweep(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*" + StagedFile.Extension))
        {
            if (WriterOf(file) is string writer && writer != _tag && IsAbandoned(Path.Combine(_locks, writer)))
            {
                File.Delete(file);
            }
        }
    }

    // Unfinished files are called <final name>.<writer>-<number>.partial; any other .partial file is somebody else's.
    private static string? WriterOf(string file)
    {
        string[] fields = Path.GetFileNameWithoutExtension(file).Split('.');
        string[] tag = fields[^1].Split('-');
        return fields.Length > 1 && tag.Length == 2 && tag[0].Length == TagLength && tag[0].All(char.IsAsciiHexDigitLower) ? tag[0] : null;
    }

    private static bool IsAbandoned(string lockFile)
    {
        try
        {
            // DeleteOnClose: whoever finds an abandoned lock tidies it away.
            using FileStream stream = new(lockFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 0, FileOptions.DeleteOnClose);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
