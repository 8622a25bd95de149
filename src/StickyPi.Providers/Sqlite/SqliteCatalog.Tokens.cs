using Microsoft.Data.Sqlite;
using StickyPi.Core.Catalog;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Sqlite;

internal sealed partial class SqliteCatalog
{
    public ValueTask<bool> IsTokenRevokedAsync(string tokenId, CancellationToken cancellationToken) => UseAsync(connection =>
    {
        if (!Schema.Has(connection, Schema.RevokedTokensTable))
        {
            return false;
        }

        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = RevokedTokens.Find;
        _ = command.Parameters.AddWithValue("@id", tokenId);
        return command.ExecuteScalar() is not null;
    }, cancellationToken);

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
}
