using StickyPi.Core.Catalog;

namespace StickyPi.Core.Stores;

public sealed partial class Store
{
    /// <summary>A text that is another one after rows have changed, whoever changed them.</summary>
    /// <param name="cancellationToken">Stops the look.</param>
    /// <returns>The text; null where it could not be told without reading the rows.</returns>
    public ValueTask<string?> GetCatalogVersionAsync(CancellationToken cancellationToken = default) => _catalog.GetVersionAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StickyCatalogFile> SaveCatalogAsync(string path, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
