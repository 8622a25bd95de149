using StickyPi.Core.Storage;
using StickyPi.Core.Stores;

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
