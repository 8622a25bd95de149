using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace StickyPi.Providers.Sqlite;

internal sealed partial class SqliteCatalog
{
    private const int SecretLength = 32;

    private byte[]? _tokenSecret;

    public ValueTask<bool> IsTokenRevokedAsync(string tokenId, CancellationToken cancellationToken) => new(Use(connection =>
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'sticky_revoked_tokens'";
        if ((long)command.ExecuteScalar()! == 0)
        {
            return false;
        }

        command.CommandText = "SELECT count(*) FROM sticky_revoked_tokens WHERE token_id = $id";
        _ = command.Parameters.AddWithValue("$id", tokenId);
        return (long)command.ExecuteScalar()! > 0;
    }, cancellationToken));

    public async ValueTask<ReadOnlyMemory<byte>> GetTokenSecretAsync(CancellationToken cancellationToken)
    {
        if (_tokenSecret is null)
        {
            await using SqliteCatalogTransaction rows =
                (SqliteCatalogTransaction)await BeginWriteAsync(null, cancellationToken).ConfigureAwait(false);
            byte[] secret = rows.GetTokenSecret(RandomNumberGenerator.GetBytes(SecretLength));
            rows.Commit(cancellationToken);
            _tokenSecret = secret;
        }

        return _tokenSecret;
    }
}
