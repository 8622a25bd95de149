using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace StickyPi.Core.Storage;

/// <summary>Object storage in a folder: a key is the path of a file below it.</summary>
/// <remarks>
/// A process that dies leaves unfinished files behind. Each process keeps a locked file while it writes, and names its unfinished
/// files after it; a later one that writes to the same folder deletes those whose lock nobody holds.
/// </remarks>
/// <param name="root">The folder, an absolute path.</param>
/// <param name="own">Files and folders elsewhere that are the store's own: its catalog, its caches.</param>
internal sealed class DiskStorage(string root, IReadOnlyList<string>? own = null) : IObjectStorage
{
    private const int CopyBufferSize = 1024 * 1024;

    // What SQLite keeps beside a database.
    private static readonly string[] SqliteSuffixes = ["-wal", "-shm", "-journal"];

    private static readonly Lock LookGate = new();

    private readonly string _locks = GetWritersFolder(root);
    private readonly ConcurrentDictionary<string, bool> _swept = new(StringComparer.Ordinal);
    private readonly KnownHashes _hashes = new();
    private readonly ConcurrentDictionary<(string Key, long Size, DateTime Time, long Version), Lazy<Task<ContentHashes?>>> _hashing = new();
    private readonly Lock _lockGate = new();
    private FileStream? _lock;
    private string _tag = "";
    private long _counter;

    public string Location => root;

    /// <summary>Where the processes that write to the storage in a folder keep their locks.</summary>
    /// <param name="folder">The folder, an absolute path.</param>
    /// <returns>An absolute path.</returns>
    public static string GetWritersFolder(string folder) => Path.Combine(folder, "cache", "writers");

    /// <summary>Whether a file is no object of the storage in a folder, wherever it lies.</summary>
    /// <param name="folder">The folder, an absolute path.</param>
    /// <param name="path">The file, an absolute path.</param>
    /// <returns>Whether it is none: it lies elsewhere, or is one of the files that a store keeps for itself.</returns>
    public static bool IsHidden(string folder, string path)
    {
        string below = Path.GetRelativePath(LocalFolder.ResolveLinks(folder), LocalFolder.ResolveLinks(path));
        return Path.IsPathRooted(below)
            || below.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar)[0] == ".."
            || IsOwn(below.Replace(Path.DirectorySeparatorChar, '/'));
    }

    public string GetUrl(string key) => ObjectKey.IsValid(key) ? LocalFolder.PathOf(root, key) : throw ObjectKey.Invalid(key);

    public string GetPlace(string key) => GetUrl(key);

    public ValueTask<StickyStorageItem?> FindAsync(string key, CancellationToken cancellationToken) =>
        new(Find(key) is LocalFile file ? Describe(file) : null);

    public ValueTask<StickyStorageItem?> FindListedAsync(string key, CancellationToken cancellationToken) =>
        new(Find(key) is LocalFile file ? Describe(file) : null);

    public async IAsyncEnumerable<StickyStorageItem> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Whoever lists wants to see files: what else there is in the folder is no object, and an object that has gone meanwhile is none.
        foreach (LocalFile file in Scan(prefix).Where(file => !IsOwn(file.Key)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return Describe(file);
        }

        await ValueTask.CompletedTask.ConfigureAwait(false);
    }

    public async IAsyncEnumerable<string> ListLevelAsync(string beginning, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<string> keys = [];
        string folder = beginning[..Math.Max(beginning.LastIndexOf('/'), 0)];
        if (beginning.Contains('/') && !ObjectKey.IsValid(folder))
        {
            throw ObjectKey.Invalid(beginning);
        }

        keys.AddRange(ScanFolder(folder, enter: AddFolder).Select(file => file.Key).Where(key => !IsOwn(key)));
        foreach (string key in keys.Where(key => key.StartsWith(beginning, StringComparison.Ordinal)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return key;
        }

        await ValueTask.CompletedTask.ConfigureAwait(false);

        bool AddFolder(string key)
        {
            keys.Add(key + "/");
            return false;
        }
    }

    public ValueTask<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken)
    {
        // Pipes and devices have no length; opening one could wait for ever.
        return new(Find(key) is not LocalFile file ? null : file.Size == 0 ? Stream.Null : OpenFile(file));
    }

    public async ValueTask<Stream?> OpenReadAsync(StickyStorageItem item, long offset, CancellationToken cancellationToken)
    {
        Stream? whole = await OpenReadAsync(item.Key, cancellationToken).ConfigureAwait(false);
        whole?.Seek(offset, SeekOrigin.Begin);
        return whole;
    }

    public ValueTask<StoredObject?> OpenAsync(string key, CancellationToken cancellationToken) => OpenAsync(key, withETag: true, cancellationToken);

    /// <summary>Opens an object as <see cref="IObjectStorage.OpenAsync"/> does.</summary>
    /// <param name="key">The object.</param>
    /// <param name="withETag">Whether a large object that nobody has read yet is read to find its ETag; otherwise it has none.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <returns>The object, or null where there is none.</returns>
    public async ValueTask<StoredObject?> OpenAsync(string key, bool withETag, CancellationToken cancellationToken)
    {
        long version = _hashes.GetVersion(key);
        if (Find(key) is not LocalFile found)
        {
            return null;
        }

        FileStream? stream = found.Size == 0 ? null : OpenFile(found);
        if (stream is null)
        {
            return found.Size == 0 ? new StoredObject(Describe(found) with { ETag = ETag.OfNothing }, Stream.Null) : null;
        }

        try
        {
            LocalFile file = found with { Size = stream.Length, ModifiedTime = File.GetLastWriteTimeUtc(stream.SafeFileHandle) };
            ContentHashes? hashes = file.Size <= ETag.PartSize
                ? await ETag.ComputeBothAsync(stream.SafeFileHandle, file.Size, cancellationToken).ConfigureAwait(false)
                : withETag ? await FindHashesAsync(file, stream.SafeFileHandle, version, cancellationToken).ConfigureAwait(false)
                : _hashes.Find(file, version);
            StickyStorageItem item = Describe(file) with { ETag = hashes?.ETag };
            return new StoredObject(item, new StoredObjectStream(this, item, stream));
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The hashes of an object. What was read once is remembered while it is the same.</summary>
    /// <param name="key">The object.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The hashes, or null where there is no such object.</returns>
    public async ValueTask<ContentHashes?> FindHashesAsync(string key, CancellationToken cancellationToken)
    {
        long version = _hashes.GetVersion(key);
        if (Find(key) is not LocalFile found)
        {
            return null;
        }

        if (found.Size == 0)
        {
            return new ContentHashes(ETag.OfNothing, ETag.OfNothing);
        }

        using FileStream? stream = OpenFile(found);
        if (stream is null)
        {
            return null;
        }

        LocalFile file = found with { Size = stream.Length, ModifiedTime = File.GetLastWriteTimeUtc(stream.SafeFileHandle) };
        return await FindHashesAsync(file, stream.SafeFileHandle, version, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<Stream?> OpenReadAsync(string key, long offset, long length, CancellationToken cancellationToken)
    {
        Stream? whole = await OpenReadAsync(key, cancellationToken).ConfigureAwait(false);
        if (whole is null)
        {
            return null;
        }

        await using (whole.ConfigureAwait(false))
        {
            byte[] part = new byte[Math.Clamp(whole.Length - offset, 0, length)];
            if (part.Length > 0)
            {
                whole.Position = offset;
                await whole.ReadExactlyAsync(part, cancellationToken).ConfigureAwait(false);
            }

            return new MemoryStream(part, writable: false);
        }
    }

    public async ValueTask<ContentComparison> CompareAsync(StickyStorageItem item, LocalFile file, CancellationToken cancellationToken)
    {
        if (item.Size != file.Size)
        {
            return new ContentComparison(false, null, null);
        }

        using LocalFileReader mine = LocalFileReader.Open(file);
        (LocalFileReader theirs, LocalFile stored) = LocalFileReader.OpenCurrent(Find(item.Key) ?? throw ObjectKey.NotFound(item.Key));
        using LocalFileReader opened = theirs;
        if (stored.Size != file.Size)
        {
            return new ContentComparison(false, null, null);
        }

        // Comparing bytes is much quicker than hashing them: what is equal is hashed once.
        bool differ = false;
        string hash = await HashAsync(mine, file.Size, ReadBothAsync, cancellationToken).ConfigureAwait(false);
        theirs.ThrowIfChanged();
        return differ
            ? new ContentComparison(false, hash, await HashAsync(theirs, stored.Size, theirs.ReadAsync, cancellationToken).ConfigureAwait(false))
            : new ContentComparison(true, hash, hash);

        async ValueTask ReadBothAsync(long offset, Memory<byte> buffer, CancellationToken stop)
        {
            await mine.ReadAsync(offset, buffer, stop).ConfigureAwait(false);
            byte[] other = ArrayPool<byte>.Shared.Rent(buffer.Length);
            try
            {
                if (!differ)
                {
                    await theirs.ReadAsync(offset, other.AsMemory(0, buffer.Length), stop).ConfigureAwait(false);
                    differ |= !buffer.Span.SequenceEqual(other.AsSpan(0, buffer.Length));
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(other);
            }
        }
    }

    public async ValueTask<ContentComparison> CompareAsync(StickyStorageItem item, string etag, CancellationToken cancellationToken)
    {
        (LocalFileReader reader, LocalFile stored) = LocalFileReader.OpenCurrent(Find(item.Key) ?? throw ObjectKey.NotFound(item.Key));
        using LocalFileReader opened = reader;
        if (stored.Size != item.Size)
        {
            return new ContentComparison(false, etag, null);
        }

        string mine = await ETag.ComputeLikeAsync(reader.ReadAsync, stored.Size, etag, partSize: null, cancellationToken).ConfigureAwait(false);
        reader.ThrowIfChanged();
        return new ContentComparison(etag.Equals(mine, StringComparison.OrdinalIgnoreCase), etag, mine);
    }

    public async ValueTask<IStagedObject> StageAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        CheckVisible(key);
        return await WriteAsync(key, stream => stream.WriteAsync(content, cancellationToken), durable: true).ConfigureAwait(false);
    }

    public async ValueTask<StickyStorageItem> UploadAsync(string key, LocalFile file, TransferWindow window, CancellationToken cancellationToken)
    {
        CheckVisible(key);
        using TransferWindow.Place place = await window.EnterAsync(cancellationToken).ConfigureAwait(false);
        using LocalFileReader reader = LocalFileReader.Open(file);
        return await UploadAsync(key, reader, file, window, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<StickyStorageItem> UploadAsync(
        string key, LocalFileReader reader, LocalFile file, TransferWindow window, CancellationToken cancellationToken)
    {
        string etag = "";
        using StagedFile staged = await WriteAsync(
            key,
            async stream =>
            {
                etag = await CopyAsync(reader, file.Size, stream.SafeFileHandle, window, cancellationToken).ConfigureAwait(false);
                reader.ThrowIfChanged();
                File.SetLastWriteTimeUtc(stream.SafeFileHandle, file.ModifiedTime);
            },
            durable: false).ConfigureAwait(false);
        staged.Publish();
        return new StickyStorageItem { Key = key, Size = file.Size, ETag = etag, LastModified = file.ModifiedTime, ModifiedTime = file.ModifiedTime };
    }

    public async ValueTask<StickyStorageItem> DownloadAsync(
        StickyStorageItem item, SafeFileHandle target, TransferWindow window, CancellationToken cancellationToken)
    {
        using TransferWindow.Place place = await window.EnterAsync(cancellationToken).ConfigureAwait(false);
        (LocalFileReader reader, LocalFile stored) = LocalFileReader.OpenCurrent(Find(item.Key) ?? throw ObjectKey.NotFound(item.Key));
        using LocalFileReader opened = reader;
        string etag = await CopyAsync(reader, stored.Size, target, window, cancellationToken).ConfigureAwait(false);
        reader.ThrowIfChanged();
        return Describe(stored) with { ETag = etag };
    }

    public async ValueTask CopyAsync(string sourceKey, string targetKey, CancellationToken cancellationToken)
    {
        CheckVisible(targetKey);
        (LocalFileReader reader, LocalFile stored) = LocalFileReader.OpenCurrent(Find(sourceKey) ?? throw ObjectKey.NotFound(sourceKey));
        using LocalFileReader opened = reader;
        using TransferWindow window = new(1);
        _ = await UploadAsync(targetKey, reader, stored, window, cancellationToken).ConfigureAwait(false);
    }

    public async IAsyncEnumerable<StickyIncompleteUpload> ListIncompleteUploadsAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The unfinished files of an object lie beside it.
        string folder = prefix[..Math.Max(prefix.LastIndexOf('/'), 0)];
        if (prefix.Length > 0 && ObjectKey.WhyNotAFile(prefix) is not null)
        {
            yield break;
        }

        foreach (LocalFile file in ScanFolder(folder, enter: key => ObjectKey.IsUnder(key, prefix)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (IsLeftBehind(file.Path) && KeyOf(file.Key) is string key && IsMeant(key, prefix))
            {
                yield return new StickyIncompleteUpload { Key = key, UploadId = file.Key, Started = file.ModifiedTime, Size = file.Size };
            }
        }

        await ValueTask.CompletedTask.ConfigureAwait(false);
    }

    public ValueTask AbortUploadAsync(StickyIncompleteUpload upload, CancellationToken cancellationToken)
    {
        string path = GetUrl(upload.UploadId);
        if (IsLeftBehind(path))
        {
            File.Delete(path);
        }

        return ValueTask.CompletedTask;
    }

    public PresignedPost? CreateUploadForm(string key, TimeSpan lifetime, long maxSize) => null;

    public ValueTask DeleteAsync(string key, CancellationToken cancellationToken) => Delete(key, GetUrl(key));

    public ValueTask DeleteAsync(StickyStorageItem item, CancellationToken cancellationToken)
    {
        string path = PathOf(item.Key);
        string folder = Path.GetDirectoryName(path)!;
        string real = LocalFolder.ResolveLinks(folder);
        return real == Path.Combine(LocalFolder.ResolveLinks(root), Path.GetRelativePath(root, folder)) || folder == root
            ? Delete(item.Key, path)
            : throw new StickyException(
                "FileNotRemoved",
                StickyErrorKind.NotAllowed,
                $"'{item.Key}' was left: a link leads to the folder that it lies in, '{real}', and what lies there may be anybody's.",
                item.Key,
                "Remove the link, or delete the file where it is.");
    }

    private ValueTask Delete(string key, string path)
    {
        CheckVisible(key);
        try
        {
            _hashes.Change(key, () => File.Delete(path));
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
            LocalFolder.DeleteIfEmpty(folder);
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

    private async ValueTask<StagedFile> WriteAsync(string key, Func<FileStream, ValueTask> write, bool durable)
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

        string temporary = UnfinishedFile.PathOf(path, _tag, Interlocked.Increment(ref _counter));
        try
        {
            return await StagedFile.WriteAsync(key, path, temporary, write, durable, _hashes.Change).ConfigureAwait(false);
        }
        catch (DirectoryNotFoundException)
        {
            // Another process tidied the folder away while it was still empty.
            _ = Directory.CreateDirectory(folder);
            return await StagedFile.WriteAsync(key, path, temporary, write, durable, _hashes.Change).ConfigureAwait(false);
        }
    }

    private static async ValueTask<string> CopyAsync(
        LocalFileReader reader, long size, SafeFileHandle target, TransferWindow window, CancellationToken cancellationToken)
    {
        // Hashed as it is read, so that the result tells what was copied and not what the file holds later.
        using IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        using MemoryStream parts = new();
        long partSize = ETag.PartSizeOf(size);
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(CopyBufferSize, Math.Max(size, 1)));
        try
        {
            for (long offset = 0; offset < size;)
            {
                long endOfPart = Math.Min(size, (offset / partSize + 1) * partSize);
                Memory<byte> piece = buffer.AsMemory(0, (int)Math.Min(buffer.Length, endOfPart - offset));
                await reader.ReadAsync(offset, piece, cancellationToken).ConfigureAwait(false);

                // Large pieces are written and hashed at the same time.
                ValueTask writing = piece.Length == CopyBufferSize ? RandomAccess.WriteAsync(target, piece, offset, cancellationToken) : default;
                md5.AppendData(piece.Span);
                await writing.ConfigureAwait(false);
                if (piece.Length < CopyBufferSize)
                {
                    RandomAccess.Write(target, piece.Span, offset);
                }

                window.Count(piece.Length);
                offset += piece.Length;
                if (offset == endOfPart && size > ETag.PartSize)
                {
                    parts.Write(md5.GetHashAndReset());
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return size > ETag.PartSize ? ETag.Combine(parts.ToArray()) : Convert.ToHexStringLower(md5.GetHashAndReset());
    }

    // Null where it has gone meanwhile.
    private static FileStream? OpenFile(LocalFile file)
    {
        try
        {
            return new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    // What is known is believed: reading gigabytes for each part that somebody fetches would take too long.
    private async ValueTask<ContentHashes> FindHashesAsync(LocalFile file, SafeFileHandle handle, long version, CancellationToken cancellationToken)
    {
        if (_hashes.Find(file, version) is ContentHashes known)
        {
            return known;
        }

        if (file.Size > ETag.PartSize)
        {
            Lazy<Task<ContentHashes?>> hashing = _hashing.GetOrAdd(
                (file.Key, file.Size, file.ModifiedTime, version), _ => new(() => HashForAllAsync(file, version)));
            if (await hashing.Value.WaitAsync(cancellationToken).ConfigureAwait(false) is ContentHashes shared)
            {
                return shared;
            }
        }

        ContentHashes hashes = await ETag.ComputeBothAsync(handle, file.Size, cancellationToken).ConfigureAwait(false);
        _ = _hashes.Keep(file, version, hashes);
        return hashes;
    }

    // All that wait for the hashes of a file wait for one reading of it. It goes on when they give up: a client that asks again then finds
    // more of it done. Null where the file is another one by now, and whoever waits has to read the file that they opened.
    private async Task<ContentHashes?> HashForAllAsync(LocalFile file, long version)
    {
        try
        {
            using FileStream? stream = OpenFile(file);
            if (stream is null || stream.Length != file.Size || File.GetLastWriteTimeUtc(stream.SafeFileHandle) != file.ModifiedTime)
            {
                return null;
            }

            ContentHashes hashes = await ETag.ComputeBothAsync(stream.SafeFileHandle, file.Size, CancellationToken.None).ConfigureAwait(false);
            return _hashes.Keep(file, version, hashes) ? hashes : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        finally
        {
            _ = _hashing.TryRemove((file.Key, file.Size, file.ModifiedTime, version), out _);
        }
    }

    private static async ValueTask<string> HashAsync(
        LocalFileReader reader, long size, Func<long, Memory<byte>, CancellationToken, ValueTask> read, CancellationToken cancellationToken)
    {
        string etag = await ETag.ComputeAsync(read, size, ETag.PartSizeOf(size), cancellationToken).ConfigureAwait(false);
        reader.ThrowIfChanged();
        return etag;
    }

    private static StickyStorageItem Describe(LocalFile file) =>
        new() { Key = file.Key, Size = file.Size, LastModified = file.ModifiedTime, ModifiedTime = file.ModifiedTime, ThroughLink = file.ThroughLink };

    // What was listed is found again, also where its name can't be a new key.
    private string PathOf(string key) => ObjectKey.WhyNotAFile(key) is null ? LocalFolder.PathOf(root, key) : throw ObjectKey.Invalid(key);

    private LocalFile? Find(string key) => IsVisible(key) ? LocalFolder.Find(key, PathOf(key)) : null;

    private IEnumerable<LocalFile> Scan(string prefix) => prefix.Length > 0 && Find(prefix) is LocalFile single
        ? [single]
        : ScanFolder(prefix, enter: _ => true);

    private IEnumerable<LocalFile> ScanFolder(string folder, Func<string, bool> enter)
    {
        string path = folder.Length == 0 ? root : PathOf(folder);
        if (!Directory.Exists(path) || LeadsToOwn(folder))
        {
            yield break;
        }

        (string? Folder, bool IsOwn) last = default;
        foreach (LocalFile file in LocalFolder.Scan(
            path, key => ObjectKey.Combine(folder, key) is string whole && !IsOwn(whole) && enter(whole), refuse: _ => { }))
        {
            if (!file.ThroughLink || !IsOwnThroughLink(file.Path))
            {
                yield return file with { Key = ObjectKey.Combine(folder, file.Key) };
            }
        }

        // Most files behind a link lie beside another one.
        bool IsOwnThroughLink(string path)
        {
            if (new FileInfo(path).LinkTarget is not null)
            {
                return IsOwnPlace(LocalFolder.ResolveLinks(path));
            }

            string parent = Path.GetDirectoryName(path)!;
            if (parent != last.Folder)
            {
                last = (parent, IsOwnPlace(LocalFolder.ResolveLinks(parent)));
            }

            return last.IsOwn || (IsOwnName(Path.GetFileName(path)) && IsOwnPlace(LocalFolder.ResolveLinks(path)));
        }
    }

    /// <summary>
    /// Whether a key is of the store's own database or caches, which lie in the same folder. They are no objects, and not to be had, or
    /// overwritten, as such.
    /// </summary>
    /// <param name="key">A key.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsOwn(string key) => IsStoresOwn(key) || UnfinishedFile.IsIn(key);

    private static bool IsStoresOwn(string key) => key.StartsWith("database.db", StringComparison.OrdinalIgnoreCase)
        || ObjectKey.IsUnder(key.ToLowerInvariant(), "cache");

    private bool IsVisible(string key) => !IsOwn(key) && !LeadsToOwn(key);

    // A link may lead to data, wherever they are, and not to what the store keeps for itself. Its name says nothing, only where it leads.
    private bool LeadsToOwn(string key)
    {
        // What can be no path is refused by whoever makes one of it.
        if (ObjectKey.WhyNotAFile(key) is not null)
        {
            return false;
        }

        string path = root;
        foreach (string part in key.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            path = Path.Combine(path, part);
            FileAttributes attributes;
            try
            {
                attributes = new FileInfo(path).Attributes;
            }
            catch (PathTooLongException)
            {
                return false;
            }

            if (attributes == (FileAttributes)(-1))
            {
                return false;
            }

            if (attributes.HasFlag(FileAttributes.ReparsePoint))
            {
                return IsOwnPlace(LocalFolder.ResolveLinks(LocalFolder.PathOf(root, key)));
            }
        }

        return false;
    }

    private bool IsOwnPlace(string resolved)
    {
        string below = Path.GetRelativePath(LocalFolder.ResolveLinks(root), resolved).Replace(Path.DirectorySeparatorChar, '/');
        return IsStoresOwn(below)
            || (own ?? []).Select(LocalFolder.ResolveLinks).Any(place =>
                resolved.StartsWith(place, StringComparison.OrdinalIgnoreCase)
                && (resolved.Length == place.Length
                    || resolved[place.Length] == Path.DirectorySeparatorChar
                    || SqliteSuffixes.Contains(resolved[place.Length..], StringComparer.OrdinalIgnoreCase)));
    }

    // Whether a file of this name may be the store's own, wherever a folder of links leads.
    private bool IsOwnName(string name) => IsStoresOwn(name)
        || (own ?? []).Any(place => name.StartsWith(Path.GetFileName(place), StringComparison.OrdinalIgnoreCase));

    private void CheckVisible(string key)
    {
        if (!IsVisible(key))
        {
            throw new StickyException(
                "ReservedKey",
                StickyErrorKind.NotAllowed,
                $"'{key}' is a name that the store keeps for itself.",
                key,
                "Choose another name: all but 'database.db…', 'cache/…' and '.stickypi-…' is free.");
        }
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
            _tag = Guid.NewGuid().ToString("N")[..UnfinishedFile.WriterLength];
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
        foreach (string file in Directory.EnumerateFiles(folder, ".stickypi-*.partial").Where(IsLeftBehind))
        {
            File.Delete(file);
        }
    }

    // Whether a file is unfinished, and its writer has ended.
    private bool IsLeftBehind(string path) =>
        UnfinishedFile.WriterOf(Path.GetFileName(path)) is string writer && writer != _tag && IsAbandoned(Path.Combine(_locks, writer));

    private static string KeyOf(string unfinished)
    {
        string folder = unfinished[..(unfinished.LastIndexOf('/') + 1)];
        return folder + UnfinishedFile.FinalName(unfinished[folder.Length..]);
    }

    // Of a long name only the beginning is known.
    private static bool IsMeant(string key, string prefix) => ObjectKey.IsUnder(key, prefix)
        || (UnfinishedFile.MayBeShortened(key[(key.LastIndexOf('/') + 1)..]) && prefix.StartsWith(key, StringComparison.Ordinal));

    // Two that looked at the same time would each find the file locked by the other, and leave behind what they could have tidied away.
    private static bool IsAbandoned(string lockFile)
    {
        using Lock.Scope look = LookGate.EnterScope();
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
