using System.Net;
using System.Text;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.S3;
using Amazon.S3.Model;
using StickyPi.Core;
using StickyPi.Core.Storage;

namespace StickyPi.Providers.S3;

/// <summary>Object storage in a bucket of an S3 server, below a base path.</summary>
internal sealed partial class S3Storage(S3Clients clients, TimeSpan urlLifetime) : IObjectStorage
{
    // Nobody wants to wait for an upload to be aborted, least of all who has stopped the work, or when the server is gone.
    private static readonly TimeSpan CleanupLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan CleanupLimitWhenStopped = TimeSpan.FromSeconds(0.7);

    // The SDK counts in whole seconds, and one too many for a whole week, which servers refuse.
    private static readonly TimeSpan LongestSigned = BucketOptions.DefaultUrlLifetime - TimeSpan.FromSeconds(2);

    private readonly S3Place _place = clients.Place;
    private readonly S3Client _client = clients.Patient;

    public string Location => _place.Location;

    public Uri? Endpoint => _place.Endpoint;

    private string Bucket => _place.Bucket;

    private Protocol Protocol => _place.Endpoint.Scheme == Uri.UriSchemeHttp ? Protocol.HTTP : Protocol.HTTPS;

    public string GetUrl(string key)
    {
        string whole = WholeKey(key);
        return Run($"No URL can be made for '{key}'", key, () => Sign(whole, urlLifetime));
    }

    public string GetPlace(string key) => $"{Location.TrimEnd('/')}/{key}";

    public PresignedPost? CreateUploadForm(string key, TimeSpan lifetime, long maxSize)
    {
        CreatePresignedPostRequest request = new() { BucketName = Bucket, Key = WholeKey(key) };
        request.Conditions.Add(S3PostCondition.ContentLengthRange(0, maxSize));
        return Run(
            $"No form can be made for '{key}'",
            key,
            () =>
            {
                // The SDK checks the limit of a week by the clock of this machine.
                DateTime expires = Now(request) + lifetime;
                DateTime limit = DateTime.UtcNow + BucketOptions.DefaultUrlLifetime;
                request.Expires = expires < limit ? expires : limit;
                CreatePresignedPostResponse response = _client.CreatePresignedPost(request);
                return new PresignedPost(new Uri(response.Url), response.Fields, request.Expires.Value);
            });
    }

    public ValueTask<StickyStorageItem?> FindAsync(string key, CancellationToken cancellationToken) =>
        FindAsync(key, MarkKey(key), cancellationToken);

    public async ValueTask<StickyStorageItem?> FindListedAsync(string key, CancellationToken cancellationToken)
    {
        if (AnyKey(key) is var whole && whole[0] != '/')
        {
            return await FindAsync(key, whole, cancellationToken).ConfigureAwait(false);
        }

        // It is the first of those that begin with its key.
        ListObjectsV2Response page = await ListPageAsync(whole, 1, null, cancellationToken).ConfigureAwait(false);
        return Items(page).FirstOrDefault(item => item.Key == key);
    }

    private async ValueTask<StickyStorageItem?> FindAsync(string key, string whole, CancellationToken cancellationToken)
    {
        GetObjectMetadataRequest request = new() { BucketName = Bucket, Key = whole };
        return await RunAsync<StickyStorageItem?>(
            $"'{key}' cannot be looked at",
            key,
            async () =>
            {
                try
                {
                    GetObjectMetadataResponse head = await HeadAsync(request, cancellationToken).ConfigureAwait(false);
                    return new StickyStorageItem
                    {
                        Key = key,
                        Size = head.ContentLength,
                        ETag = Unquote(head.ETag),
                        LastModified = ToUtc(head.LastModified),
                        ModifiedTime = S3Time.Read(name => head.Metadata[name]),
                    };
                }
                catch (AmazonS3Exception e) when (S3Errors.IsNotFound(e))
                {
                    return null;
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    public ValueTask DeleteAsync(string key, CancellationToken cancellationToken) => DeleteAsync(key, MarkKey(key), cancellationToken);

    public async ValueTask DeleteAsync(StickyStorageItem item, CancellationToken cancellationToken)
    {
        string whole = AnyKey(item.Key);
        if (whole[0] != '/')
        {
            await DeleteAsync(item.Key, whole, cancellationToken).ConfigureAwait(false);
            return;
        }

        // This request names the object in its body. Some servers do not know it, so that it is for such keys alone.
        DeleteObjectsRequest request = new() { BucketName = Bucket, Objects = [new KeyVersion { Key = whole }] };
        _ = await RunAsync(
            $"'{item.Key}' cannot be deleted", item.Key, () => _client.DeleteObjectsAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask DeleteAsync(string key, string whole, CancellationToken cancellationToken)
    {
        DeleteObjectRequest request = new() { BucketName = Bucket, Key = whole };
        _ = await RunAsync(
            $"'{key}' cannot be deleted",
            key,
            async () =>
            {
                try
                {
                    _ = await _client.DeleteObjectAsync(request, cancellationToken).ConfigureAwait(false);
                }
                catch (AmazonS3Exception e) when (S3Errors.IsNotFound(e))
                {
                    // Google says so.
                }

                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    public ValueTask TidyAsync(string prefix, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        clients.Dispose();
        return ValueTask.CompletedTask;
    }

    // Some servers quote what they answer to a copy twice, or not at all.
    private static string Unquote(string? etag) => (etag ?? "").Trim('"');

    // Encrypted with keys that only the server has, an object has an ETag that says nothing of its bytes.
    private static bool IsOpaque(ServerSideEncryptionMethod? method, ServerSideEncryptionCustomerMethod? customerMethod) =>
        (method is not null && method.Value?.StartsWith("aws:kms", StringComparison.Ordinal) == true) || !string.IsNullOrEmpty(customerMethod?.Value);

    private static DateTime ToUtc(DateTime? time) => time?.ToUniversalTime() ?? DateTime.UnixEpoch;

    private string Sign(string whole, TimeSpan lifetime)
    {
        GetPreSignedUrlRequest request = new() { BucketName = Bucket, Key = whole, Verb = HttpVerb.GET, Protocol = Protocol };
        request.Expires = Now(request) + (lifetime < LongestSigned ? lifetime : LongestSigned);
        return _client.GetPreSignedURL(request);
    }

    // The server's time, as far as it was found to differ from that of this machine.
    private DateTime Now(AmazonWebServiceRequest request) => CorrectClockSkew.GetCorrectedUtcNowForEndpoint(
        _client.Config.DetermineServiceOperationEndpoint(new ServiceOperationEndpointParameters(request)).URL);

    // What other programs mark an empty folder with is no file, but it can be looked at, and deleted.
    private string MarkKey(string key) => key.EndsWith('/') && ObjectKey.IsValid(key[..^1]) ? WholeKey(key[..^1]) + "/" : WholeKey(key);

    // Other programs make keys that this one would not. They are sent as they are: a signature covers them, so that no other object is
    // meant.
    private string ListedKey(string key) => AnyKey(key) is var whole && whole[0] != '/' ? whole : throw new StickyException(
        "InvalidKey",
        StickyErrorKind.InvalidData,
        $"The object '{key}' cannot be read: a slash at the beginning is lost on the way to the server.",
        key,
        "Rename it with the tool that made it. It can be removed with Remove-StickyStorageItem.");

    private string AnyKey(string key)
    {
        string whole = ObjectKey.Combine(_place.BasePath, key);
        return key.Length > 0 && Encoding.UTF8.GetByteCount(whole) <= ObjectKey.MaxLength ? whole : throw ObjectKey.Invalid(key);
    }

    private string WholeKey(string key)
    {
        string whole = ObjectKey.IsValid(key) ? ObjectKey.Combine(_place.BasePath, key) : throw ObjectKey.Invalid(key);
        return ObjectKey.IsValid(whole) ? whole : throw ObjectKey.Invalid(whole);
    }

    private T Run<T>(string doing, string target, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (S3Errors.From(e, _place, doing, target) is StickyException error)
        {
            throw error;
        }
    }

    // Without a body an answer has no code, so that keys which have expired look like a right that is missing. Asked for a byte, the server says
    // what it is.
    private async Task<GetObjectMetadataResponse> HeadAsync(GetObjectMetadataRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await _client.GetObjectMetadataAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            try
            {
                (await GetAsync(request.Key, etag: null, offset: 0, length: 1, cancellationToken).ConfigureAwait(false)).Dispose();
            }
            catch (Exception empty) when (empty is BrokenBodyException or AmazonS3Exception { StatusCode: HttpStatusCode.RequestedRangeNotSatisfiable })
            {
                // It may be read, which explains nothing.
            }

            throw;
        }
    }

    // One place to tell errors of the server from everything else. A file system's errors must not come by here; answers that broke are asked
    // for again by whoever reads them.
    private async ValueTask<T> RunAsync<T>(string doing, string target, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not BrokenBodyException && S3Errors.From(e, _place, doing, target) is StickyException error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw error;
        }
    }

    private static StickyException NotVerified(string key, string what) => new(
        "ObjectNotVerified",
        StickyErrorKind.InvalidData,
        $"{what} of '{key}' are not those that its ETag tells of, however often it was tried.",
        key,
        "Check the network and the server: something in between changes bytes.");
}
