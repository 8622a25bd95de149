using StickyPi.Core.Users;

namespace StickyPi.Core.Remote.Api;

/// <summary>What a log-in gives.</summary>
/// <param name="Token">The token; a secret.</param>
/// <param name="ExpiresAt">When it expires, UTC.</param>
/// <param name="User">Whose it is.</param>
public sealed record ApiToken(string Token, DateTime ExpiresAt, StickyUser User)
{
    /// <summary>Whose it is; never the token itself.</summary>
    /// <returns>The name of the user.</returns>
    public override string ToString() => User.UserName;
}
