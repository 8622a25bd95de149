using StickyPi.Core.Remote;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;
using StickyPi.Core.Users;

namespace StickyPi.Tests;

/// <summary>A store of some kind, opened for a test.</summary>
/// <param name="store">The store.</param>
/// <param name="userName">Whom its rows name; null where nobody logs in.</param>
/// <param name="more">What else to dispose of, after the store and in this order.</param>
public sealed class StoreUnderTest(IStickyStore store, string? userName, params IAsyncDisposable[] more) : IAsyncDisposable
{
    public IStickyStore Store { get; } = store;

    public string? UserName { get; } = userName;

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        foreach (IAsyncDisposable other in more)
        {
            await other.DisposeAsync();
        }
    }
}

/// <summary>A folder.</summary>
public sealed class LocalStoreSuite : StoreSuite
{
    protected override Task<StoreUnderTest> OpenAsync(string folder) =>
        Task.FromResult(new StoreUnderTest(Store.OpenLocal(folder, Pictures.Providers), userName: null));
}

/// <summary>A bucket, with the rows in a SQLite file.</summary>
public sealed class BucketStoreSuite : StoreSuite
{
    protected override async Task<StoreUnderTest> OpenAsync(string folder)
    {
        S3Bucket bucket = await S3Server.CreateBucketAsync();
        using BucketOptions options = bucket.Options("lab");
        return new StoreUnderTest(
            await Store.OpenBucketAsync(options, Path.Combine(folder, "catalog.db"), Pictures.Providers), userName: null, bucket);
    }
}

/// <summary>A bucket, with the rows in PostgreSQL.</summary>
public sealed class PostgresBucketStoreSuite : StoreSuite
{
    protected override async Task<StoreUnderTest> OpenAsync(string folder)
    {
        S3Bucket bucket = await S3Server.CreateBucketAsync();
        PostgresDatabase database = await PostgresServer.CreateDatabaseAsync();
        using BucketOptions options = bucket.Options("lab");
        using Secret connection = new(database.ConnectionString);
        Store store = await Store.OpenAsync(new StoreOptions { Bucket = options, Database = connection, CacheFolder = Path.Combine(folder, "cache") }, Pictures.Providers);
        return new StoreUnderTest(store, userName: null, bucket, database);
    }
}

/// <summary>A server over a folder.</summary>
public sealed class RemoteStoreSuite : StoreSuite
{
    protected override Task<StoreUnderTest> OpenAsync(string folder) => OverHttp.OpenAsync(folder, new Dictionary<string, string?>());
}

/// <summary>A server over a bucket, with the rows in a SQLite file.</summary>
public sealed class RemoteBucketStoreSuite : StoreSuite
{
    protected override async Task<StoreUnderTest> OpenAsync(string folder)
    {
        S3Bucket bucket = await S3Server.CreateBucketAsync();
        return await OverHttp.OpenAsync(
            folder, new(OverHttp.SettingsOf(bucket)) { ["StickyPi:CatalogPath"] = Path.Combine(folder, "catalog.db") }, bucket);
    }
}

/// <summary>A server over a bucket, with the rows in PostgreSQL.</summary>
public sealed class RemotePostgresBucketStoreSuite : StoreSuite
{
    protected override async Task<StoreUnderTest> OpenAsync(string folder)
    {
        S3Bucket bucket = await S3Server.CreateBucketAsync();
        PostgresDatabase database = await PostgresServer.CreateDatabaseAsync();
        return await OverHttp.OpenAsync(
            folder,
            new(OverHttp.SettingsOf(bucket)) { ["StickyPi:Database"] = database.ConnectionString, ["StickyPi:CacheFolder"] = Path.Combine(folder, "server cache") },
            bucket,
            database);
    }
}

/// <summary>How a store behind a server that really listens is opened, as an administrator and with a cache of answers.</summary>
internal static class OverHttp
{
    public static Dictionary<string, string?> SettingsOf(S3Bucket bucket)
    {
        using BucketOptions options = bucket.Options("lab");
        return new()
        {
            ["StickyPi:Bucket"] = options.Bucket,
            ["StickyPi:Endpoint"] = options.Endpoint!.ToString(),
            ["StickyPi:Region"] = options.Region,
            ["StickyPi:BasePath"] = options.BasePath,
            ["StickyPi:AccessKey"] = bucket.Server.AccessKey,
            ["StickyPi:SecretKey"] = bucket.Server.SecretKey,
        };
    }

    public static async Task<StoreUnderTest> OpenAsync(string folder, Dictionary<string, string?> settings, params IAsyncDisposable[] behind)
    {
        LabServer server = new() { Settings = settings };
        await server.InitializeAsync();
        using Secret password = new(LabServer.Password);
        IRemoteStore store = await RemoteConnection.OpenAsync(
            new RemoteOptions { Uri = server.Uri, UserName = LabServer.Administrator, Password = password, CacheFolder = Path.Combine(folder, "answers") }, Pictures.Providers);
        return new StoreUnderTest(store, LabServer.Administrator, [server, .. behind]);
    }
}
