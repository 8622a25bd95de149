using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Core.Storage;
using StickyPi.Core.Users;

namespace StickyPi.Core;

/// <summary>
/// The parts of a store that need packages or native libraries. The core knows only this interface, so that a front end can load
/// its implementation apart from its own assemblies, and as late as it likes.
/// </summary>
public interface IStickyProviders
{
    /// <summary>Reads the EXIF of pictures.</summary>
    IExifReader Exif { get; }

    /// <summary>Decodes and encodes pictures.</summary>
    IJpegEngine Jpeg { get; }

    /// <summary>Opens the catalog of a local store.</summary>
    /// <param name="path">An absolute path of the SQLite file, in a folder that exists.</param>
    /// <param name="create">Whether tables that are missing, as in a new file, are made; else not a byte is written.</param>
    /// <param name="patience">How long to wait where another program keeps the file locked; null for a minute.</param>
    /// <returns>The catalog.</returns>
    /// <exception cref="StickyException"><c>NotAStore</c>: the file is no catalog; <c>StoreUnavailable</c>: it cannot be opened.</exception>
    ICatalog OpenCatalog(string path, bool create, TimeSpan? patience = null);

    /// <summary>Opens the catalog in a PostgreSQL database.</summary>
    /// <param name="connectionString">Which, as Npgsql writes it; it may hold a password, and stays the caller's to dispose of.</param>
    /// <param name="create">Whether tables that are missing, as in a new database, are made; else nothing is written.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <returns>The catalog, whose database was reached.</returns>
    /// <exception cref="StickyException">
    /// <c>InvalidConnectionString</c>; <c>NotAStore</c>: the database holds something else; <c>DatabaseNotFound</c>; <c>CredentialRefused</c>,
    /// <c>AccessDenied</c>; <c>StoreUnavailable</c>: the server can't be reached.
    /// </exception>
    ValueTask<ICatalog> OpenDatabaseAsync(Secret connectionString, bool create, CancellationToken cancellationToken);

    /// <summary>Opens a bucket of an S3 server.</summary>
    /// <param name="options">Which; what it holds is copied.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <returns>The bucket, which was reached and may be listed.</returns>
    /// <exception cref="StickyException">
    /// <c>InvalidBucketOptions</c>; <c>BucketNotFound</c>; <c>CredentialMissing</c>, <c>CredentialRefused</c>, <c>AccessDenied</c>;
    /// <c>WrongRegion</c>; <c>ClockWrong</c>; <c>StorageUnavailable</c>: the server can't be reached.
    /// </exception>
    ValueTask<IObjectStorage> OpenBucketAsync(BucketOptions options, CancellationToken cancellationToken);

    /// <summary>Makes a bucket on an S3 server, if the user has none of this name yet.</summary>
    /// <param name="options">Which.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The bucket.</returns>
    /// <exception cref="StickyException">As for <see cref="OpenBucketAsync"/>; <c>BucketTaken</c>: somebody else has one of this name.</exception>
    ValueTask<StickyBucket> CreateBucketAsync(BucketOptions options, CancellationToken cancellationToken);

    /// <summary>Opens the cache of file statistics. Nothing is written before there is something to remember.</summary>
    /// <param name="path">An absolute path of its file, whose folder may be missing.</param>
    /// <returns>The cache.</returns>
    IFileStatisticsCache OpenFileStatisticsCache(string path);
}
