using System.Globalization;
using System.Text.RegularExpressions;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using StickyPi.Core;
using StickyPi.Core.Storage;

namespace StickyPi.Providers.S3;

/// <summary>The clients of one bucket, which share their connections.</summary>
/// <param name="Place">Where the bucket is.</param>
/// <param name="Patient">
/// Tries again for one to two minutes, so that a run outlives a restart of the server; for seconds where <see cref="BucketOptions.GivesUpSoon"/>.
/// </param>
/// <param name="Hasty">Tries again for a few seconds, so that a mistyped host shows at once.</param>
/// <param name="Connections">What both share.</param>
/// <param name="StallLimit">How long nothing may come of an answer that is read piece by piece.</param>
internal sealed record S3Clients(S3Place Place, S3Client Patient, S3Client Hasty, HttpMessageHandler Connections, TimeSpan StallLimit) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Patient.Dispose();
        Hasty.Dispose();
        Connections.Dispose();
    }
}

/// <summary>Makes clients of S3 servers.</summary>
internal static partial class S3ClientFactory
{
    // The waits are between the half and the whole of 1, 2, 4, 8, 8, 8… seconds: 55 to 111 seconds in all.
    internal const int PatientRetries = 16;
    internal const int HastyRetries = 2;
    private const int BufferSize = 128 * 1024;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HastyConnectTimeout = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan HastyStallLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LongestStall = TimeSpan.FromHours(1);

    // Long runs must notice when a host moves.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>Makes the clients of a bucket.</summary>
    /// <param name="options">Which bucket.</param>
    /// <param name="cancellationToken">Stops the search for credentials.</param>
    /// <returns>The clients.</returns>
    /// <exception cref="StickyException"><c>InvalidBucketOptions</c>, <c>CredentialMissing</c>.</exception>
    public static async ValueTask<S3Clients> CreateAsync(BucketOptions options, CancellationToken cancellationToken)
    {
        Check(options);

        // Whoever gives everything needs no files. For AWS, they say which of its addresses to use.
        if (options.Endpoint is null || options.AccessKey is null)
        {
            S3Credentials.CheckFiles();
        }

        S3Endpoint kind = S3Endpoint.Find(options.Endpoint);
        string region = options.Region ?? S3Credentials.FindRegion(options.ProfileName, options.Endpoint is null) ?? kind.Region;
        Uri endpoint = options.Endpoint ?? new Uri($"https://s3.{region}{(region.StartsWith("cn-", StringComparison.Ordinal) ? ".amazonaws.com.cn" : ".amazonaws.com")}");
        S3Place place = new(options.Bucket, endpoint, region, kind, ObjectKey.Parse(options.BasePath));
        AWSCredentials credentials = await S3Credentials.FindAsync(options, cancellationToken).ConfigureAwait(false);

        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            ConnectTimeout = options.GivesUpSoon ? HastyConnectTimeout : ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
        };
        TimeSpan stallLimit = options.GivesUpSoon && options.StallLimit > HastyStallLimit ? HastyStallLimit : options.StallLimit;
        HttpMessageHandler connections = new StallGuard(handler, stallLimit);
        return new S3Clients(
            place,
            options.GivesUpSoon
                ? new S3Client(credentials, Configure(options, place, connections, HastyRetries), new Outage())
                : new S3Client(credentials, Configure(options, place, connections, PatientRetries)),
            new S3Client(credentials, Configure(options, place, connections, HastyRetries)),
            connections,
            stallLimit);
    }

    private static AmazonS3Config Configure(BucketOptions options, S3Place place, HttpMessageHandler connections, int retries)
    {
        try
        {
            return ConfigureUnguarded(options, place, connections, retries);
        }
        catch (Exception e) when (e is TypeInitializationException or InvalidOperationException or ArgumentException or FormatException)
        {
            // The SDK reads the settings for AWS of the environment and the profile, and remembers for the life of the process that it could not.
            throw S3Credentials.SettingsUnreadable(e);
        }
    }

    private static AmazonS3Config ConfigureUnguarded(BucketOptions options, S3Place place, HttpMessageHandler connections, int retries)
    {
        AmazonS3Config config = new()
        {
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = retries,

            // The SDK's allowance is shared by all transfers of the process, and an outage that meets many of them uses it up.
            ThrottleRetries = false,

            // Everything carries an MD5 and is checked against one. Checksums beyond that are what other servers refuse.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            ForcePathStyle = place.Kind.PathStyle,
            IgnoreConfiguredEndpointUrls = true,
            BufferSize = BufferSize,
            HttpClientFactory = new Connections(connections),
            HttpClientCacheSize = 1,
        };
        if (options.Endpoint is null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(place.Region);
        }
        else
        {
            config.ServiceURL = options.Endpoint.AbsoluteUri;
            config.AuthenticationRegion = place.Region;
            LeaveSettingsForAws(config);
        }

        return config;
    }

    // What is not said here the SDK reads from the environment and the AWS configuration files, for any server, and fails where it cannot
    // read them.
    private static void LeaveSettingsForAws(AmazonS3Config config)
    {
        config.UseDualstackEndpoint = false;
        config.UseFIPSEndpoint = false;
        config.USEast1RegionalEndpointValue = S3UsEast1RegionalEndpointValue.Regional;
        config.UseArnRegion = false;
        config.DisableMultiregionAccessPoints = true;
        config.DisableS3ExpressSessionAuth = true;
        config.AccountIdEndpointMode = AccountIdEndpointMode.DISABLED;
        config.DefaultConfigurationMode = DefaultConfigurationMode.Standard;
        config.AuthSchemePreference = ["sigv4"];
        config.SigV4aSigningRegionSet = ["*"];
        config.DisableClockSkewCorrection = false;
        config.DisableRequestCompression = true;
        config.RequestMinCompressionSizeBytes = 0;
        config.EndpointDiscoveryEnabled = false;
        config.ClientAppId = "StickyPi";
    }

    private static void Check(BucketOptions options)
    {
        // Some servers still have buckets with capitals and underscores, so only what would change the URL is refused.
        if (!BucketName().IsMatch(options.Bucket))
        {
            throw Invalid(
                $"'{options.Bucket}' is not the name of a bucket: that has 3 to 255 letters, digits, dots, hyphens and underscores.",
                "Give only the name as -Bucket, and a path in the bucket as -BasePath.");
        }

        if (options.Endpoint is Uri endpoint
            && (!endpoint.IsAbsoluteUri
                || (endpoint.Scheme != Uri.UriSchemeHttps && endpoint.Scheme != Uri.UriSchemeHttp)
                || endpoint.Query.Length > 0
                || endpoint.Fragment.Length > 0
                || endpoint.UserInfo.Length > 0))
        {
            throw Invalid(
                $"'{(endpoint.IsAbsoluteUri && endpoint.UserInfo.Length > 0 ? endpoint.Host : endpoint)}' is not the address of an S3 server.",
                "Write it with its scheme and without anything behind the host and port, such as 'https://s3.example.org' or 'http://127.0.0.1:9000'.");
        }

        if (options.UrlLifetime < TimeSpan.FromSeconds(1) || options.UrlLifetime > BucketOptions.DefaultUrlLifetime)
        {
            throw Invalid(
                string.Create(CultureInfo.InvariantCulture, $"URLs cannot be good for {options.UrlLifetime}: S3 allows one second to seven days."),
                "Choose a lifetime of at most 7 days.");
        }

        if (options.StallLimit <= TimeSpan.Zero || options.StallLimit > LongestStall)
        {
            throw Invalid(
                string.Create(CultureInfo.InvariantCulture, $"Requests cannot be given up when nothing moves for {options.StallLimit}."),
                "Choose a limit of at most an hour; a minute does for most lines.");
        }

        if (options.AccessKey is null != options.SecretKey is null || options.AccessKey is "" || options.SecretKey is { IsEmpty: true })
        {
            throw Invalid("An access key and a secret key belong together, and one of them is missing.", "Give both as a credential, or neither.");
        }

        if (options.AccessKey is not null && options.ProfileName is not null)
        {
            throw Invalid("There are both keys and the name of a profile.", "Give either a credential or the name of a profile.");
        }

        if (options.Region is string region && !RegionName().IsMatch(region))
        {
            throw Invalid($"'{region}' is not the name of a region.", "Names are like 'eu-central-1'; most servers other than AWS need none.");
        }

        StickyException Invalid(string message, string action) => new(
            "InvalidBucketOptions", StickyErrorKind.InvalidData, message, options.Bucket, action);
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]\z")]
    private static partial Regex BucketName();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9-]{0,62}\z")]
    private static partial Regex RegionName();

    private sealed class Connections(HttpMessageHandler handler) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) =>
            new(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
