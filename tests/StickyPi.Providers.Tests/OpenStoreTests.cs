using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;
using StickyPi.Core.Users;

namespace StickyPi.Tests;

/// <summary>Where the two parts of a store can be.</summary>
public sealed class OpenStoreTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_alone_is_the_store_that_the_short_form_opens()
    {
        await using (Store store = await Store.OpenAsync(new StoreOptions { Folder = _folder["store"] }, Pictures.Providers))
        {
            await SendAsync(store);
        }

        Assert.True(File.Exists(Store.GetDatabasePath(_folder["store"])));
        await using Store again = Store.OpenLocal(_folder["store"], Pictures.Providers, create: false);
        _ = Assert.Single(await again.GetImageSeriesAsync(new ImageSeriesQuery()).ToListAsync());
    }

    [Fact]
    public async Task Files_catalog_and_caches_may_lie_in_three_places()
    {
        StoreOptions options = new() { Folder = _folder["files"], CatalogPath = Path.Combine(_folder["rows"], "lab.db"), CacheFolder = _folder["cache"] };
        await using Store store = await Store.OpenAsync(options, Pictures.Providers);
        await SendAsync(store);

        Assert.Equal(_folder["files"], store.Location);
        Assert.Equal([_folder["files"] + Path.DirectorySeparatorChar + "raw_images"], Directory.GetDirectories(_folder["files"], "raw*"));
        Assert.Empty(Directory.GetFiles(_folder["files"]));
        Assert.Equal([options.CatalogPath], Directory.GetFiles(_folder["rows"]));
        Assert.Equal([Path.Combine(_folder["cache"], "file-statistics.db")], Directory.GetFiles(_folder["cache"]));
    }

    [SkippableFact]
    public async Task Rows_in_postgresql_and_files_in_a_bucket_make_a_store()
    {
        await using PostgresDatabase database = await PostgresServer.CreateDatabaseAsync();
        await using S3Bucket bucket = await S3Server.CreateBucketAsync();
        using Secret secret = database.Secret;
        using BucketOptions options = bucket.Options("base");
        await using Store store = await Store.OpenAsync(
            new StoreOptions { Bucket = options, Database = secret, CacheFolder = _folder["cache"] }, Pictures.Providers);

        await SendAsync(store);

        Assert.Equal(3, (await bucket.KeysAsync()).Count);
        Assert.Equal(1L, await database.ScalarAsync("SELECT count(*) FROM images"));
        Assert.Equal($"s3://{bucket.Name}/base", store.Location);
    }

    [Fact]
    public async Task Options_that_name_a_part_twice_or_not_at_all_are_refused()
    {
        using Secret secret = new("Host=127.0.0.1");
        using BucketOptions bucket = new() { Bucket = "b" };
        StoreOptions[] wrong =
        [
            new(), new() { Folder = "/f", Bucket = bucket }, new() { Folder = "/f", CatalogPath = "/c", Database = secret }, new() { Bucket = bucket },
            new() { Bucket = bucket, Database = secret },
        ];

        foreach (StoreOptions options in wrong)
        {
            StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await Store.OpenAsync(options, Pictures.Providers));
            Assert.Equal(("InvalidStoreOptions", StickyErrorKind.InvalidData), (error.ErrorId, error.Kind));
        }
    }

    [Theory]
    [InlineData("store/other.db", null)]
    [InlineData("store/ml/rows/database.db", null)]
    [InlineData("store", null)]
    [InlineData("rows.db", "store")]
    [InlineData("rows.db", "store/x")]
    [InlineData("rows/../store/rows.db", null)]
    public async Task Rows_and_caches_among_the_files_of_a_store_where_they_could_be_read_as_such_are_refused(string catalog, string? cache)
    {
        StoreOptions options = new()
        {
            Folder = _folder["store"],
            CatalogPath = Path.GetFullPath(_folder[catalog]),
            CacheFolder = cache is null ? null : _folder[cache],
        };

        StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await Store.OpenAsync(options, Pictures.Providers));

        Assert.Equal("InvalidStoreOptions", error.ErrorId);
        Assert.Contains($"lies among the files in '{options.Folder}'", error.Message);
        Assert.False(Directory.Exists(options.Folder));
    }

    [Fact]
    public async Task Rows_that_lie_among_the_files_by_way_of_a_link_are_refused_too()
    {
        _ = Directory.CreateDirectory(_folder["real"]);
        _ = Directory.CreateSymbolicLink(_folder["link"], _folder["real"]);
        foreach ((string folder, string catalog) in (IEnumerable<(string, string)>)
            [("link", "real/rows.db"), ("real", "link/rows.db"), ("link", "link/a/rows.db"), ("link/a", "real/a/b/rows.db")])
        {
            StoreOptions options = new() { Folder = _folder[folder], CatalogPath = _folder[catalog] };
            StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await Store.OpenAsync(options, Pictures.Providers));
            Assert.Equal("InvalidStoreOptions", error.ErrorId);
        }

        await using Store store = await Store.OpenAsync(new StoreOptions { Folder = _folder["link"], CatalogPath = _folder["real/database.db"] }, Pictures.Providers);
        Assert.True(File.Exists(_folder["real/database.db"]));
    }

    [Theory]
    [InlineData("store/database.db", null)]
    [InlineData("store/cache/rows.db", "store/cache/mine")]
    [InlineData("store2/rows.db", "..store")]
    public async Task Rows_and_caches_where_a_store_keeps_its_own_or_elsewhere_are_no_objects(string catalog, string? cache)
    {
        StoreOptions options = new() { Folder = _folder["store"], CatalogPath = _folder[catalog], CacheFolder = cache is null ? null : _folder[cache] };
        await using Store store = await Store.OpenAsync(options, Pictures.Providers);

        await SendAsync(store);

        Assert.Equal(3, await store.GetStorageItemsAsync("", KeyFilter.All).CountAsync());
    }

    private async Task SendAsync(Store store)
    {
        string path = Pictures.Write(_folder["card"], "5c173ff2", Pictures.Start);
        List<Outcome<SendImageResult>> sent = await store.SendImagesAsync(new[] { path }.ToAsyncEnumerable(), new SendImageOptions()).ToListAsync();
        Assert.Equal(SendImageStatus.Added, Assert.Single(sent).Value?.Status);
    }
}
