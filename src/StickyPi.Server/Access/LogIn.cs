using StickyPi.Core.Users;

namespace StickyPi.Server.Access;

/// <summary>How somebody is logged in.</summary>
/// <param name="token">The token that they sent, or that stands for their password for a while; a secret.</param>
/// <param name="signatory">Who it is, as the store has them now.</param>
internal sealed class LogIn(string token, Signatory signatory)
{
    /// <summary>The token that they sent, or that stands for their password for a while; a secret.</summary>
    public string Token { get; } = token;

    /// <summary>Who it is, as the store has them now.</summary>
    public StickyUser User => Signatory.User;

    /// <summary>Who it is, with what signs in their name.</summary>
    public Signatory Signatory { get; } = signatory;
}

/// <summary>What became of a log-in by password.</summary>
/// <param name="LogIn">The log-in; null where it was refused.</param>
/// <param name="RetryAfter">Where there were too many, and nothing was tried: when the next one will be.</param>
internal readonly record struct LogInAttempt(LogIn? LogIn, TimeSpan? RetryAfter = null);
