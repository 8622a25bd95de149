using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace StickyPi.Core.Storage;

/// <summary>
/// Bytes under keys. A key is a relative path with forward slashes, see <see cref="ObjectKey"/>; it never leaves its storage. All members may
/// be called from several threads at once. Times are UTC.
/// </summary>
/// <remarks>
/// Storage in a folder throws <see cref="IOException"/> and <see cref="UnauthorizedAccessException"/> as the file system does; storage
/// beyond a network throws <see cref="StickyException"/> with its <see cref="StickyException.Service"/>, after it has tried again
/// whatever may succeed at a second attempt.
/// </remarks>
public interface IObjectStorage : IAsyncDisposable
{
    /// <summary>Where the storage is: a folder, or the URL of a bucket and the path in it.</summary>
    string Location { get; }

    /// <summary>The server of a bucket; null where there is none.</summary>
    Uri? Endpoint => null;

    /// <summary>Where an object can be fetched from: a path, or a URL that is good for a limited time.</summary>
    /// <param name="key">The object, which need not exist.</param>
    /// <returns>The place.</returns>
    string GetUrl(string key);

    /// <summary>Where an object is, for messages: a path, or a place in a bucket; never a URL that lets in whoever reads it.</summary>
    /// <param name="key">The object, which need not exist.</param>
    /// <returns>The place.</returns>
    string GetPlace(string key);

    /// <summary>Looks at one object without reading it.</summary>
    /// <param name="key">The object.</param>
    /// <param name="cancellationToken">Stops the look.</param>
    /// <returns>What is known of it, its <see cref="StickyStorageItem.ModifiedTime"/> included, or null where there is no such object.</returns>
    ValueTask<StickyStorageItem?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>Looks at an object that was listed, whatever its key is: a bucket may hold keys that this product would not make.</summary>
    /// <param name="key">Its key, exactly as it was listed.</param>
    /// <param name="cancellationToken">Stops the look.</param>
    /// <returns>As <see cref="FindAsync"/>.</returns>
    ValueTask<StickyStorageItem?> FindListedAsync(string key, CancellationToken cancellationToken);

    /// <summary>Whether there is an object that holds anything.</summary>
    /// <param name="key">The object.</param>
    /// <param name="cancellationToken">Stops the look.</param>
    /// <returns>Whether it is there.</returns>
    async ValueTask<bool> ExistsAsync(string key, CancellationToken cancellationToken) =>
        await FindAsync(key, cancellationToken).ConfigureAwait(false) is { Size: > 0 };

    /// <summary>Lists objects, page by page, in no order that may be relied on.</summary>
    /// <param name="prefix">
    /// A key, for that object and all below it as if it were a folder; never one whose name only begins alike: <c>a/b</c> does not list
    /// <c>a/bc</c>. Empty for all.
    /// </param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <returns>The objects.</returns>
    IAsyncEnumerable<StickyStorageItem> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Lists one level of keys: objects, and folders of keys, with a slash at their ends, without what is in them.</summary>
    /// <param name="beginning">What they begin with: a folder up to its slash, and the beginning of a name. Either may be missing.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <returns>The whole keys, in no order that may be relied on.</returns>
    /// <remarks>Storage that can't ask for a level lists the folder with all that is below it.</remarks>
    async IAsyncEnumerable<string> ListLevelAsync(string beginning, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int level = beginning.LastIndexOf('/') + 1;
        HashSet<string> told = [];
        await foreach (StickyStorageItem item in ListAsync(beginning[..Math.Max(level - 1, 0)], cancellationToken).ConfigureAwait(false))
        {
            if (item.Key.StartsWith(beginning, StringComparison.Ordinal))
            {
                int end = item.Key.IndexOf('/', level) + 1;
                string key = end > 0 ? item.Key[..end] : item.Key;
                if (told.Add(key))
                {
                    yield return key;
                }
            }
        }
    }

    /// <summary>Opens an object for reading.</summary>
    /// <param name="key">The object.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <returns>Its bytes, with a <see cref="Stream.Length"/>, or null where there is no such object.</returns>
    ValueTask<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken);

    /// <summary>Opens a part of an object for reading.</summary>
    /// <param name="key">The object.</param>
    /// <param name="offset">Where the part begins; at or behind the end of the object the part is empty.</param>
    /// <param name="length">How long it is at most.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <returns>Its bytes, or null where there is no such object.</returns>
    ValueTask<Stream?> OpenReadAsync(string key, long offset, long length, CancellationToken cancellationToken);

    /// <summary>Opens the rest of an object, and of no other one that came in its place.</summary>
    /// <param name="item">The object as the storage found it.</param>
    /// <param name="offset">Where the rest begins, before the end of the object.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <returns>Its bytes, or null where there is no such object any more.</returns>
    /// <exception cref="StickyException"><c>ObjectChanged</c>: another object has its key.</exception>
    ValueTask<Stream?> OpenReadAsync(StickyStorageItem item, long offset, CancellationToken cancellationToken);

    /// <summary>Opens an object once: what is told of it and the bytes that are read belong together, also while another one comes in its place.</summary>
    /// <param name="key">The object.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <returns>The object with its ETag, or null where there is no such object.</returns>
    async ValueTask<StoredObject?> OpenAsync(string key, CancellationToken cancellationToken) =>
        await FindAsync(key, cancellationToken).ConfigureAwait(false) is StickyStorageItem item
            ? new StoredObject(item, new StoredObjectStream(this, item))
            : null;

    /// <summary>Tells whether an object holds exactly the bytes of a file, whichever way it was uploaded, by their hashes.</summary>
    /// <param name="item">The object.</param>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="StickyException"><c>FileNotFound</c>, <c>FileUnreadable</c>, <c>FileChanged</c>: of the file, while it was read.</exception>
    ValueTask<ContentComparison> CompareAsync(StickyStorageItem item, LocalFile file, CancellationToken cancellationToken);

    /// <summary>Tells whether an object holds the bytes of a file somewhere else, of which only the size and an ETag are known.</summary>
    /// <param name="item">The object, which has the size of the file.</param>
    /// <param name="etag">
    /// The ETag of the file: made like that of the object where that has one part, else as this product makes it, see
    /// <see cref="ETag.PartSizeOf"/>.
    /// </param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>What was found. The object is read where its own ETag does not tell.</returns>
    ValueTask<ContentComparison> CompareAsync(StickyStorageItem item, string etag, CancellationToken cancellationToken);

    /// <summary>Transfers the bytes of an object without showing it yet.</summary>
    /// <param name="key">The object.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="cancellationToken">Stops the transfer.</param>
    /// <returns>The hidden object.</returns>
    ValueTask<IStagedObject> StageAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>
    /// Uploads a file of any size, and keeps its modification time. The object appears whole and verified, or not at all. Where an earlier
    /// upload of the same file was interrupted, storage beyond a network goes on where that one ended.
    /// </summary>
    /// <param name="key">The object.</param>
    /// <param name="file">The file.</param>
    /// <param name="window">What bounds the transfers of the run, of which this call takes its share, and counts their bytes.</param>
    /// <param name="cancellationToken">Stops the transfer.</param>
    /// <returns>The object.</returns>
    /// <exception cref="StickyException">
    /// <c>FileNotFound</c>, <c>FileUnreadable</c>; <c>FileChanged</c>: the file is not the one that <paramref name="file"/> describes any more.
    /// </exception>
    ValueTask<StickyStorageItem> UploadAsync(string key, LocalFile file, TransferWindow window, CancellationToken cancellationToken);

    /// <summary>Downloads an object into a file, and verifies it.</summary>
    /// <param name="item">The object.</param>
    /// <param name="target">An empty file, opened for reading and writing.</param>
    /// <param name="window">What bounds the transfers of the run, of which this call takes its share, and counts their bytes.</param>
    /// <param name="cancellationToken">Stops the transfer.</param>
    /// <returns>The object as it was downloaded, with its <see cref="StickyStorageItem.ModifiedTime"/>.</returns>
    /// <exception cref="StickyException">
    /// <c>ObjectNotFound</c>; <c>ObjectChanged</c>: another one came in its place meanwhile; <c>ObjectNotVerified</c>: the bytes that came are
    /// not those of the object, however often it was tried.
    /// </exception>
    ValueTask<StickyStorageItem> DownloadAsync(
        StickyStorageItem item, SafeFileHandle target, TransferWindow window, CancellationToken cancellationToken);

    /// <summary>Copies an object within the storage, over any earlier one.</summary>
    /// <param name="sourceKey">The object.</param>
    /// <param name="targetKey">What the copy is called.</param>
    /// <param name="cancellationToken">Stops the copying.</param>
    /// <returns>A task that ends when the copy is there.</returns>
    /// <exception cref="StickyException"><c>ObjectNotFound</c>.</exception>
    ValueTask CopyAsync(string sourceKey, string targetKey, CancellationToken cancellationToken);

    /// <summary>Deletes an object; one that is not there is no error.</summary>
    /// <param name="key">The object; in a bucket also what marks an empty folder there, a key with a slash at its end.</param>
    /// <param name="cancellationToken">Stops the deletion.</param>
    /// <returns>A task that ends when it is gone.</returns>
    ValueTask DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>Deletes an object that was listed, whatever its key is; one that is not there any more is no error.</summary>
    /// <param name="item">The object.</param>
    /// <param name="cancellationToken">Stops the deletion.</param>
    /// <returns>A task that ends when it is gone.</returns>
    ValueTask DeleteAsync(StickyStorageItem item, CancellationToken cancellationToken);

    /// <summary>
    /// Removes what is left of a key under which there are no objects any more: a folder, where the storage has such. What does not go, stays.
    /// </summary>
    /// <param name="prefix">The key up to where the names of the objects would begin, without the slash.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>A task that ends with the work.</returns>
    ValueTask TidyAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Lists uploads that were begun and not ended: what killed programs left behind, and what is on its way now.</summary>
    /// <param name="prefix">As for <see cref="ListAsync"/>.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <returns>The uploads. A folder lists only those whose writer has ended.</returns>
    IAsyncEnumerable<StickyIncompleteUpload> ListIncompleteUploadsAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Gives up an upload and frees what it takes; one that is not there any more is no error.</summary>
    /// <param name="upload">The upload.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>A task that ends when it is gone.</returns>
    ValueTask AbortUploadAsync(StickyIncompleteUpload upload, CancellationToken cancellationToken);

    /// <summary>Makes a form with which somebody without credentials can upload one object, once or again, by an HTTP POST.</summary>
    /// <param name="key">The object.</param>
    /// <param name="lifetime">How long the form is good for.</param>
    /// <param name="maxSize">The size that the object may have, in bytes.</param>
    /// <returns>The form, or null where the storage has nothing of the kind, as a folder.</returns>
    PresignedPost? CreateUploadForm(string key, TimeSpan lifetime, long maxSize);
}
