using System.Diagnostics;
using StickyPi.Core;
using StickyPi.Core.Storage;

namespace StickyPi.Tests;

/// <summary>Storage in a folder keeps the contract, and what is peculiar to it.</summary>
public sealed class DiskStorageTests : ObjectStorageContract
{
    private readonly TestFolder _root = new();

    [Theory]
    [InlineData("database.db")]
    [InlineData("Database.db-journal")]
    [InlineData("cache/x")]
    [InlineData("Cache/x")]
    [InlineData("folder/.stickypi-0123456789ab-1-object.partial")]
    public async Task What_the_store_keeps_for_itself_is_no_object_and_cannot_be_overwritten_or_deleted(string key)
    {
        string path = _root[key];
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "own");
        await PutAsync("object", [1]);
        LocalFile file = WriteFile("file", [2]);

        Assert.Null(await Storage.FindAsync(key, default));
        Assert.Equal(["object"], await KeysAsync(""));
        Assert.Empty(await ListAsync(key));
        Assert.Null(await Storage.OpenReadAsync(key, default));
        Assert.Null(await Storage.OpenReadAsync(key, 0, 10, default));
        await AssertReservedAsync(() => UploadAsync(key, file));
        await AssertReservedAsync(async () => await Storage.StageAsync(key, new byte[1], default));
        await AssertReservedAsync(async () => await Storage.CopyAsync("object", key, default));
        await AssertReservedAsync(async () => await Storage.DeleteAsync(key, default));

        Assert.Equal("own", await File.ReadAllTextAsync(path));

        static async Task AssertReservedAsync(Func<Task> write)
        {
            StickyException error = await Assert.ThrowsAsync<StickyException>(write);
            Assert.Equal(("ReservedKey", StickyErrorKind.NotAllowed), (error.ErrorId, error.Kind));
            Assert.NotNull(error.RecommendedAction);
        }
    }

    [Fact]
    public async Task An_upload_that_is_on_its_way_is_neither_listed_as_left_behind_nor_given_up()
    {
        await using DiskStorage other = new(_root.Path);
        await using IStagedObject staged = await Storage.StageAsync("folder/object", "text"u8.ToArray(), default);
        string partial = Assert.Single(Directory.EnumerateFiles(_root["folder"]));

        Assert.Empty(await Storage.ListIncompleteUploadsAsync("", default).ToListAsync());
        Assert.Empty(await other.ListIncompleteUploadsAsync("", default).ToListAsync());
        await other.AbortUploadAsync(
            new StickyIncompleteUpload
            {
                Key = "folder/object",
                UploadId = "folder/" + Path.GetFileName(partial),
                Started = DateTime.UtcNow,
                Size = 4,
            },
            default);
        await staged.PublishAsync(default);

        Assert.Equal("text"u8.ToArray(), await ReadAsync("folder/object"));
    }

    [Fact]
    public async Task Giving_up_an_upload_deletes_nothing_but_unfinished_files()
    {
        await PutAsync("object", "text"u8.ToArray());
        await PutAsync("mine.partial", "text"u8.ToArray());
        foreach (string id in (string[])["object", "mine.partial"])
        {
            await Storage.AbortUploadAsync(
                new StickyIncompleteUpload { Key = "object", UploadId = id, Started = DateTime.UtcNow, Size = 4 }, default);
        }

        Assert.Equal(["mine.partial", "object"], await TracesAsync());
    }

    [Theory]
    [InlineData("ml/b/model.0123456789ab-final.pth")]
    [InlineData("ml/b/model.0123456789ab-1.partial")]
    [InlineData("ml/b/model.stickypi.partial")]
    [InlineData(".stickypi-notes.partial")]
    [InlineData(".stickypi-0123456789ab-1-object.partial.bak")]
    [InlineData("x.stickypi-0123456789ab-1-object.partial")]
    public async Task An_object_whose_name_only_resembles_that_of_an_unfinished_file_is_an_object(string key)
    {
        LocalFile file = WriteFile("file", [2]);
        _ = await UploadAsync(key, file);

        Assert.Equal([key], await KeysAsync(""));
        Assert.Empty(await Storage.ListIncompleteUploadsAsync("", default).ToListAsync());
        await Storage.AbortUploadAsync(new StickyIncompleteUpload { Key = key, UploadId = key, Started = DateTime.UtcNow, Size = 1 }, default);
        await PutAsync(key + "2", [1]);
        Assert.Equal([2], await ReadAsync(key));
        await Storage.DeleteAsync(key, default);
        Assert.Equal([key + "2"], await KeysAsync(""));
    }

    [Fact]
    public async Task An_upload_with_a_long_name_that_somebody_left_behind_is_found_by_its_key()
    {
        string key = "ml/" + new string('ü', 110) + ".jpg";
        await AbandonUploadAsync(key);
        await AbandonUploadAsync("ml/other");

        StickyIncompleteUpload left = Assert.Single(await Storage.ListIncompleteUploadsAsync(key, default).ToListAsync());
        Assert.StartsWith(left.Key, key, StringComparison.Ordinal);
        await Storage.AbortUploadAsync(left, default);

        Assert.Equal(["ml/other"], (await Storage.ListIncompleteUploadsAsync("", default).ToListAsync()).Select(upload => upload.Key));
    }

    [Fact]
    public async Task Opening_a_small_object_does_not_fill_the_memory_of_hashes()
    {
        await PutAsync("small", [1]);
        DateTime time = File.GetLastWriteTimeUtc(_root["small"]);
        await (await Storage.OpenAsync("small", default))!.Content.DisposeAsync();

        // Another program writes the file, so that only what was kept could tell of the earlier one.
        await File.WriteAllBytesAsync(_root["small"], [2]);
        File.SetLastWriteTimeUtc(_root["small"], time);

        Assert.Equal(EtagOf([2]), (await ((DiskStorage)Storage).FindHashesAsync("small", default))!.ETag);
    }

    [Fact]
    public async Task The_hashing_of_a_large_object_goes_on_when_whoever_asked_has_given_up()
    {
        byte[] large = Bytes(ETag.PartSize + 1);
        await PutAsync("large", large);
        DiskStorage storage = (DiskStorage)Storage;
        using CancellationTokenSource stop = new();
        stop.Cancel();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await storage.FindHashesAsync("large", stop.Token));
        string? etag = null;
        for (Stopwatch watch = Stopwatch.StartNew(); etag is null && watch.Elapsed < TimeSpan.FromSeconds(30); await Task.Yield())
        {
            StoredObject looked = (await storage.OpenAsync("large", withETag: false, default))!;
            await looked.Content.DisposeAsync();
            etag = looked.Item.ETag;
        }

        Assert.Equal(EtagOf(large), etag);
    }

    [SkippableFact]
    public async Task No_link_leads_to_what_the_store_keeps_for_itself()
    {
        Skip.If(OperatingSystem.IsWindows(), "Links need rights there that few have.");
        string catalog = Path.Combine(Directory.CreateDirectory(_root.Path + " elsewhere").FullName, "rows.db");
        await using DiskStorage storage = new(_root.Path, [catalog]);
        _ = Directory.CreateDirectory(_root["ml/a"]);
        _ = Directory.CreateDirectory(_root["cache/deep"]);
        foreach (string own in (string[])[_root["database.db"], _root["database.db-wal"], _root["cache/deep/x"], catalog, catalog + "-journal"])
        {
            await File.WriteAllTextAsync(own, "own");
        }

        string outside = Directory.CreateDirectory(_root.Path + " data").FullName;
        await File.WriteAllTextAsync(Path.Combine(outside, "picture"), "data");
        _ = File.CreateSymbolicLink(_root["ml/a/direct"], _root["database.db"]);
        _ = File.CreateSymbolicLink(_root["ml/a/relative"], "../../database.db-wal");
        _ = File.CreateSymbolicLink(Path.Combine(outside, "step"), _root["database.db"]);
        _ = File.CreateSymbolicLink(_root["ml/a/twice"], Path.Combine(outside, "step"));
        _ = File.CreateSymbolicLink(_root["ml/a/rows"], catalog);
        _ = Directory.CreateSymbolicLink(_root["ml/a/root"], "../..");
        _ = Directory.CreateSymbolicLink(_root["ml/a/caches"], _root["cache"]);
        _ = Directory.CreateSymbolicLink(_root["ml/a/elsewhere"], Path.GetDirectoryName(catalog)!);
        _ = Directory.CreateSymbolicLink(_root["ml/a/data"], outside);

        string[] hidden =
        [
            "ml/a/direct", "ml/a/relative", "ml/a/twice", "ml/a/rows", "ml/a/root/database.db", "ml/a/root/cache/deep/x", "ml/a/caches/deep/x",
            "ml/a/elsewhere/rows.db", "ml/a/elsewhere/rows.db-journal", "ml/a/data/step",
        ];
        foreach (string key in hidden)
        {
            Assert.Null(await storage.FindAsync(key, default));
            Assert.Null(await storage.OpenReadAsync(key, default));
            Assert.Null(await storage.OpenAsync(key, default));
            Assert.Empty(await storage.ListAsync(key, default).ToListAsync());
            foreach (Func<Task> write in (Func<Task>[])
            [
                async () => await storage.StageAsync(key, new byte[1], default), async () => await storage.DeleteAsync(key, default),
                async () => await storage.CopyAsync("ml/a/data/picture", key, default),
            ])
            {
                Assert.Equal("ReservedKey", (await Assert.ThrowsAsync<StickyException>(write)).ErrorId);
            }
        }

        Assert.Equal(["ml/a/data/picture"], await storage.ListAsync("", default).Select(item => item.Key).ToListAsync());

        // What is only called alike is data as any.
        foreach (string alike in (string[])[catalog + "-2023", catalog + "-backup/x", catalog + "2"])
        {
            _ = Directory.CreateDirectory(Path.GetDirectoryName(alike)!);
            await File.WriteAllTextAsync(alike, "data");
        }

        Assert.Equal(
            ["ml/a/data/picture", "ml/a/elsewhere/rows.db-2023", "ml/a/elsewhere/rows.db-backup/x", "ml/a/elsewhere/rows.db2"],
            await storage.ListAsync("", default).Select(item => item.Key).Order(StringComparer.Ordinal).ToListAsync());
        Assert.NotNull(await storage.FindAsync("ml/a/elsewhere/rows.db-2023", default));
        Assert.NotNull(await storage.OpenAsync("ml/a/data/picture", default));
        Assert.Equal("own", await File.ReadAllTextAsync(_root["database.db"]));
        Directory.Delete(outside, recursive: true);
        Directory.Delete(Path.GetDirectoryName(catalog)!, recursive: true);
    }

    [Fact]
    public void A_folder_has_no_upload_forms() => Assert.Null(Storage.CreateUploadForm("object", TimeSpan.FromHours(1), 1000));

    protected override Task<IObjectStorage> OpenAsync() => Task.FromResult<IObjectStorage>(new DiskStorage(_root.Path));

    protected override Task CloseAsync()
    {
        _root.Dispose();
        return Task.CompletedTask;
    }

    protected override Task<IReadOnlyList<string>> TracesAsync() => Task.FromResult<IReadOnlyList<string>>(
    [
        .. Directory.EnumerateFiles(_root.Path, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(_root.Path, path).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(key => !key.StartsWith("cache/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ]);

    protected override async Task SeedAsync(IReadOnlyList<string> keys)
    {
        foreach (string key in keys)
        {
            string path = _root[key];
            _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, [1]);
        }
    }

    protected override async Task AbandonUploadAsync(string key)
    {
        string path = UnfinishedFile.PathOf(_root[key], Guid.NewGuid().ToString("N")[..UnfinishedFile.WriterLength], 1);
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, Bytes(5 * 1024 * 1024));
    }

    protected override async Task<byte[]> FetchAsync(string url) => await File.ReadAllBytesAsync(url);
}
