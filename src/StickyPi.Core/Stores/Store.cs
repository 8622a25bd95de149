using System.Runtime.CompilerServices;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Stores;

/// <summary>A store made of a catalog, which holds the rows, and an object storage, which holds the files.</summary>
public sealed partial class Store : StoreBase, IStickyStore
{
    // The first page is short so that the first picture comes at once; later ones are long enough to make a query's cost small.
    private const int FirstPageSize = 128;
    private const int PageSize = 4096;

    private readonly ICatalog _catalog;
    private readonly IFileStatisticsCache _statistics;
    private readonly IStickyProviders _providers;
    private readonly string? _catalogFile;
    private readonly string? _user;
    private readonly Func<string, string> _getUrl;

    private Store(
        string location,
        ICatalog catalog,
        string? catalogFile,
        IObjectStorage storage,
        IFileStatisticsCache statistics,
        IStickyProviders providers,
        string? user = null,
        Func<string, string>? getUrl = null)
        : base(storage)
    {
        Location = location;
        _catalogFile = catalogFile;
        _catalog = catalog;
        _statistics = statistics;
        _providers = providers;
        _user = user;
        _getUrl = getUrl ?? storage.GetUrl;
    }

    /// <inheritdoc/>
    public override string Location { get; }

    /// <summary>The server of the bucket that holds the files; null where they lie in a folder.</summary>
    public Uri? Endpoint => Storage.Endpoint;

    /// <summary>The file of a local store that holds its rows.</summary>
    /// <param name="folder">The folder of the store.</param>
    /// <returns>Its path.</returns>
    public static string GetDatabasePath(string folder) => Path.Combine(folder, "database.db");

    /// <summary>The same store as somebody uses it: the rows that are written through it bear their name.</summary>
    /// <param name="user">The name of the user, at most 32 characters.</param>
    /// <param name="getUrl">
    /// Where somebody elsewhere can fetch an object, by its key; null where <see cref="HasUrls"/>, and for whoever sees the same disks.
    /// </param>
    /// <returns>A view of this store, which stays open when the view is disposed of.</returns>
    public Store As(string user, Func<string, string>? getUrl = null) =>
        new(Location, _catalog, _catalogFile, Storage, _statistics, _providers, user, getUrl);

    /// <summary>Whether objects have URLs of their own, as in a bucket; else they have paths, which mean something on this machine alone.</summary>
    public bool HasUrls => Storage is not DiskStorage;

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyList<StickyImage?>> GetImagesAsync(
        IReadOnlyList<ImageReference> references, ImageContent what = ImageContent.Metadata, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<StickyImage?> images = await _catalog.FindImagesAsync(references, cancellationToken).ConfigureAwait(false);
        return what == ImageContent.Metadata ? images : [.. images.Select(image => image is null ? null : WithUrl(image, what))];
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StickyImage> GetImageSeriesAsync(ImageSeriesQuery query, CancellationToken cancellationToken = default) =>
        GetImageSeriesAsync(query, after: null, cancellationToken);

    /// <summary>Reads what follows a picture in a series, whether or not that picture is still there.</summary>
    /// <param name="query">Which pictures; <see cref="ImageSeriesQuery.Skip"/> and <see cref="ImageSeriesQuery.First"/> count from there.</param>
    /// <param name="after">The picture; null for the whole series.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The pictures, ordered by device and time.</returns>
    public async IAsyncEnumerable<StickyImage> GetImageSeriesAsync(
        ImageSeriesQuery query, ImageReference? after, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        long skip = query.Skip;
        long remaining = query.First ?? long.MaxValue;
        int pageSize = FirstPageSize;
        foreach (DeviceRange device in await GetRangesAsync(query, after, cancellationToken).ConfigureAwait(false))
        {
            if (skip > 0)
            {
                long count = await _catalog.CountImagesAsync(device, cancellationToken).ConfigureAwait(false);
                if (count <= skip)
                {
                    skip -= count;
                    continue;
                }
            }

            DeviceRange range = device;
            while (remaining > 0)
            {
                int wanted = (int)Math.Min(pageSize, remaining);
                IReadOnlyList<StickyImage> page = await _catalog.GetImagePageAsync(range, skip, wanted, cancellationToken).ConfigureAwait(false);
                foreach (StickyImage image in page)
                {
                    yield return query.What == ImageContent.Metadata ? image : WithUrl(image, query.What);
                }

                skip = 0;
                remaining -= page.Count;
                if (page.Count < wanted)
                {
                    break;
                }

                range = range with { StartTime = NextMoment(page[^1].DateTime) };
                pageSize = PageSize;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<long> CountImageSeriesAsync(ImageSeriesQuery query, CancellationToken cancellationToken = default)
    {
        long count = 0;
        foreach (DeviceRange range in await GetRangesAsync(query, after: null, cancellationToken).ConfigureAwait(false))
        {
            count += await _catalog.CountImagesAsync(range, cancellationToken).ConfigureAwait(false);
        }

        return count;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StickyDevice> GetDevicesAsync(
        IReadOnlyList<string> patterns, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (string name in await _catalog.GetDeviceNamesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (DevicePattern.Matches(name, patterns)
                && await _catalog.GetDeviceAsync(name, cancellationToken).ConfigureAwait(false) is StickyDevice device)
            {
                yield return device;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> GetDeviceNamesAsync(CancellationToken cancellationToken = default) =>
        _catalog.GetDeviceNamesAsync(cancellationToken);

    /// <inheritdoc/>
    public void ClearCache() => _statistics.Clear();

    /// <summary>Makes sure that the catalog can be read and the storage be reached.</summary>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>A task that ends when both have answered.</returns>
    /// <exception cref="StickyException"><c>StoreUnavailable</c> and the like.</exception>
    public async ValueTask CheckAsync(CancellationToken cancellationToken = default)
    {
        _ = await _catalog.GetUsersAsync(cancellationToken).ConfigureAwait(false);

        // A folder that is not there any more, as on a disk that was taken out, holds no object, which is no error.
        if (!HasUrls && !Directory.Exists(Location))
        {
            throw new StickyException(
                "StoreUnavailable", StickyErrorKind.StoreUnavailable, $"The folder '{Location}' is not there any more.", Location, "Mount its disk again.");
        }

        // Any answer will do.
        _ = await Storage.FindAsync("raw_images/none", cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_user is not null)
        {
            return;
        }

        await _statistics.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
        await _catalog.DisposeAsync().ConfigureAwait(false);
    }

    // Whoever publishes files and their rows holds the right to write.
    private protected override async ValueTask<IAsyncDisposable?> KeepImagesAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _catalog.BeginWriteAsync(_user, cancellationToken).ConfigureAwait(false);
        }
        catch (StickyException)
        {
            // The catalog is a copy, or may only be read.
            return null;
        }
    }

    // The catalog holds microseconds: one further is the next moment that a picture can have.
    private static DateTime NextMoment(DateTime time) => time.AddMicroseconds(1);

    private async ValueTask<IReadOnlyList<DeviceRange>> GetRangesAsync(
        ImageSeriesQuery query, ImageReference? after, CancellationToken cancellationToken)
    {
        DateTime start = query.StartTime ?? DateTime.MinValue;
        DateTime end = query.EndTime ?? DateTime.MaxValue;
        IReadOnlyList<string> names = await _catalog.GetDeviceNamesAsync(cancellationToken).ConfigureAwait(false);
        return
        [
            .. names.Where(name => DevicePattern.Matches(name, query.Devices) && string.CompareOrdinal(name, after?.Device) >= 0)
                .Select(name => new DeviceRange(name, name == after?.Device && NextMoment(after.Value.DateTime) is var next && next > start ? next : start, end)),
        ];
    }

    /// <summary>Where an object can be fetched from.</summary>
    /// <param name="key">The object, which need not exist.</param>
    /// <returns>A path, in a local store, or a URL that is good for a limited time.</returns>
    public string GetStorageItemUrl(string key) => _getUrl(key);

    private StickyImage WithUrl(StickyImage image, ImageContent what) =>
        what == ImageContent.Metadata ? image : image with { What = what, Url = image.Reference.IsValid ? _getUrl(image.Reference.Key(what)) : "" };
}
