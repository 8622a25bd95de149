using StickyPi.Core.Catalog;
using StickyPi.Core.Users;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Postgres;

internal sealed partial class PostgresCatalog
{
    private const string TokenFactsOfUsers = $"SELECT {UserRows.Columns}, ({TokenSecret.Find}), ({RevokedTokens.Find}) FROM users";

    public async ValueTask<bool> IsTokenRevokedAsync(string tokenId, CancellationToken cancellationToken) => (await QueryAsync(
        connection => connection.Command(RevokedTokens.Find, ("@id", tokenId)), row => row.Int32(0), cancellationToken).ConfigureAwait(false)).Count > 0;

    // One query for all. It finds no secret where there are no users, and then no token is valid.
    public async ValueTask<TokenFacts> GetTokenFactsAsync(string tokenId, CancellationToken cancellationToken)
    {
        List<(UserRow User, byte[]? Secret, bool IsRevoked)> rows = await QueryAsync(
            connection => connection.Command(TokenFactsOfUsers, ("@id", tokenId)),
            row => (UserRows.Read(row), row.IsNull(UserRows.Count) ? null : row.Utf8(UserRows.Count), !row.IsNull(UserRows.Count + 1)),
            cancellationToken).ConfigureAwait(false);
        return rows is [(_, var secret, bool isRevoked), ..]
            ? new TokenFacts(secret, [.. rows.Select(row => row.User)], isRevoked)
            : new TokenFacts(Secret: null, Users: [], IsRevoked: false);
    }

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
