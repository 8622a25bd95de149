namespace StickyPi.Providers.Sqlite;

internal sealed partial class SqliteCatalog
{
    public ValueTask<long> SaveSnapshotAsync(string path, CancellationToken cancellationToken) => throw new NotImplementedException();
}
