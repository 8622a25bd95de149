using Microsoft.Data.Sqlite;

namespace StickyPi.Providers.Sqlite;

internal sealed partial class SqliteCatalogTransaction
{
    public void RevokeToken(string tokenId, DateTime expiresAt) => _ = Guard(() =>
    {
        connection.Run("CREATE TABLE IF NOT EXISTS sticky_revoked_tokens (token_id TEXT NOT NULL PRIMARY KEY, expires_at DATETIME NOT NULL)");
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "DELETE FROM sticky_revoked_tokens WHERE expires_at < $now; "
            + "INSERT OR IGNORE INTO sticky_revoked_tokens VALUES ($id, $expires)";
        _ = command.Parameters.AddWithValue("$id", tokenId);
        _ = command.Parameters.AddWithValue("$expires", SqliteColumns.ToText(expiresAt));
        _ = command.Parameters.AddWithValue("$now", SqliteColumns.ToText(DateTime.UtcNow));
        return command.ExecuteNonQuery();
    });

    /// <summary>Returns the secret that tokens are signed with.</summary>
    /// <param name="made">What it is to be where there is none yet.</param>
    /// <returns>The secret.</returns>
    internal byte[] GetTokenSecret(byte[] made) => Guard(() =>
    {
        connection.Run("CREATE TABLE IF NOT EXISTS sticky_secret (id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), secret BLOB NOT NULL)");
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "INSERT OR IGNORE INTO sticky_secret VALUES (1, $made); SELECT secret FROM sticky_secret";
        _ = command.Parameters.AddWithValue("$made", made);
        return (byte[])command.ExecuteScalar()!;
    });
}
