using StickyPi.Core.Catalog;

namespace StickyPi.Core.Stores;

public sealed partial class Store
{
    /// <inheritdoc/>
    public ValueTask<StickyCatalogFile> SaveCatalogAsync(string path, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
