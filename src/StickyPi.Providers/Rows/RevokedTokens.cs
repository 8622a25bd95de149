namespace StickyPi.Providers.Rows;

/// <summary>Statements on the table <c>revoked_tokens</c>, which is ours alone.</summary>
internal static class RevokedTokens
{
    /// <summary>Finds one.</summary>
    public const string Find = "SELECT 1 FROM revoked_tokens WHERE token_id = @id";

    /// <summary>Adds one; that it is there already is no error.</summary>
    public const string Insert = "INSERT INTO revoked_tokens (token_id, expires_at) VALUES (@id, @expires) ON CONFLICT (token_id) DO NOTHING";

    /// <summary>Forgets one.</summary>
    public const string Delete = "DELETE FROM revoked_tokens WHERE token_id = @id";

    /// <summary>Forgets those that have expired.</summary>
    public const string DeleteExpired = "DELETE FROM revoked_tokens WHERE expires_at <= @now";
}
