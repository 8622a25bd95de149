using StickyPi.Core.Storage;
using StickyPi.Core.Users;

namespace StickyPi.Core.Stores;

/// <summary>Where the two parts of a store are: its files in a folder or a bucket, its rows in a SQLite file or a PostgreSQL database.</summary>
public sealed record StoreOptions
{
    /// <summary>The folder of the files, an absolute path; null where they lie in a bucket.</summary>
    public string? Folder { get; init; }

    /// <summary>The bucket of the files; null where they lie in a folder.</summary>
    public BucketOptions? Bucket { get; init; }

    /// <summary>The SQLite file of the rows, an absolute path; null for that in the folder, or where a database is named.</summary>
    public string? CatalogPath { get; init; }

    /// <summary>The PostgreSQL database of the rows, as a connection string of Npgsql; null for SQLite. It may hold a password.</summary>
    public Secret? Database { get; init; }

    /// <summary>How long to wait where another program keeps the SQLite file locked; null for a minute.</summary>
    public TimeSpan? LockPatience { get; init; }

    /// <summary>The folder of caches on this machine, an absolute path; null for that beside the catalog.</summary>
    public string? CacheFolder { get; init; }
}
