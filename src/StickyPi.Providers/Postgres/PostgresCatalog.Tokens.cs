using StickyPi.Core.Catalog;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Postgres;

internal sealed partial class PostgresCatalog
{
    public async ValueTask<bool> IsTokenRevokedAsync(string tokenId, CancellationToken cancellationToken) => (await QueryAsync(
        connection => connection.Command(RevokedTokens.Find, ("@id", tokenId)), row => row.Int32(0), cancellationToken).ConfigureAwait(false)).Count > 0;

    public async ValueTask<ReadOnlyMemory<byte>> GetTokenSecretAsync(CancellationToken cancellationToken)
    {
        List<byte[]> known = await QueryAsync(connection => connection.Command(TokenSecret.Find), row => row.Utf8(0), cancellationToken)
            .ConfigureAwait(false);
        if (known.Count > 0)
        {
            return known[0];
        }

        await using ICatalogTransaction transaction = await BeginWriteAsync(user: null, cancellationToken).ConfigureAwait(false);
        byte[] secret = ((PostgresCatalogTransaction)transaction).MakeTokenSecret();
        transaction.Commit(cancellationToken);
        return secret;
    }
}
