using StickyPi.Core;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Core.Storage;
using StickyPi.Core.Users;
using StickyPi.Providers.Exif;
using StickyPi.Providers.Jpeg;
using StickyPi.Providers.Postgres;
using StickyPi.Providers.S3;
using StickyPi.Providers.Sqlite;

namespace StickyPi.Providers;

/// <summary>The parts of StickyPi that need packages: SQLite, Npgsql, the AWS SDK, MetadataExtractor, libvips and ImageSharp.</summary>
public sealed class StickyProviders : IStickyProviders
{
    /// <summary>Makes them, with the JPEG engine that the environment variable <c>STICKYPI_JPEG_ENGINE</c> names, or else the best that loads.</summary>
    public StickyProviders()
        : this(() => Environment.GetEnvironmentVariable(ChosenJpegEngine.Variable))
    {
    }

    /// <summary>Makes them, with one JPEG engine and no other.</summary>
    /// <param name="jpegEngine"><c>libvips</c> or <c>managed</c>.</param>
    public StickyProviders(string jpegEngine)
        : this(() => jpegEngine)
    {
    }

    private StickyProviders(Func<string?> readJpegEngine) => Jpeg = new ChosenJpegEngine(readJpegEngine, () => VipsJpegEngine.Fault);

    /// <inheritdoc/>
    public IExifReader Exif { get; } = new ExifReader();

    /// <inheritdoc/>
    public IJpegEngine Jpeg { get; }

    /// <inheritdoc/>
    public ICatalog OpenCatalog(string path, bool create, TimeSpan? patience = null) => SqliteCatalog.Open(path, create, patience);

    /// <inheritdoc/>
    public ValueTask<ICatalog> OpenDatabaseAsync(Secret connectionString, bool create, CancellationToken cancellationToken) =>
        PostgresCatalog.OpenAsync(connectionString, create, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IObjectStorage> OpenBucketAsync(BucketOptions options, CancellationToken cancellationToken) =>
        S3Buckets.OpenAsync(options, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StickyBucket> CreateBucketAsync(BucketOptions options, CancellationToken cancellationToken) =>
        S3Buckets.CreateAsync(options, cancellationToken);

    /// <inheritdoc/>
    public IFileStatisticsCache OpenFileStatisticsCache(string path) => new SqliteFileStatisticsCache(path);
}
