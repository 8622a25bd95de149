using Microsoft.Data.Sqlite;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Sqlite;

internal sealed partial class SqliteCatalogTransaction
{
    public bool RevokeToken(string tokenId, DateTime expiresAt) => Guard(() =>
    {
        connection.Run(Schema.RevokedTokens);
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = RevokedTokens.DeleteExpired;
        _ = command.Parameters.AddWithValue("@before", SqliteColumns.ToText(RevokedTokens.ForgetBefore));
        _ = command.ExecuteNonQuery();
        command.CommandText = RevokedTokens.Insert;
        _ = command.Parameters.AddWithValue("@id", tokenId);
        _ = command.Parameters.AddWithValue("@expires", SqliteColumns.ToText(expiresAt));
        return command.ExecuteNonQuery() > 0;
    });

    public void RestoreToken(string tokenId) => _ = Guard(() =>
    {
        connection.Run(Schema.RevokedTokens);
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = RevokedTokens.Delete;
        _ = command.Parameters.AddWithValue("@id", tokenId);
        return command.ExecuteNonQuery();
    });

    /// <summary>Reads the secret of the store's tokens.</summary>
    /// <param name="connection">A connection within a transaction.</param>
    /// <returns>The secret, or null where there is none yet.</returns>
    public static byte[]? FindTokenSecret(SqliteConnection connection)
    {
        if (!Schema.Has(connection, Schema.ServerSecretsTable))
        {
            return null;
        }

        using SqliteStatement statement = new(connection, TokenSecret.Find);
        return statement.Step() ? statement.Row.Utf8(0) : null;
    }

    /// <summary>Makes the secret of the store's tokens, unless another server was quicker.</summary>
    /// <returns>The secret.</returns>
    public byte[] MakeTokenSecret() => Guard(() =>
    {
        if (FindTokenSecret(connection) is byte[] known)
        {
            return known;
        }

        connection.Run(Schema.ServerSecrets);
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = TokenSecret.Insert;
        byte[] secret = TokenSecret.Make();
        _ = command.Parameters.AddWithValue("@secret", secret);
        _ = command.ExecuteNonQuery();
        return secret;
    });
}
