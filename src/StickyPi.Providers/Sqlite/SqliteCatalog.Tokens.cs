namespace StickyPi.Providers.Sqlite;

internal sealed partial class SqliteCatalog
{
    public ValueTask<bool> IsTokenRevokedAsync(string tokenId, CancellationToken cancellationToken) => throw new NotImplementedException();

    public ValueTask<ReadOnlyMemory<byte>> GetTokenSecretAsync(CancellationToken cancellationToken) => throw new NotImplementedException();
}
