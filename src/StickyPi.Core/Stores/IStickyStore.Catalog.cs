using StickyPi.Core.Catalog;

namespace StickyPi.Core.Stores;

public partial interface IStickyStore
{
    /// <summary>
    /// Saves the catalog as it is at one moment as a SQLite file that can be opened as a store and searched without this one. It holds all
    /// rows but those of users and tokens, and no file of a picture.
    /// </summary>
    /// <param name="path">The file, an absolute path; it appears whole or not at all, over any earlier one.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>What was saved.</returns>
    /// <exception cref="StickyException"><c>FileNotWritten</c>, <c>StorageFull</c>, <c>StoreUnavailable</c>.</exception>
    ValueTask<StickyCatalogFile> SaveCatalogAsync(string path, CancellationToken cancellationToken = default);
}
