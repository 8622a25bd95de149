namespace StickyPi.Providers.Sqlite;

internal sealed partial class SqliteCatalogTransaction
{
    public void RevokeToken(string tokenId, DateTime expiresAt) => throw new NotImplementedException();
}
