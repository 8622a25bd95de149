namespace StickyPi.Providers.S3;

/// <summary>What is special about a kind of S3 server.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="HostSuffix">How the names of its hosts end.</param>
/// <param name="PathStyle">Whether the bucket stands in the path of URLs, and not in the name of the host.</param>
/// <param name="Region">The region that requests are signed for unless one was named.</param>
/// <param name="RegionInHost">Whether the name of the host tells the region: <c>s3.eu-central-1.wasabisys.com</c>.</param>
/// <param name="RegionInRequest">Whether a new bucket has to be told its region in the request, too.</param>
internal sealed record S3Endpoint(string Name, string HostSuffix, bool PathStyle, string Region, bool RegionInHost, bool RegionInRequest)
{
    private const string UsualRegion = "us-east-1";
    private const string HostPrefix = "s3.";

    // The first that fits counts. Buckets in the names of hosts need a DNS that knows them, so that only AWS, which is about to have
    // nothing else, gets them.
    private static readonly S3Endpoint[] Known =
    [
        new("AWS", ".amazonaws.com", PathStyle: false, UsualRegion, RegionInHost: true, RegionInRequest: true),
        new("AWS in China", ".amazonaws.com.cn", PathStyle: false, "cn-north-1", RegionInHost: true, RegionInRequest: true),
        new("Google", "storage.googleapis.com", PathStyle: true, "auto", RegionInHost: false, RegionInRequest: false),
        new("Backblaze", ".backblazeb2.com", PathStyle: true, UsualRegion, RegionInHost: true, RegionInRequest: false),
        new("Cloudflare R2", ".r2.cloudflarestorage.com", PathStyle: true, "auto", RegionInHost: false, RegionInRequest: false),
        new("Wasabi", ".wasabisys.com", PathStyle: true, UsualRegion, RegionInHost: true, RegionInRequest: false),
        new("MinIO, Ceph or another", "", PathStyle: true, UsualRegion, RegionInHost: false, RegionInRequest: false),
    ];

    /// <summary>Finds out the kind of a server.</summary>
    /// <param name="endpoint">Where it is; null for AWS.</param>
    /// <returns>Its kind, with the region that the name of its host tells.</returns>
    public static S3Endpoint Find(Uri? endpoint)
    {
        if (endpoint is null)
        {
            return Known[0];
        }

        S3Endpoint found = Known.First(known => endpoint.Host.EndsWith(known.HostSuffix, StringComparison.OrdinalIgnoreCase));
        int regionLength = endpoint.Host.Length - HostPrefix.Length - found.HostSuffix.Length;
        return found.RegionInHost && regionLength > 0 && endpoint.Host.StartsWith(HostPrefix, StringComparison.OrdinalIgnoreCase)
            ? found with { Region = endpoint.Host.Substring(HostPrefix.Length, regionLength) }
            : found;
    }
}
