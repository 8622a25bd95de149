using StickyPi.Core.Storage;

namespace StickyPi.Providers.S3;

/// <summary>Where a bucket is.</summary>
/// <param name="Bucket">Its name.</param>
/// <param name="Endpoint">Where its server is.</param>
/// <param name="Region">The region that requests are signed for.</param>
/// <param name="Kind">What kind of server it is.</param>
/// <param name="BasePath">The key below which everything happens; empty for the whole bucket.</param>
internal sealed record S3Place(string Bucket, Uri Endpoint, string Region, S3Endpoint Kind, string BasePath)
{
    /// <summary>The place as a URL.</summary>
    public string Location => $"s3://{ObjectKey.Combine(Bucket, BasePath)}";
}
