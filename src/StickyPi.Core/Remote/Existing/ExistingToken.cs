namespace StickyPi.Core.Remote.Existing;

/// <summary>What <c>get_token</c> answers.</summary>
/// <param name="Expiration">When the token expires, in seconds since 1970-01-01 UTC.</param>
/// <param name="Token">The token; a secret.</param>
public sealed record ExistingToken(long Expiration, string Token)
{
    /// <summary>Says nothing of the token.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(ExistingToken);
}
