using StickyPi.Core.Properties;

namespace StickyPi.Providers.Sqlite;

internal sealed partial class SqliteCatalogTransaction
{
    public StickyPropertySet? FindProperties(PropertyTarget target) => throw new NotImplementedException();

    public void SetProperties(PropertyTarget target, ReadOnlyMemory<byte>? json) => throw new NotImplementedException();
}
