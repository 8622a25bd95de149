using Microsoft.Data.Sqlite;
using StickyPi.Core.Catalog;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Sqlite;

internal sealed partial class SqliteCatalog
{
    public ValueTask<bool> IsTokenRevokedAsync(string tokenId, CancellationToken cancellationToken) =>
        UseAsync(connection => IsRevoked(connection, tokenId), cancellationToken);

    // One read, because each request needs all three.
    public ValueTask<TokenFacts> GetTokenFactsAsync(string tokenId, CancellationToken cancellationToken) => UseAsync(
        connection => new TokenFacts(
            SqliteCatalogTransaction.FindTokenSecret(connection), UserFinder.ReadAll(connection), IsRevoked(connection, tokenId)),
        cancellationToken);

    public async ValueTask<ReadOnlyMemory<byte>> GetTokenSecretAsync(CancellationToken cancellationToken)
    {
        if (await UseAsync(SqliteCatalogTransaction.FindTokenSecret, cancellationToken).ConfigureAwait(false) is byte[] known)
        {
            return known;
        }

        await using ICatalogTransaction transaction = await BeginWriteAsync(user: null, cancellationToken).ConfigureAwait(false);
        byte[] secret = ((SqliteCatalogTransaction)transaction).MakeTokenSecret();
        transaction.Commit(cancellationToken);
        return secret;
    }
    private static bool IsRevoked(SqliteConnection connection, string tokenId)
    {
        if (!Schema.Has(connection, Schema.RevokedTokensTable))
        {
            return false;
        }

        using SqliteStatement statement = new(connection, RevokedTokens.Find);
        statement.Bind(1, tokenId);
        return statement.Step();
    }
}
