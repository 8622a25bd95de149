namespace StickyPi.Core.Storage;

/// <summary>A bucket of an S3 server.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Endpoint">Where the server is.</param>
/// <param name="Region">The region that was asked for, or null.</param>
/// <param name="Created">Whether it was made just now; else it was there already, and is the user's own.</param>
public sealed record StickyBucket(string Name, Uri Endpoint, string? Region, bool Created)
{
    /// <summary>The name of the bucket.</summary>
    /// <returns>The name, as it can be shown.</returns>
    public override string ToString() => OneLine.Of(Name);
}
