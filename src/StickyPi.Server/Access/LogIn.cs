using StickyPi.Core.Users;

namespace StickyPi.Server.Access;

/// <summary>How somebody is logged in.</summary>
/// <param name="token">The token that they sent, or that stands for their password for a while; a secret.</param>
/// <param name="user">Who it is, as the store has them now.</param>
internal sealed class LogIn(string token, StickyUser user)
{
    /// <summary>The token that they sent, or that stands for their password for a while; a secret.</summary>
    public string Token { get; } = token;

    /// <summary>Who it is, as the store has them now.</summary>
    public StickyUser User { get; } = user;
}

/// <summary>What became of a log-in by password.</summary>
/// <param name="LogIn">The log-in; null where it was refused.</param>
/// <param name="RetryAfter">Where there were too many, and nothing was tried: when the next one will be.</param>
internal readonly record struct LogInAttempt(LogIn? LogIn, TimeSpan? RetryAfter = null);
