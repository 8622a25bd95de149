using StickyPi.Core.Properties;

namespace StickyPi.Providers.Sqlite;

internal sealed partial class SqliteCatalog
{
    public ValueTask<IReadOnlyList<StickyPropertySet?>> FindPropertiesAsync(IReadOnlyList<PropertyTarget> targets, CancellationToken cancellationToken) => throw new NotImplementedException();

    public ValueTask<IReadOnlyList<StickyPropertySet>> GetPropertyPageAsync(
        StickyPropertyKind kind, string afterId, int count, CancellationToken cancellationToken) => throw new NotImplementedException();
}
