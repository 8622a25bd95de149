using StickyPi.Core.Properties;

namespace StickyPi.Core.Stores;

public sealed partial class Store
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Outcome<StickyPropertySet>>> GetPropertiesAsync(
        IReadOnlyList<PropertyTarget> targets, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <inheritdoc/>
    public IAsyncEnumerable<StickyPropertySet> ListPropertiesAsync(
        StickyPropertyKind kind, IReadOnlyList<string> patterns, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask<Outcome<StickyPropertySet>> ChangePropertiesAsync(
        PropertyTarget target, PropertyChange change, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
