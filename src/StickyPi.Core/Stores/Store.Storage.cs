using StickyPi.Core.Bundles;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Stores;

public sealed partial class Store
{
    /// <inheritdoc/>
    public IAsyncEnumerable<StickyStorageItem> GetStorageItemsAsync(string prefix, KeyFilter filter, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask<StickySyncSummary> SendStorageItemsAsync(
        IReadOnlyList<string> paths, SendStorageItemOptions options, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask<StickySyncSummary> ReceiveStorageItemsAsync(
        IReadOnlyList<string> prefixes, ReceiveStorageItemOptions options, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Outcome<StickyStorageItem>>> RemoveStorageItemsAsync(
        IReadOnlyList<string> keys, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    public IAsyncEnumerable<StickyIncompleteUpload> GetIncompleteUploadsAsync(string prefix, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask AbortUploadAsync(StickyIncompleteUpload upload, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    public IAsyncEnumerable<StickyMlBundle> GetMlBundlesAsync(IReadOnlyList<string> patterns, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> GetMlBundleNamesAsync(CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask<StickySyncSummary> SyncMlBundleAsync(
        string name, string folder, SyncMlBundleOptions options, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask<StickyMlBundle> RemoveMlBundleAsync(string name, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();
}
