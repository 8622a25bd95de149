using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using StickyPi.Core.Storage;

namespace StickyPi.Providers.S3;

internal sealed partial class S3Storage
{
    public async IAsyncEnumerable<StickyStorageItem> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Listing everything that begins with the name, without the slash, could list a million neighbours.
        string whole = prefix.Length == 0 ? _place.BasePath : ListedKey(prefix);
        if (prefix.Length > 0)
        {
            ListObjectsV2Response first = await ListPageAsync(whole, 1, null, cancellationToken).ConfigureAwait(false);
            if (Items(first).FirstOrDefault() is StickyStorageItem item && item.Key == prefix)
            {
                yield return item;
            }
        }

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        string folder = whole.Length == 0 ? "" : whole + "/";
        Task<ListObjectsV2Response>? next = ListPageAsync(folder, null, null, stop.Token);
        try
        {
            while (next is not null)
            {
                ListObjectsV2Response page = await next.ConfigureAwait(false);
                next = page.IsTruncated == true
                    ? ListPageAsync(folder, null, page.NextContinuationToken, stop.Token)
                    : null;
                foreach (StickyStorageItem item in Items(page))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return item;
                }
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            if (next is not null)
            {
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    public async IAsyncEnumerable<string> ListLevelAsync(string beginning, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int slash = beginning.LastIndexOf('/');
        string folder = slash < 0 ? _place.BasePath : WholeKey(beginning[..slash]);
        string whole = (folder.Length == 0 ? "" : folder + "/") + beginning[(slash + 1)..];
        string? token = null;
        do
        {
            ListObjectsV2Response page = await ListPageAsync(whole, null, token, cancellationToken, delimiter: "/").ConfigureAwait(false);
            foreach (string key in Items(page).Select(item => item.Key)
                .Concat((page.CommonPrefixes ?? []).Select(prefix => Relative(Decode(prefix, page.Encoding))))
                .Where(key => key.Length > slash + 1))
            {
                yield return key;
            }

            token = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (token is not null);
    }

    /// <summary>Checks with one small request that the bucket is there and may be listed.</summary>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <returns>A task that ends with the check.</returns>
    public async ValueTask ReachAsync(CancellationToken cancellationToken)
    {
        string prefix = _place.BasePath.Length == 0 ? "" : _place.BasePath + "/";
        _ = await RunAsync(
            $"The bucket '{Bucket}' cannot be listed",
            Bucket,
            async () =>
            {
                ListObjectsV2Request request = new() { BucketName = Bucket, Prefix = prefix, MaxKeys = 1 };
                try
                {
                    return await clients.Hasty.ListObjectsV2Async(request, cancellationToken).ConfigureAwait(false);
                }
                catch (AmazonS3Exception e) when (S3Errors.IsPassing(e))
                {
                    // The server is there, and has a bad moment.
                    return await _client.ListObjectsV2Async(request, cancellationToken).ConfigureAwait(false);
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    // XML has no control characters, so keys come as in URLs where the server can do that.
    private static string Decode(string key, EncodingType? encoding) =>
        encoding == EncodingType.Url ? WebUtility.UrlDecode(key) : key;

    private Task<ListObjectsV2Response> ListPageAsync(
        string prefix, int? size, string? token, CancellationToken cancellationToken, string? delimiter = null)
    {
        ListObjectsV2Request request = new()
        {
            BucketName = Bucket,
            Prefix = prefix,
            Delimiter = delimiter,
            MaxKeys = size,
            ContinuationToken = token,
            Encoding = EncodingType.Url,
        };
        return RunAsync(
            $"The objects below '{Relative(prefix)}' cannot be listed",
            Location,
            async () => Check(await _client.ListObjectsV2Async(request, cancellationToken).ConfigureAwait(false), isWhole: size is null),
            cancellationToken).AsTask();
    }

    // A list that lacks objects would let a pull delete their files, and a push overwrite them. The SDK takes any XML for an empty list.
    private static ListObjectsV2Response Check(ListObjectsV2Response page, bool isWhole) =>
        page is { Name: null, IsTruncated: null, MaxKeys: null, KeyCount: null } ? throw new UnusableAnswerException("it is no list of objects")
        : isWhole && page.IsTruncated == true && string.IsNullOrEmpty(page.NextContinuationToken)
            ? throw new UnusableAnswerException("a list of objects is cut off, without a way to the rest")
        : page.S3Objects?.Find(found => string.IsNullOrEmpty(found.Key) || found.Size < 0) is not null
            ? throw new UnusableAnswerException("an object of a list has no key, or a size below 0")
        : page;

    private IEnumerable<StickyStorageItem> Items(ListObjectsV2Response page)
    {
        foreach (S3Object found in page.S3Objects ?? [])
        {
            string key = Relative(Decode(found.Key, page.Encoding));
            if (key.Length > 0)
            {
                yield return new StickyStorageItem
                {
                    Key = key,
                    Size = found.Size ?? 0,
                    ETag = Unquote(found.ETag),
                    LastModified = ToUtc(found.LastModified),
                };
            }
        }
    }

    private string Relative(string whole) =>
        _place.BasePath.Length == 0 ? whole
            : whole.Length > _place.BasePath.Length ? whole[(_place.BasePath.Length + 1)..]
            : "";
}
