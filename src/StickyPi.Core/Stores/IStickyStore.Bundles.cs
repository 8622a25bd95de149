using StickyPi.Core.Bundles;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Stores;

public partial interface IStickyStore
{
    /// <summary>Lists the ML bundles of the store, ordered by name.</summary>
    /// <param name="patterns">Names or patterns, see <see cref="NamePattern"/>; none means all.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <returns>The bundles.</returns>
    IAsyncEnumerable<StickyMlBundle> GetMlBundlesAsync(IReadOnlyList<string> patterns, CancellationToken cancellationToken = default);

    /// <summary>Lists the names of the ML bundles, in order.</summary>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <returns>The names.</returns>
    ValueTask<IReadOnlyList<string>> GetMlBundleNamesAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Brings a bundle to or from the store. What has the same hash is skipped; a newer source replaces the target; what is older, or as
    /// old, and differs is reported and left, unless <see cref="SyncOptions.Force"/>. Modification times are kept. A push first writes
    /// <c>output/.version.txt</c> beside the model if that has changed.
    /// </summary>
    /// <param name="name">The name of the bundle in the store.</param>
    /// <param name="folder">The bundle on this machine. An absolute path.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Stops the work; whatever is on its way does not appear.</param>
    /// <returns>What was found and done.</returns>
    /// <exception cref="StickyException">
    /// <c>InvalidBundleName</c>; <c>FolderNotFound</c>, <c>BundleNotFound</c>: there is no source; <c>StorageUnavailable</c> and the like.
    /// </exception>
    ValueTask<StickySyncSummary> SyncMlBundleAsync(
        string name, string folder, SyncMlBundleOptions options, CancellationToken cancellationToken = default);

    /// <summary>Removes a bundle from the store, with all files below its name.</summary>
    /// <param name="name">The name of the bundle.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>What was removed.</returns>
    /// <exception cref="StickyException"><c>InvalidBundleName</c>, <c>BundleNotFound</c>, <c>FileNotRemoved</c>.</exception>
    ValueTask<StickyMlBundle> RemoveMlBundleAsync(string name, CancellationToken cancellationToken = default);
}
