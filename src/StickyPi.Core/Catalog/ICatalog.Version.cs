namespace StickyPi.Core.Catalog;

public partial interface ICatalog
{
    /// <summary>A text that is another one after rows have changed, whoever changed them.</summary>
    /// <param name="cancellationToken">Stops the look.</param>
    /// <returns>The text; null where it could not be told without reading the rows.</returns>
    ValueTask<string?> GetVersionAsync(CancellationToken cancellationToken) => new((string?)null);
}
