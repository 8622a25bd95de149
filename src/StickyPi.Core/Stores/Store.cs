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

    private Store(
        string location,
        ICatalog catalog,
        string? catalogFile,
        IObjectStorage storage,
        IFileStatisticsCache statistics,
        IStickyProviders providers,
        string? user = null)
        : base(storage)
    {
        Location = location;
        _catalogFile = catalogFile;
        _catalog = catalog;
        _statistics = statistics;
        _providers = providers;
        _user = user;
    }

    /// <inheritdoc/>
    public override string Location { get; }

    /// <summary>The file of a local store that holds its rows.</summary>
    /// <param name="folder">The folder of the store.</param>
    /// <returns>Its path.</returns>
    public static string GetDatabasePath(string folder) => Path.Combine(folder, "database.db");

    /// <summary>The same store as somebody uses it: the rows that are written through it bear their name.</summary>
    /// <param name="user">The name of the user, at most 32 characters.</param>
    /// <returns>A view of this store, which stays open when the view is disposed of.</returns>
    public Store As(string user) => new(Location, _catalog, _catalogFile, Storage, _statistics, _providers, user);

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyList<StickyImage?>> GetImagesAsync(
        IReadOnlyList<ImageReference> references, ImageContent what = ImageContent.Metadata, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<StickyImage?> images = await _catalog.FindImagesAsync(references, cancellationToken).ConfigureAwait(false);
        return what == ImageContent.Metadata ? images : [.. images.Select(image => image is null ? null : WithUrl(image, what))];
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StickyImage> GetImageSeriesAsync(
        ImageSeriesQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        long skip = query.Skip;
        long remaining = query.First ?? long.MaxValue;
        int pageSize = FirstPageSize;
        foreach (DeviceRange device in await GetRangesAsync(query, cancellationToken).ConfigureAwait(false))
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

                // The catalog holds microseconds: one further is the next moment that a picture can have.
                range = range with { StartTime = page[^1].DateTime.AddMicroseconds(1) };
                pageSize = PageSize;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<long> CountImageSeriesAsync(ImageSeriesQuery query, CancellationToken cancellationToken = default)
    {
        long count = 0;
        foreach (DeviceRange range in await GetRangesAsync(query, cancellationToken).ConfigureAwait(false))
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

    private async ValueTask<IReadOnlyList<DeviceRange>> GetRangesAsync(ImageSeriesQuery query, CancellationToken cancellationToken)
    {
        DateTime start = query.StartTime ?? DateTime.MinValue;
        DateTime end = query.EndTime ?? DateTime.MaxValue;
        IReadOnlyList<string> names = await _catalog.GetDeviceNamesAsync(cancellationToken).ConfigureAwait(false);
        return [.. names.Where(name => DevicePattern.Matches(name, query.Devices)).Select(name => new DeviceRange(name, start, end))];
    }

    private StickyImage WithUrl(StickyImage image, ImageContent what) =>
        what == ImageContent.Metadata ? image : image with { What = what, Url = image.Reference.IsValid ? Storage.GetUrl(image.Reference.Key(what)) : "" };
}
