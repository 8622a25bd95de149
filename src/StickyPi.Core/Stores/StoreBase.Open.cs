using System.Text;
using StickyPi.Core.Images;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Stores;

public abstract partial class StoreBase
{
    // Keys with invisible letters come from other programs alone. A folder that had none a moment ago has none for the next file either.
    private const int MaxFoldersRemembered = 1000;
    private static readonly TimeSpan FolderLifetime = TimeSpan.FromMinutes(1);

    private readonly Lock _foldersGate = new();
    private readonly RecentItems<string, (long Until, IReadOnlyDictionary<string, string> BySight)> _folders = new(MaxFoldersRemembered, StringComparer.Ordinal);

    /// <summary>Opens one file of a picture, to be read in pieces. Nobody checks it against its MD5.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="what">Which of its files.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <returns>The file.</returns>
    /// <exception cref="StickyException"><c>StoredFileMissing</c>, <c>InvalidDevice</c>.</exception>
    public async ValueTask<StoredObject> OpenImageAsync(StickyImage image, ImageContent what, CancellationToken cancellationToken = default) =>
        await Storage.OpenAsync(image.Reference.Key(what), cancellationToken).ConfigureAwait(false)
            ?? throw new StickyException(
                "StoredFileMissing",
                StickyErrorKind.ReadFailed,
                $"The file of picture {image.Reference} is missing in the store.",
                image.Reference,
                HowToRestore);

    /// <summary>Opens an object, to be read in pieces. What is told of it is that of the bytes that are read, whatever comes in its place.</summary>
    /// <param name="key">The object.</param>
    /// <param name="withETag">Whether a large file of a folder is read to find its ETag, once while it is the same. Otherwise it may have none.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <returns>The object, with its ETag; null where there is none.</returns>
    public async ValueTask<StoredObject?> OpenStorageItemAsync(string key, bool withETag = true, CancellationToken cancellationToken = default) =>
        ObjectKey.IsValid(key)
            ? Storage is DiskStorage folder
                ? await folder.OpenAsync(key, withETag, cancellationToken).ConfigureAwait(false)
                : await Storage.OpenAsync(key, cancellationToken).ConfigureAwait(false)
            : ObjectKey.IsListable(key) && await Storage.FindListedAsync(key, cancellationToken).ConfigureAwait(false) is StickyStorageItem item
                ? new StoredObject(item, new StoredObjectStream(Storage, item))
            : null;

    /// <summary>Finds the hashes of an object in a folder. What was read once is remembered while it is the same.</summary>
    /// <param name="key">The object.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The hashes; null where there is no such object, or where the objects lie in no folder.</returns>
    public async ValueTask<ContentHashes?> FindStorageItemHashesAsync(string key, CancellationToken cancellationToken = default) =>
        Storage is DiskStorage folder && ObjectKey.IsValid(key) ? await folder.FindHashesAsync(key, cancellationToken).ConfigureAwait(false) : null;

    /// <summary>Tells whether an object is the same as a file somewhere else, by the file's size and ETag.</summary>
    /// <param name="key">The object.</param>
    /// <param name="size">The size of the file, in bytes.</param>
    /// <param name="etag">The ETag of the file, see <see cref="Storage.ETag"/>.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>Whether it is, and what the object's ETag is where that was found out; null where there is no such object.</returns>
    public async ValueTask<ContentComparison?> CompareStorageItemAsync(
        string key, long size, string etag, CancellationToken cancellationToken = default)
    {
        return !ObjectKey.IsListable(key) || await FindListedAsync(key, cancellationToken).ConfigureAwait(false) is not StickyStorageItem item
                ? null
            : item.Size != size ? new ContentComparison(false, etag, item.ETag)
            : await Storage.CompareAsync(item, etag, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Uploads one file, which is verified first.</summary>
    /// <param name="key">The object.</param>
    /// <param name="file">The file.</param>
    /// <param name="etag">The ETag that the file must have; null to take it as it is.</param>
    /// <param name="cancellationToken">Stops the upload; then the object has not appeared.</param>
    /// <returns>The object.</returns>
    /// <exception cref="StickyException">
    /// <c>ObjectNotVerified</c>, <c>InvalidKey</c>, <c>ReservedKey</c>, <c>KeyConflict</c>; <c>FileNotWritten</c>, <c>StorageFull</c> and the like.
    /// </exception>
    public async ValueTask<StickyStorageItem> SendStorageItemAsync(
        string key, LocalFile file, string? etag, CancellationToken cancellationToken = default)
    {
        if (WhyNoFiles is StickyException refusal)
        {
            throw refusal;
        }

        await CheckKeyAsync(key, cancellationToken).ConfigureAwait(false);
        if (etag is not null)
        {
            using LocalFileReader reader = LocalFileReader.Open(file);
            string found = await ETag.ComputeLikeAsync(reader.ReadAsync, file.Size, etag, partSize: null, cancellationToken).ConfigureAwait(false);
            if (!found.Equals(etag, StringComparison.OrdinalIgnoreCase))
            {
                throw new StickyException(
                    "ObjectNotVerified",
                    StickyErrorKind.InvalidData,
                    $"What came of '{key}' has the ETag {found}, and not {etag} as was said.",
                    key,
                    "Send it again.");
            }
        }

        try
        {
            using TransferWindow window = new(SyncOptions.DefaultParallelism);
            return await Storage.UploadAsync(key, file, window, cancellationToken).ConfigureAwait(false);
        }
        catch (PathTooLongException e)
        {
            throw new StickyException(
                "InvalidKey", StickyErrorKind.InvalidData, $"'{key}' is too long for the disk of the store.", key, "Shorten its parts to 200 bytes of UTF-8.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw await FindInTheWayAsync(key, cancellationToken).ConfigureAwait(false) is string other
                ? new StickyException(
                    "KeyConflict",
                    StickyErrorKind.Conflict,
                    $"'{key}' and '{other}' would need one name for a file and for a folder.",
                    key,
                    $"Choose another key, or remove '{other}' first.",
                    e)
                : DiskErrors.NotWritten(key, Location, e);
        }
    }

    /// <summary>Checks that an object of a key may be sent.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <returns>A task that ends with the check.</returns>
    /// <exception cref="StickyException"><c>InvalidKey</c>, <c>ReservedKey</c>, <c>KeyConflict</c>.</exception>
    public async ValueTask CheckKeyAsync(string key, CancellationToken cancellationToken = default)
    {
        StickyException? error = NewKey.WhyNot(key) ?? await WhyLooksLikeAsync(key, cancellationToken).ConfigureAwait(false);
        if (error is not null
            && (!ObjectKey.IsValid(key)
                || error.ErrorId == "ReservedKey"
                || await Storage.FindAsync(key, cancellationToken).ConfigureAwait(false) is null))
        {
            throw error;
        }
    }

    // A name of ASCII looks like another one only where that one holds something invisible, which is too rare to list a folder for each file.
    private async ValueTask<StickyException?> WhyLooksLikeAsync(string key, CancellationToken cancellationToken)
    {
        if (Ascii.IsValid(key))
        {
            return null;
        }

        string folder = key[..(key.LastIndexOf('/') + 1)];
        (long Until, IReadOnlyDictionary<string, string> BySight) known;
        lock (_foldersGate)
        {
            _ = _folders.TryGet(folder, out known);
        }

        // What would refuse the key is looked for once more: it may have been removed for that very reason.
        if (known.Until < Environment.TickCount64 || known.BySight.ContainsKey(key))
        {
            known = (Environment.TickCount64 + (long)FolderLifetime.TotalMilliseconds, await FindUnseenAsync(folder, cancellationToken).ConfigureAwait(false));
            lock (_foldersGate)
            {
                _folders.Put(folder, known);
            }
        }

        return known.BySight.TryGetValue(key, out string? other) ? NewKey.LooksLike(key, other) : null;
    }

    // The keys of a folder that are not what one sees of them, by what that is.
    private async ValueTask<IReadOnlyDictionary<string, string>> FindUnseenAsync(string folder, CancellationToken cancellationToken)
    {
        Dictionary<string, string> bySight = new(StringComparer.Ordinal);
        await foreach (string key in Storage.ListLevelAsync(folder, cancellationToken).ConfigureAwait(false))
        {
            if (VisibleName.AsSeen(key) is string seen && seen != key)
            {
                bySight[seen] = key;
            }
        }

        return bySight;
    }

    // Keys of a bucket may be both; in a folder they are paths.
    private async ValueTask<string?> FindInTheWayAsync(string key, CancellationToken cancellationToken)
    {
        if (Storage is not DiskStorage)
        {
            return null;
        }

        if (SyncCollisions.Ancestors(key).FirstOrDefault(above => File.Exists(Storage.GetPlace(above))) is string file)
        {
            return file;
        }

        await foreach (StickyStorageItem below in Storage.ListAsync(key, cancellationToken).ConfigureAwait(false))
        {
            if (below.Key != key)
            {
                return below.Key;
            }
        }

        return Directory.Exists(Storage.GetPlace(key)) ? key + "/" : null;
    }
}
