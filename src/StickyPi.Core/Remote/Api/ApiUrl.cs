namespace StickyPi.Core.Remote.Api;

/// <summary>Where something can be read without logging in, for a limited time; a secret.</summary>
/// <param name="Url">The URL.</param>
public sealed record ApiUrl(string Url)
{
    /// <summary>Nothing of the URL.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(ApiUrl);
}
