using StickyPi.Core.Bundles;
using StickyPi.Core.Catalog;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Stores;

public sealed partial class Store
{
    private const string CacheFolder = "cache";
    private const string StatisticsFile = "file-statistics.db";

    /// <summary>Opens the store in a folder, or makes one: a folder with a SQLite catalog, as the existing Python client lays it out.</summary>
    /// <param name="folder">An absolute path; the folder is made where it is missing.</param>
    /// <param name="providers">The parts that need packages.</param>
    /// <param name="create">Whether the store, or what it lacks, is made; false opens an existing one without writing a byte.</param>
    /// <returns>The store.</returns>
    /// <exception cref="StickyException"><c>NotAStore</c>, <c>StoreUnavailable</c>.</exception>
    public static Store OpenLocal(string folder, IStickyProviders providers, bool create = true)
    {
        MakeFolder(folder);
        string catalogPath = GetDatabasePath(folder);
        CheckNotEmptied(folder, catalogPath);
        return new Store(
            folder,
            providers.OpenCatalog(catalogPath, create),
            catalogPath,
            new DiskStorage(folder),
            OpenStatistics(Path.Combine(folder, CacheFolder), providers),
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
    public static ValueTask<Store> OpenBucketAsync(
        BucketOptions bucket, string catalogPath, IStickyProviders providers, bool create = true, CancellationToken cancellationToken = default) =>
        OpenAsync(new StoreOptions { Bucket = bucket, CatalogPath = catalogPath }, providers, create, cancellationToken);

    /// <summary>Opens a store wherever its two parts are, or makes what it lacks.</summary>
    /// <param name="options">Where they are; what it holds is copied.</param>
    /// <param name="providers">The parts that need packages.</param>
    /// <param name="create">Whether the catalog, or what it lacks, is made; false opens an existing one without writing anything.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <returns>The store.</returns>
    /// <exception cref="StickyException">
    /// <c>InvalidStoreOptions</c>: they name a part twice, or not at all; <c>NotAStore</c>, <c>StoreUnavailable</c>; those of
    /// <see cref="IStickyProviders.OpenBucketAsync"/> and <see cref="IStickyProviders.OpenDatabaseAsync"/>.
    /// </exception>
    public static async ValueTask<Store> OpenAsync(
        StoreOptions options, IStickyProviders providers, bool create = true, CancellationToken cancellationToken = default)
    {
        Check(options);
        string? catalogPath = options.Database is null ? options.CatalogPath ?? GetDatabasePath(options.Folder!) : null;
        string cacheFolder = options.CacheFolder ?? Path.Combine(catalogPath is null ? options.Folder! : Path.GetDirectoryName(catalogPath)!, CacheFolder);
        CheckHidden(options.Folder, catalogPath, "the SQLite file of the rows");
        CheckHidden(options.Folder, Path.Combine(cacheFolder, StatisticsFile), "the folder for caches");
        string[] own = catalogPath is null ? [cacheFolder] : [cacheFolder, catalogPath];
        IObjectStorage storage = await OpenStorageAsync(options, own, providers, cancellationToken).ConfigureAwait(false);
        try
        {
            CheckNotEmptied(options.Folder, catalogPath);
            if (options.Bucket is not null && catalogPath is not null && IsEmpty(catalogPath))
            {
                await CheckHasNoFilesAsync(storage, catalogPath, cancellationToken).ConfigureAwait(false);
            }

            if (create && catalogPath is not null)
            {
                MakeFolder(Path.GetDirectoryName(catalogPath)!);
            }

            return new Store(
                options.Folder ?? storage.Location,
                catalogPath is not null
                    ? providers.OpenCatalog(catalogPath, create, options.LockPatience)
                    : await providers.OpenDatabaseAsync(options.Database!, create, cancellationToken).ConfigureAwait(false),
                catalogPath,
                storage,
                OpenStatistics(cacheFolder, providers),
                providers);
        }
        catch
        {
            await storage.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static void Check(StoreOptions options)
    {
        string? reason = options switch
        {
            { Folder: null, Bucket: null } => "they name neither a folder nor a bucket for the files",
            { Folder: not null, Bucket: not null } => "they name both a folder and a bucket for the files",
            { CatalogPath: not null, Database: not null } => "they name both a SQLite file and a PostgreSQL database for the rows",
            { Folder: null, CatalogPath: null, Database: null } => "they name neither a SQLite file nor a PostgreSQL database for the rows",
            { Folder: null, CatalogPath: null, CacheFolder: null } => "they name no folder for caches, and neither a folder nor a SQLite file that it could be beside",
            _ => null,
        };
        if (reason is not null)
        {
            throw Invalid(reason, "Name one place for the files, a folder or a bucket, and one for the rows, a SQLite file or a PostgreSQL database.");
        }
    }

    // What lies among the files of a store can be read, and overwritten, as one of them: passwords lie in the rows.
    private static void CheckHidden(string? folder, string? path, string what)
    {
        if (folder is not null && path is not null && !DiskStorage.IsHidden(folder, path))
        {
            throw Invalid(
                $"'{path}', {what}, lies among the files in '{folder}', and could be read as one of them",
                "Leave it out, so that it is where the store keeps its own, or name a place outside that folder.");
        }
    }

    // SQLite takes an empty file for a new database. Beside pictures it is what is left of one, and a new one would list none of them.
    private static void CheckNotEmptied(string? folder, string? catalogPath)
    {
        if (folder is not null
            && catalogPath is not null
            && IsEmpty(catalogPath)
            && OwnFolders.Select(name => Path.Combine(folder, name)).FirstOrDefault(HoldsAnything) is string beside)
        {
            throw Emptied(catalogPath, beside);
        }

        static bool HoldsAnything(string folder) => Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any();
    }

    private static IEnumerable<string> OwnFolders => NewKey.FoldersWithRows.Append(MlBundleRules.Prefix);

    private static bool IsEmpty(string catalogPath) => new FileInfo(catalogPath) is { Exists: true, Length: 0 };

    private static async ValueTask CheckHasNoFilesAsync(IObjectStorage storage, string catalogPath, CancellationToken cancellationToken)
    {
        foreach (string name in OwnFolders)
        {
            await foreach (StickyStorageItem _ in storage.ListAsync(name, cancellationToken).ConfigureAwait(false))
            {
                throw Emptied(catalogPath, storage.GetPlace(name));
            }
        }
    }

    private static StickyException Emptied(string catalogPath, string beside) => new(
        "NotAStore",
        StickyErrorKind.StoreUnavailable,
        $"The catalog '{catalogPath}' is empty, and there are files in '{beside}': the rows of the store are lost.",
        catalogPath,
        "Restore the file from a backup. If there is none, delete it, connect again and send the pictures and tuboids again.");

    private static StickyException Invalid(string reason, string action) => new(
        "InvalidStoreOptions", StickyErrorKind.InvalidData, $"The options of the store do not make sense: {reason}.", null, action);

    private static async ValueTask<IObjectStorage> OpenStorageAsync(
        StoreOptions options, IReadOnlyList<string> own, IStickyProviders providers, CancellationToken cancellationToken)
    {
        if (options.Bucket is not null)
        {
            return await providers.OpenBucketAsync(options.Bucket, cancellationToken).ConfigureAwait(false);
        }

        MakeFolder(options.Folder!);
        return new DiskStorage(options.Folder!, own);
    }

    private static IFileStatisticsCache OpenStatistics(string cacheFolder, IStickyProviders providers) =>
        providers.OpenFileStatisticsCache(Path.Combine(cacheFolder, StatisticsFile));

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
                File.Exists(folder)
                    ? $"'{folder}' is a file; a store is a folder."
                    : $"The folder '{folder}' cannot be made: {OneLine.Quote(e)}.",
                folder,
                "Name a folder that you may write to.",
                e);
        }
    }
}
