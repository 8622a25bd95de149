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

    /// <summary>Forgets those that expired before a time, see <see cref="ForgetBefore"/>.</summary>
    public const string DeleteExpired = "DELETE FROM revoked_tokens WHERE expires_at <= @before";

    // A clock that was ahead for a while must not forget what it takes for expired: once it is right again, the token would be good again.
    private static readonly TimeSpan Margin = TimeSpan.FromDays(31);

    /// <summary>The time, UTC: a token that expired before it is forgotten.</summary>
    public static DateTime ForgetBefore => DateTime.UtcNow - Margin;
}
