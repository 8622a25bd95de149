using System.Runtime.CompilerServices;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Stores;

/// <summary>A store made of a catalog, which holds the rows, and an object storage, which holds the files.</summary>
public sealed partial class Store : IStickyStore
{
    // The first page is short so that the first picture comes at once; later ones are long enough to make a query's cost small.
    private const int FirstPageSize = 128;
    private const int PageSize = 4096;

    private readonly ICatalog _catalog;
    private readonly IObjectStorage _storage;
    private readonly IFileStatisticsCache _statistics;
    private readonly IStickyProviders _providers;

    private Store(string location, ICatalog catalog, IObjectStorage storage, IFileStatisticsCache statistics, IStickyProviders providers)
    {
        Location = location;
        _catalog = catalog;
        _storage = storage;
        _statistics = statistics;
        _providers = providers;
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <summary>The server of the bucket that holds the files; null where they lie in a folder.</summary>
    public Uri? Endpoint => _storage.Endpoint;

    /// <summary>The file of a local store that holds its rows.</summary>
    /// <param name="folder">The folder of the store.</param>
    /// <returns>Its path.</returns>
    public static string GetDatabasePath(string folder) => Path.Combine(folder, "database.db");

    /// <summary>Opens the store in a folder, or makes one: a folder with a SQLite catalog, as the existing Python client lays it out.</summary>
    /// <param name="folder">An absolute path; the folder is made where it is missing.</param>
    /// <param name="providers">The parts that need packages.</param>
    /// <param name="create">Whether the store, or what it lacks, is made; false opens an existing one without writing a byte.</param>
    /// <returns>The store.</returns>
    /// <exception cref="StickyException"><c>NotAStore</c>, <c>StoreUnavailable</c>.</exception>
    public static Store OpenLocal(string folder, IStickyProviders providers, bool create = true)
    {
        MakeFolder(folder);
        return new Store(
            folder,
            providers.OpenCatalog(GetDatabasePath(folder), create),
            new DiskStorage(folder),
            providers.OpenFileStatisticsCache(Path.Combine(folder, "cache", "file-statistics.db")),
            providers);
    }

    /// <summary>Opens a store whose files lie in a bucket and whose rows lie in a SQLite file on this machine, or makes what it lacks.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="catalogPath">An absolute path of the SQLite file; its folder is made where it is missing.</param>
    /// <param name="providers">The parts that need packages.</param>
    /// <param name="create">Whether the catalog, or what it lacks, is made; false opens an existing one without writing a byte.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <returns>The store.</returns>
    /// <exception cref="StickyException">
    /// <c>NotAStore</c>, <c>StoreUnavailable</c>: of the catalog; those of <see cref="IStickyProviders.OpenBucketAsync"/>.
    /// </exception>
    public static async ValueTask<Store> OpenBucketAsync(
        BucketOptions bucket, string catalogPath, IStickyProviders providers, bool create = true, CancellationToken cancellationToken = default)
    {
        string folder = Path.GetDirectoryName(catalogPath)!;
        IObjectStorage storage = await providers.OpenBucketAsync(bucket, cancellationToken).ConfigureAwait(false);
        try
        {
            if (create)
            {
                MakeFolder(folder);
            }

            return new Store(
                storage.Location,
                providers.OpenCatalog(catalogPath, create),
                storage,
                providers.OpenFileStatisticsCache(Path.Combine(folder, "cache", "file-statistics.db")),
                providers);
        }
        catch
        {
            await storage.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StickyImage?>> GetImagesAsync(
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
    public async ValueTask DisposeAsync()
    {
        await _statistics.DisposeAsync().ConfigureAwait(false);
        await _storage.DisposeAsync().ConfigureAwait(false);
        await _catalog.DisposeAsync().ConfigureAwait(false);
    }

    private static void MakeFolder(string folder)
    {
        try
        {
            _ = Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StickyException(
                File.Exists(folder) ? "NotAStore" : "StoreUnavailable",
                StickyErrorKind.StoreUnavailable,
                File.Exists(folder) ? $"'{folder}' is a file; a store is a folder." : $"The folder '{folder}' cannot be made: {e.Message}",
                folder,
                "Name a folder that you may write to.",
                e);
        }
    }

    private static StickyException ImageNotFound(ImageReference reference) => new(
        "ImageNotFound",
        StickyErrorKind.NotFound,
        $"The store has no picture of device {reference.Device} at {StickyTime.ToFileText(reference.DateTime)} (UTC).",
        reference,
        "Get-StickyImageSeries lists the pictures of a device.");

    private async ValueTask<IReadOnlyList<DeviceRange>> GetRangesAsync(ImageSeriesQuery query, CancellationToken cancellationToken)
    {
        DateTime start = query.StartTime ?? DateTime.MinValue;
        DateTime end = query.EndTime ?? DateTime.MaxValue;
        IReadOnlyList<string> names = await _catalog.GetDeviceNamesAsync(cancellationToken).ConfigureAwait(false);
        return [.. names.Where(name => DevicePattern.Matches(name, query.Devices)).Select(name => new DeviceRange(name, start, end))];
    }

    private StickyImage WithUrl(StickyImage image, ImageContent what) =>
        what == ImageContent.Metadata ? image : image with { What = what, Url = image.Reference.IsValid ? _storage.GetUrl(image.Reference.Key(what)) : "" };
}
