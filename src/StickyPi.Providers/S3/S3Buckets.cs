using System.Net;
using System.Text.RegularExpressions;
using Amazon.S3;
using Amazon.S3.Model;
using StickyPi.Core;
using StickyPi.Core.Storage;

namespace StickyPi.Providers.S3;

/// <summary>Opens and makes buckets.</summary>
internal static partial class S3Buckets
{
    /// <summary>Opens a bucket, as <see cref="IStickyProviders.OpenBucketAsync"/> says.</summary>
    /// <param name="options">Which.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <returns>The bucket.</returns>
    public static async ValueTask<IObjectStorage> OpenAsync(BucketOptions options, CancellationToken cancellationToken)
    {
        S3Clients clients = await S3ClientFactory.CreateAsync(options, cancellationToken).ConfigureAwait(false);
        S3Storage storage = new(clients, options.UrlLifetime);
        try
        {
            await storage.ReachAsync(cancellationToken).ConfigureAwait(false);
            return storage;
        }
        catch
        {
            await storage.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Makes a bucket, as <see cref="IStickyProviders.CreateBucketAsync"/> says.</summary>
    /// <param name="options">Which.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The bucket.</returns>
    public static async ValueTask<StickyBucket> CreateAsync(BucketOptions options, CancellationToken cancellationToken)
    {
        if (!NewBucketName().IsMatch(options.Bucket) || IPAddress.TryParse(options.Bucket, out _))
        {
            throw new StickyException(
                "InvalidBucketOptions",
                StickyErrorKind.InvalidData,
                $"'{options.Bucket}' is not a name that a new bucket may have.",
                options.Bucket,
                "Choose 3 to 63 lower-case letters, digits and hyphens, such as 'my-lab-traps'.");
        }

        using S3Clients clients = await S3ClientFactory.CreateAsync(options, cancellationToken).ConfigureAwait(false);
        S3Place place = clients.Place;
        try
        {
            bool created = !await IsOwnAsync(clients.Hasty, options.Bucket, cancellationToken).ConfigureAwait(false)
                && await PutAsync(clients, cancellationToken).ConfigureAwait(false);
            return new StickyBucket(options.Bucket, place.Endpoint, options.Region ?? (options.Endpoint is null ? place.Region : null), created);
        }
        catch (AmazonS3Exception e) when (e.ErrorCode is "BucketAlreadyExists" or "OperationAborted")
        {
            throw Taken(e);
        }
        catch (Exception e) when (S3Errors.From(e, place, $"The bucket '{options.Bucket}' cannot be made", options.Bucket) is StickyException error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw error;
        }

        StickyException Taken(AmazonS3Exception cause) => new(
            "BucketTaken",
            StickyErrorKind.Conflict,
            $"Somebody else at {place.Endpoint.GetLeftPart(UriPartial.Authority)} has a bucket '{options.Bucket}' (S3: {cause.ErrorCode}, status {(int)cause.StatusCode}, request {cause.RequestId})",
            options.Bucket,
            "Choose another name: the names of buckets are shared by all users of a server.",
            cause)
        {
            Service = new ServiceError("S3", cause.ErrorCode, (int)cause.StatusCode, cause.RequestId),
        };
    }

    // Where the bucket is the user's own already, some servers answer a second request for it with success, and reset its rights.
    private static async Task<bool> IsOwnAsync(S3Client client, string bucket, CancellationToken cancellationToken)
    {
        try
        {
            string? token = null;
            do
            {
                ListBucketsResponse page = await client.ListBucketsAsync(
                    new ListBucketsRequest { ContinuationToken = token }, cancellationToken).ConfigureAwait(false);
                if (page.Buckets?.Any(own => own.BucketName == bucket) == true)
                {
                    return true;
                }

                token = page.ContinuationToken;
            }
            while (!string.IsNullOrEmpty(token));
        }
        catch (AmazonS3Exception e) when (e.ErrorCode == "AccessDenied")
        {
            // Whoever may make a bucket need not be allowed to list all.
        }

        return false;
    }

    private static async Task<bool> PutAsync(S3Clients clients, CancellationToken cancellationToken)
    {
        try
        {
            _ = await clients.Patient.PutBucketAsync(
                new PutBucketRequest { BucketName = clients.Place.Bucket, UseClientRegion = clients.Place.Kind.RegionInRequest }, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (AmazonS3Exception e) when (e.ErrorCode == "BucketAlreadyOwnedByYou")
        {
            return false;
        }
    }

    [GeneratedRegex(@"\A(?=.{3,63}\z)[a-z0-9]+([.-]+[a-z0-9]+)*\z")]
    private static partial Regex NewBucketName();
}
