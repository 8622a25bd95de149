using StickyPi.Core.Users;

namespace StickyPi.Core.Storage;

/// <summary>Which bucket to use, and how to come to it. Disposing of it wipes the secret key.</summary>
/// <remarks>
/// Credentials are, in this order: <see cref="AccessKey"/> with <see cref="SecretKey"/>; the profile <see cref="ProfileName"/> of the AWS
/// configuration files; and without either what the environment, the default profile, the container or the instance provides.
/// </remarks>
public sealed class BucketOptions : IDisposable
{
    /// <summary>How long the URLs that others get are good for unless said otherwise: a week, which is also the most that S3 allows.</summary>
    public static readonly TimeSpan DefaultUrlLifetime = TimeSpan.FromDays(7);

    /// <summary>How long nothing may move on a request, unless said otherwise: a minute.</summary>
    public static readonly TimeSpan DefaultStallLimit = TimeSpan.FromMinutes(1);

    /// <summary>The name of the bucket.</summary>
    public required string Bucket { get; init; }

    /// <summary>Where the server is, such as <c>https://s3.example.org</c>; null for AWS.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The region, which other servers than AWS mostly ignore; null for that of the profile or environment.</summary>
    public string? Region { get; init; }

    /// <summary>The path in the bucket below which everything happens, with forward slashes; empty for the whole bucket.</summary>
    public string BasePath { get; init; } = "";

    /// <summary>The access key id, or null.</summary>
    public string? AccessKey { get; init; }

    /// <summary>The secret access key; it belongs to this object.</summary>
    public Secret? SecretKey { get; init; }

    /// <summary>A profile of the AWS configuration files, or null.</summary>
    public string? ProfileName { get; init; }

    /// <summary>How long presigned URLs are good for.</summary>
    public TimeSpan UrlLifetime { get; init; } = DefaultUrlLifetime;

    /// <summary>How long nothing may come or go on a request before it is given up and made again; a request as a whole has no limit.</summary>
    public TimeSpan StallLimit { get; init; } = DefaultStallLimit;

    /// <summary>
    /// Whether a request is given up after seconds, and not after a minute or two, where the server can't be reached or does not answer; and
    /// whether those of the next seconds fail at once, but for one that tries. A run of hours should outlive a restart, but nobody waits so long
    /// for the answer of a server.
    /// </summary>
    public bool GivesUpSoon { get; init; }

    /// <inheritdoc/>
    public void Dispose() => SecretKey?.Dispose();
}
