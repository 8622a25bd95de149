using StickyPi.Core.Properties;

namespace StickyPi.Core.Catalog;

public partial interface ICatalog
{
    /// <summary>Looks up extra properties.</summary>
    /// <param name="targets">Of what.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>One element for each target, in the same order; null where it has none.</returns>
    ValueTask<IReadOnlyList<StickyPropertySet?>> FindPropertiesAsync(IReadOnlyList<PropertyTarget> targets, CancellationToken cancellationToken);

    /// <summary>Reads one page of the extra properties of one kind, ordered by id.</summary>
    /// <param name="kind">What they hang on.</param>
    /// <param name="afterId">The last id before the page; empty for the first.</param>
    /// <param name="count">How many to read at most.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The properties; fewer than <paramref name="count"/> only at the end.</returns>
    ValueTask<IReadOnlyList<StickyPropertySet>> GetPropertyPageAsync(
        StickyPropertyKind kind, string afterId, int count, CancellationToken cancellationToken);
}

public partial interface ICatalogTransaction
{
    /// <summary>Looks up extra properties, seeing what this transaction did so far.</summary>
    /// <param name="target">Of what.</param>
    /// <returns>The properties, or null where there are none.</returns>
    StickyPropertySet? FindProperties(PropertyTarget target);

    /// <summary>Writes extra properties over what there was.</summary>
    /// <param name="target">Of what.</param>
    /// <param name="json">A JSON object in UTF-8; null to remove all.</param>
    void SetProperties(PropertyTarget target, ReadOnlyMemory<byte>? json);
}
