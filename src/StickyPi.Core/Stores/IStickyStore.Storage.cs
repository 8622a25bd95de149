using StickyPi.Core.Storage;

namespace StickyPi.Core.Stores;

public partial interface IStickyStore
{
    /// <summary>Lists the objects of the store: the files of pictures, tuboids and bundles, and whatever else was pushed.</summary>
    /// <param name="prefix">A key, for that object and everything below it; empty for all.</param>
    /// <param name="filter">Which of them, by their whole keys.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <returns>The objects, in no order that may be relied on.</returns>
    IAsyncEnumerable<StickyStorageItem> GetStorageItemsAsync(string prefix, KeyFilter filter, CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes a key of what a user typed or a listing gave: backslashes are converted, as in paths of Windows, unless there is an object whose key
    /// is exactly that text.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Stops the look at the object.</param>
    /// <returns>The key; empty for the base of the store.</returns>
    /// <exception cref="StickyException"><c>InvalidKey</c>.</exception>
    ValueTask<string> ParsePrefixAsync(string text, CancellationToken cancellationToken = default);

    /// <summary>
    /// As <see cref="ParsePrefixAsync"/>, where the key may also be that of an upload that was begun and not ended: it may have no object yet.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Stops the look at the uploads.</param>
    /// <returns>The key; empty for the base of the store.</returns>
    /// <exception cref="StickyException"><c>InvalidKey</c>.</exception>
    ValueTask<string> ParseUploadPrefixAsync(string text, CancellationToken cancellationToken = default);

    /// <summary>Lists one level of keys: objects, and folders of keys, with a slash at their ends, without what is in them.</summary>
    /// <param name="beginning">What they begin with: a folder up to its slash, and the beginning of a name. Either may be missing.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <returns>The whole keys, in no order that may be relied on.</returns>
    /// <exception cref="StickyException"><c>InvalidKey</c>: the folder can be none.</exception>
    IAsyncEnumerable<string> GetStorageLevelAsync(string beginning, CancellationToken cancellationToken = default);

    /// <summary>
    /// Pushes files and folders. Everything is compared first; with a collision, or with a difference and without
    /// <see cref="SyncOptions.Force"/>, nothing moves.
    /// </summary>
    /// <param name="paths">Absolute paths of files and folders.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Stops the work; whatever is on its way does not appear.</param>
    /// <returns>What was found and done.</returns>
    /// <exception cref="StickyException"><c>StorageUnavailable</c> and the like: the store can't be used; <c>StorageFull</c>.</exception>
    ValueTask<StickySyncSummary> SendStorageItemsAsync(
        IReadOnlyList<string> paths, SendStorageItemOptions options, CancellationToken cancellationToken = default);

    /// <summary>Pulls objects, by the same rules as <see cref="SendStorageItemsAsync"/> pushes.</summary>
    /// <param name="prefixes">Keys, each for an object or for everything below it.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Stops the work; whatever is on its way does not appear.</param>
    /// <returns>What was found and done.</returns>
    /// <exception cref="StickyException">As for <see cref="SendStorageItemsAsync"/>.</exception>
    ValueTask<StickySyncSummary> ReceiveStorageItemsAsync(
        IReadOnlyList<string> prefixes, ReceiveStorageItemOptions options, CancellationToken cancellationToken = default);

    /// <summary>Deletes objects. The rows that tell of them, if any, stay.</summary>
    /// <param name="keys">Which.</param>
    /// <param name="parallelism">How many are deleted at a time.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>
    /// One outcome an object, in the same order. Errors: <c>ObjectNotFound</c>, <c>ReservedKey</c>, <c>InvalidKey</c>, <c>FileNotRemoved</c>; one
    /// of the kind <see cref="StickyErrorKind.StoreUnavailable"/> is also that of all objects that were not tried any more.
    /// </returns>
    ValueTask<IReadOnlyList<Outcome<StickyStorageItem>>> RemoveStorageItemsAsync(
        IReadOnlyList<string> keys, int parallelism = SyncOptions.DefaultParallelism, CancellationToken cancellationToken = default);

    /// <summary>Lists uploads that were begun and not ended.</summary>
    /// <param name="prefix">A key, for that object and everything below it; empty for all.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <returns>The uploads.</returns>
    IAsyncEnumerable<StickyIncompleteUpload> GetIncompleteUploadsAsync(string prefix, CancellationToken cancellationToken = default);

    /// <summary>Gives up an upload, and frees what it takes.</summary>
    /// <param name="upload">The upload.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>A task that ends when it is gone.</returns>
    ValueTask AbortUploadAsync(StickyIncompleteUpload upload, CancellationToken cancellationToken = default);
}
