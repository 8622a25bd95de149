using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using StickyPi.Core;
using StickyPi.Core.Storage;

namespace StickyPi.Tests;

/// <summary>What every object storage promises, see <see cref="IObjectStorage"/>: these tests pass on a folder and on a real S3 server.</summary>
public abstract class ObjectStorageContract : IAsyncLifetime
{
    private const int MebiByte = 1024 * 1024;

    // As rclone and other programs keep times: to the 100 ns of .NET, and not of a whole second.
    private static readonly DateTime Modified = new DateTime(2021, 6, 1, 3, 20, 17, DateTimeKind.Utc).AddTicks(1_234_567);

    private readonly TestFolder _folder = new();

    public static TheoryData<string> BadKeys { get; } =
        ["", ".", "..", "../outside", "a/../../outside", "a/..", "./a", "/a", "a//b", "a/", "a\\..\\b", "a\nb", "a\u0000b", new string('x', 1025)];

    /// <summary>The storage under test, empty at first.</summary>
    protected IObjectStorage Storage { get; private set; } = null!;

    // Every name that a file may have here. macOS takes the two ways to write é for the same name.
    private static IReadOnlyList<string> OddNames =>
    [
        .. ((string[])
        [
            "with space", " leading", "trailing ", "a+b", "100%", "a%20b", "%2F", "#1", "a&b=c", "what?", "~home", "it's", "\"quoted\"", "a,b;c:d@e$f!g*h(i)[j]{k}|l^m`n<o>",
            "caf\u00e9", "cafe\u0301", "蝶/🦋.jpg", "İstanbul", ".hidden", "...", "a.partial", "folder.with.dots/file", "-dash", "data/0a5bb6f4.2020-07-02_18-59-29.svg",
            string.Join('/', Enumerable.Repeat(new string('k', 190), 5)),
            string.Join('/', Enumerable.Repeat(new string('ü', 90), 5)),
            new string('l', 255), new string('ü', 127),
        ]).Where(name => ObjectKey.WhyNotAFile(name) is null && !(OperatingSystem.IsMacOS() && name.Contains('\u0301'))),
    ];

    public async Task InitializeAsync() => Storage = await OpenAsync();

    public async Task DisposeAsync()
    {
        if (Storage is not null)
        {
            await Storage.DisposeAsync();
        }

        await CloseAsync();
        _folder.Dispose();
    }

    [SkippableFact]
    public async Task An_object_can_be_put_found_listed_read_and_deleted()
    {
        byte[] content = Bytes(100_000);
        DateTime before = DateTime.UtcNow.AddSeconds(-2);

        await PutAsync("ml/bundle/config.yaml", content);

        StickyStorageItem found = (await Storage.FindAsync("ml/bundle/config.yaml", default))!;
        Assert.Equal(("ml/bundle/config.yaml", (long)content.Length), (found.Key, found.Size));
        Assert.InRange(found.LastModified, before, DateTime.UtcNow.AddSeconds(2));
        Assert.Equal(DateTimeKind.Utc, found.LastModified.Kind);
        StickyStorageItem listed = Assert.Single(await ListAsync(""));
        Assert.Equal((found.Key, found.Size, found.ETag), (listed.Key, listed.Size, listed.ETag));
        Assert.InRange(listed.LastModified, found.LastModified.AddSeconds(-1), found.LastModified.AddSeconds(1)); // a header has no fractions
        Assert.Equal(content, await ReadAsync("ml/bundle/config.yaml"));
        Assert.True(await Storage.ExistsAsync("ml/bundle/config.yaml", default));
        await Storage.DeleteAsync("ml/bundle/config.yaml", default);
        Assert.Null(await Storage.FindAsync("ml/bundle/config.yaml", default));
        Assert.Empty(await ListAsync(""));
    }

    [SkippableFact]
    public async Task What_is_not_there_is_null_and_neither_found_nor_listed_nor_an_error_to_delete()
    {
        Assert.Null(await Storage.FindAsync("a/b", default));
        Assert.False(await Storage.ExistsAsync("a/b", default));
        Assert.Null(await Storage.OpenReadAsync("a/b", default));
        Assert.Null(await Storage.OpenReadAsync("a/b", 0, 10, default));
        Assert.Empty(await ListAsync("a/b"));
        Assert.Empty(await ListAsync(""));
        await Storage.DeleteAsync("a/b", default);
        await Storage.TidyAsync("a", default);

        await PutAsync("a/b/c", [1]);

        // A folder, or what looks like one, is no object.
        Assert.Null(await Storage.FindAsync("a/b", default));
        Assert.Null(await Storage.FindAsync("a/b/c/d", default));
        Assert.Null(await Storage.OpenReadAsync("a/b/c/d", default));
        Assert.Null(await Storage.OpenReadAsync("a/b/c/d", 0, 10, default));
        Assert.Empty(await ListAsync("a/b/c/d"));
        await Storage.DeleteAsync("a/b/c/d", default);
        Assert.Equal(["a/b/c"], await KeysAsync(""));
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1000)]
    public async Task Of_an_object_that_is_replaced_while_it_is_read_nothing_comes_from_the_other(int readBefore)
    {
        // The same size and time: nothing but the content tells them apart.
        byte[] first = Bytes(3 * MebiByte);
        byte[] second = [.. first.Select(value => (byte)~value)];
        _ = await UploadAsync("object", WriteFile("first", first));
        StoredObject opened = (await Storage.OpenAsync("object", default))!;
        await using Stream content = opened.Content;
        byte[] read = new byte[first.Length];
        await content.ReadExactlyAsync(read.AsMemory(0, readBefore));
        _ = await UploadAsync("object", WriteFile("second", second));

        StickyException? changed = null;
        try
        {
            await content.ReadExactlyAsync(read.AsMemory(readBefore));
            AssertSame(first, read);
            content.Position = 17;
            await content.ReadExactlyAsync(read.AsMemory(17));
            AssertSame(first, read);
        }
        catch (StickyException e)
        {
            changed = e;
        }

        Assert.True(changed is null ? Storage is DiskStorage : changed.ErrorId == "ObjectChanged", changed?.Message);
        Assert.Equal(Convert.ToHexStringLower(MD5.HashData(first)), opened.Item.ETag);
        StoredObject now = (await Storage.OpenAsync("object", default))!;
        await using Stream other = now.Content;
        await other.ReadExactlyAsync(read);
        AssertSame(second, read);
        Assert.Equal(Convert.ToHexStringLower(MD5.HashData(second)), now.Item.ETag);
    }

    [SkippableFact]
    public async Task What_is_staged_appears_only_when_it_is_published()
    {
        await PutAsync("kept", "old"u8.ToArray());
        await using (IStagedObject staged = await Storage.StageAsync("new", "text"u8.ToArray(), default))
        await using (IStagedObject over = await Storage.StageAsync("kept", "newer"u8.ToArray(), default))
        {
            Assert.Equal(("new", "kept"), (staged.Key, over.Key));
            Assert.Null(await Storage.FindAsync("new", default));
            Assert.Equal("old"u8.ToArray(), await ReadAsync("kept"));
            Assert.Equal(["kept"], await KeysAsync(""));

            await over.PublishAsync(default);
            await staged.PublishAsync(default);

            Assert.Equal("newer"u8.ToArray(), await ReadAsync("kept"));
        }

        Assert.Equal("text"u8.ToArray(), await ReadAsync("new"));
        Assert.Equal(["kept", "new"], await TracesAsync());
    }

    [SkippableFact]
    public async Task What_is_staged_and_not_published_leaves_no_trace()
    {
        await PutAsync("kept", "old"u8.ToArray());
        foreach (int size in (int[])[0, 5, (12 * MebiByte) + 1])
        {
            await (await Storage.StageAsync("kept", Bytes(size), default)).DisposeAsync();
            await (await Storage.StageAsync("folder/new", Bytes(size), default)).DisposeAsync();
        }

        Assert.Equal("old"u8.ToArray(), await ReadAsync("kept"));
        Assert.Equal(["kept"], await KeysAsync(""));
        Assert.Equal(["kept"], await TracesAsync());
    }

    [SkippableFact]
    public async Task A_part_of_an_object_can_be_read_also_behind_its_end()
    {
        byte[] content = Bytes(1000);
        await PutAsync("object", content);
        await PutAsync("empty", []);

        Assert.Equal(content[..10], await ReadAsync("object", 0, 10));
        Assert.Equal(content[990..], await ReadAsync("object", 990, 10));
        Assert.Equal(content[995..], await ReadAsync("object", 995, 10));
        Assert.Equal(content, await ReadAsync("object", 0, long.MaxValue));
        Assert.Equal(content[500..], await ReadAsync("object", 500, long.MaxValue));
        Assert.Equal(content[123..124], await ReadAsync("object", 123, 1));
        Assert.Empty(await ReadAsync("object", 1000, 10));
        Assert.Empty(await ReadAsync("object", 5_000_000_000, 10));
        Assert.Empty(await ReadAsync("object", 10, 0));
        Assert.Empty(await ReadAsync("empty", 0, 10));
        Assert.Empty(await ReadAsync("empty", 10, 10));
    }

    [SkippableFact]
    public async Task An_empty_object_is_there_and_holds_nothing()
    {
        await PutAsync("empty", []);

        StickyStorageItem found = (await Storage.FindAsync("empty", default))!;
        Assert.Equal(0, found.Size);
        Assert.False(await Storage.ExistsAsync("empty", default));
        Assert.Empty(await ReadAsync("empty"));
        Assert.Equal(["empty"], await KeysAsync(""));
        Assert.Empty(await DownloadAsync(found));
    }

    [SkippableFact]
    public async Task Every_object_is_listed_once_however_many_pages_they_take()
    {
        string[] keys = [.. Enumerable.Range(0, 2500).Select(i => $"many/{i % 7}/{i:0000}")];
        await SeedAsync([.. keys, "other/object"]);

        Assert.Equal(keys.Append("other/object").Order(StringComparer.Ordinal), await KeysAsync(""));
        Assert.Equal(["many/", "other/"], await Storage.ListLevelAsync("", default).Order(StringComparer.Ordinal).ToListAsync());
        Assert.Equal(keys.Order(StringComparer.Ordinal), await KeysAsync("many"));
        Assert.Equal(keys.Where(key => key.StartsWith("many/3/", StringComparison.Ordinal)).Order(StringComparer.Ordinal), await KeysAsync("many/3"));

        // Whoever takes only a few gets them without the rest.
        Assert.Equal(5, await Storage.ListAsync("", default).Take(5).CountAsync());
    }

    [SkippableFact]
    public async Task A_level_lists_objects_and_folders_by_the_beginning_of_their_names_and_nothing_in_the_folders()
    {
        await SeedAsync(["a/b/1", "a/b/c/2", "a/bc", "a/B/1", "a/é 1/x", "a/%2F+", "ab", "z/1"]);

        Assert.Equal(["a/", "ab", "z/"], await LevelAsync(""));
        Assert.Equal(["a/", "ab"], await LevelAsync("a"));
        Assert.Equal(["a/%2F+", "a/B/", "a/b/", "a/bc", "a/é 1/"], await LevelAsync("a/"));
        Assert.Equal(["a/b/", "a/bc"], await LevelAsync("a/b"));
        Assert.Equal(["a/b/1", "a/b/c/"], await LevelAsync("a/b/"));
        Assert.Empty(await LevelAsync("a/bc/"));
        Assert.Empty(await LevelAsync("none/"));
        Assert.Empty(await LevelAsync("y"));
        foreach (string invalid in (string[])["../", "a//", "a/../b", "/"])
        {
            StickyException error = await Assert.ThrowsAsync<StickyException>(() => LevelAsync(invalid));
            Assert.Equal("InvalidKey", error.ErrorId);
        }

        async Task<string[]> LevelAsync(string beginning) =>
            [.. (await Storage.ListLevelAsync(beginning, default).ToListAsync()).Order(StringComparer.Ordinal)];
    }

    [SkippableFact]
    public async Task A_prefix_lists_an_object_and_what_lies_below_it_and_never_a_name_that_only_begins_alike()
    {
        string[] keys = ["a/b/1", "a/b/c/2", "a/bc", "a/bcd/3", "a/b c", "a/b-", "a/b.txt", "ab", "a/B/1", "A/b/1", "é/1", "e/1"];
        await SeedAsync(keys);

        Assert.Equal(["a/b/1", "a/b/c/2"], await KeysAsync("a/b"));
        Assert.Equal(["a/b/c/2"], await KeysAsync("a/b/c"));
        Assert.Equal(["a/b/1"], await KeysAsync("a/b/1"));
        Assert.Equal(["a/b.txt"], await KeysAsync("a/b.txt"));
        Assert.Equal(["é/1"], await KeysAsync("é"));
        Assert.Equal(8, (await KeysAsync("a")).Count);
        Assert.Equal(keys.Order(StringComparer.Ordinal), await KeysAsync(""));
        Assert.Empty(await KeysAsync("a/b/x"));
        Assert.Empty(await KeysAsync("b"));
    }

    [SkippableFact]
    public async Task Any_name_that_a_file_may_have_is_a_key()
    {
        await Parallel.ForEachAsync(OddNames, async (name, _) =>
        {
            byte[] content = Encoding.UTF8.GetBytes("of " + name);
            await PutAsync(name, content);
            StickyStorageItem found = (await Storage.FindAsync(name, default))!;
            Assert.Equal((name, (long)content.Length), (found.Key, found.Size));
            Assert.Equal(content, await ReadAsync(name));
            Assert.Equal(content[3..], await ReadAsync(name, 3, 5000));
            Assert.Equal(content, await DownloadAsync(found));
            Assert.Equal(content, await FetchAsync(Storage.GetUrl(name)));
            Assert.Equal([name], (await ListAsync(name)).Select(item => item.Key));
        });
        Assert.Equal(OddNames.Order(StringComparer.Ordinal), await KeysAsync(""));

        await Parallel.ForEachAsync(OddNames, async (name, _) =>
        {
            await Storage.CopyAsync(name, "copies/" + name[..Math.Min(name.Length, 100)].TrimEnd('/'), default);
            await Storage.DeleteAsync(name, default);
            LocalFile file = WriteFile($"{Guid.NewGuid():N}", Encoding.UTF8.GetBytes("file " + name));
            StickyStorageItem uploaded = await UploadAsync(name, file);
            Assert.Equal(name, uploaded.Key);
            Assert.Equal(Encoding.UTF8.GetBytes("file " + name), await ReadAsync(name));
            Assert.True((await Storage.CompareAsync((await Storage.FindAsync(name, default))!, file, default)).Equal);
        });
        Assert.Equal(OddNames.Order(StringComparer.Ordinal), (await KeysAsync("")).Where(key => !key.StartsWith("copies/", StringComparison.Ordinal)));
        Assert.Equal(OddNames.Count, (await KeysAsync("copies")).Count);
    }

    [SkippableTheory]
    [MemberData(nameof(BadKeys))]
    public async Task Nothing_is_written_under_what_is_no_key(string key)
    {
        await PutAsync("good", "text"u8.ToArray());
        LocalFile file = WriteFile("file", "text"u8.ToArray());

        await AssertInvalidAsync(async () => await Storage.StageAsync(key, "text"u8.ToArray(), default));
        await AssertInvalidAsync(async () => await UploadAsync(key, file));
        await AssertInvalidAsync(async () => await Storage.CopyAsync("good", key, default));
        if (!key.EndsWith('/') || !ObjectKey.IsValid(key[..^1]))
        {
            // What marks an empty folder in a bucket can be deleted.
            await AssertInvalidAsync(async () => await Storage.DeleteAsync(key, default));
        }

        Assert.Equal(["good"], await TracesAsync());

        async Task AssertInvalidAsync(Func<Task> write)
        {
            StickyException error = await Assert.ThrowsAsync<StickyException>(write);
            Assert.Equal(("InvalidKey", key), (error.ErrorId, error.Target));
            Assert.NotNull(error.RecommendedAction);
        }
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(ETag.PartSize)]
    [InlineData(ETag.PartSize + 1)]
    [InlineData(20 * MebiByte)]
    public async Task A_file_of_any_size_is_uploaded_with_its_time_and_etag_and_comes_back_the_same(int size)
    {
        byte[] content = Bytes(size);
        LocalFile file = WriteFile("file", content);
        string etag = EtagOf(content);
        long counted = 0;
        using TransferWindow window = new(2, bytes => Interlocked.Add(ref counted, bytes));

        StickyStorageItem uploaded = await Storage.UploadAsync("ml/model", file, window, default);

        Assert.Equal(("ml/model", size, etag, Modified), (uploaded.Key, uploaded.Size, uploaded.ETag, uploaded.ModifiedTime));
        Assert.Equal(size, counted);
        StickyStorageItem found = (await Storage.FindAsync("ml/model", default))!;
        Assert.Equal((size, Modified), (found.Size, found.ModifiedTime));
        Assert.Contains(found.ETag, (string?[])[null, etag]);
        Assert.Equal(["ml/model"], await TracesAsync());
        ContentComparison comparison = await Storage.CompareAsync(found, file, default);
        Assert.True(comparison.Equal);

        // From a listing, which does not say the time.
        counted = 0;
        string path = _folder["download"];
        using (SafeFileHandle target = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite))
        {
            StickyStorageItem downloaded = await Storage.DownloadAsync(Assert.Single(await ListAsync("")), target, window, default);
            Assert.Equal(("ml/model", size, etag, Modified), (downloaded.Key, downloaded.Size, downloaded.ETag, downloaded.ModifiedTime));
        }

        Assert.Equal(size, counted);
        AssertSame(content, await File.ReadAllBytesAsync(path));
        await AssertFreeAsync(window);
    }

    [SkippableFact]
    public async Task A_run_with_one_transfer_at_a_time_uploads_and_downloads_large_files_too()
    {
        byte[] content = Bytes(20 * MebiByte);
        using TransferWindow window = new(1);
        StickyStorageItem[] uploaded = await Task.WhenAll(((string[])["one", "two"]).Select(name =>
            Storage.UploadAsync(name, WriteFile(name, content), window, default).AsTask())).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.All(await Task.WhenAll(uploaded.Select(DownloadAsync)), bytes => AssertSame(content, bytes));
        await AssertFreeAsync(window);
    }

    [SkippableFact]
    public async Task An_upload_over_an_earlier_object_replaces_it_with_its_time()
    {
        _ = await UploadAsync("object", WriteFile("first", Bytes(20 * MebiByte)));
        LocalFile second = WriteFile("second", "text"u8.ToArray(), Modified.AddYears(1));

        _ = await UploadAsync("object", second);

        StickyStorageItem found = (await Storage.FindAsync("object", default))!;
        Assert.Equal((4, Modified.AddYears(1)), (found.Size, found.ModifiedTime));
        Assert.Equal("text"u8.ToArray(), await ReadAsync("object"));
        Assert.Equal(["object"], await TracesAsync());
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(ETag.PartSize)]
    [InlineData(20 * MebiByte)]
    public async Task Comparing_finds_a_difference_of_one_byte_in_a_file_of_the_same_size(int size)
    {
        byte[] content = Bytes(size);
        _ = await UploadAsync("object", WriteFile("file", content));
        StickyStorageItem[] items = [(await Storage.FindAsync("object", default))!, Assert.Single(await ListAsync("object"))];

        foreach (StickyStorageItem item in items)
        {
            // Time plays no part.
            ContentComparison same = await Storage.CompareAsync(item, WriteFile("same", content, Modified.AddDays(1)), default);
            Assert.Equal((true, EtagOf(content), EtagOf(content)), (same.Equal, same.FileHash, same.ObjectHash));

            Assert.False((await Storage.CompareAsync(item, WriteFile("longer", [.. content, 1]), default)).Equal);
            if (size > 0)
            {
                byte[] changed = [.. content];
                changed[^1] ^= 1;
                ContentComparison different = await Storage.CompareAsync(item, WriteFile("different", changed), default);
                Assert.Equal((false, EtagOf(changed), EtagOf(content)), (different.Equal, different.FileHash, different.ObjectHash));
            }
        }
    }

    [SkippableFact]
    public async Task Comparing_with_a_file_that_has_changed_or_gone_is_an_error_and_no_difference()
    {
        byte[] content = Bytes(1000);
        StickyStorageItem item = await UploadAsync("object", WriteFile("file", content));
        LocalFile gone = WriteFile("gone", content);
        File.Delete(gone.Path);
        LocalFile changed = WriteFile("changed", content);
        File.SetLastWriteTimeUtc(changed.Path, Modified.AddSeconds(1));

        StickyException[] errors =
        [
            await Assert.ThrowsAsync<StickyException>(async () => await Storage.CompareAsync(item, gone, default)),
            await Assert.ThrowsAsync<StickyException>(async () => await Storage.CompareAsync(item, changed, default)),
        ];

        Assert.Equal(["FileNotFound", "FileChanged"], errors.Select(error => error.ErrorId));
    }

    [SkippableTheory]
    [InlineData("vanished", "FileNotFound")]
    [InlineData("grown", "FileChanged")]
    [InlineData("shrunk", "FileChanged")]
    [InlineData("rewritten", "FileChanged")]
    public async Task A_file_that_is_not_what_was_found_is_not_uploaded(string change, string errorId)
    {
        foreach (int size in (int[])[1000, 20 * MebiByte])
        {
            LocalFile file = WriteFile("file", Bytes(size));
            Change(file, change);

            StickyException error = await Assert.ThrowsAsync<StickyException>(() => UploadAsync("folder/object", file));

            Assert.Equal((errorId, file.Path), (error.ErrorId, error.Target));
            Assert.NotNull(error.RecommendedAction);
            Assert.Null(await Storage.FindAsync("folder/object", default));
            Assert.Empty(await TracesAsync());
        }
    }

    [SkippableTheory]
    [InlineData("grown")]
    [InlineData("shrunk")]
    [InlineData("rewritten")]
    public async Task A_file_that_changes_while_it_is_uploaded_does_not_appear(string change)
    {
        await PutAsync("object", "old"u8.ToArray());
        LocalFile file = WriteFile("file", Bytes(40 * MebiByte));
        int changed = 0;
        using TransferWindow window = new(1, _ =>
        {
            if (Interlocked.Exchange(ref changed, 1) == 0)
            {
                Change(file, change);
            }
        });

        StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await Storage.UploadAsync("object", file, window, default));

        Assert.Equal(("FileChanged", file.Path), (error.ErrorId, error.Target));
        Assert.Equal("old"u8.ToArray(), await ReadAsync("object"));
        await AssertFreeAsync(window);
    }

    [SkippableFact]
    public async Task An_upload_that_is_stopped_in_its_middle_leaves_what_was_there()
    {
        await PutAsync("old", "old"u8.ToArray());
        LocalFile file = WriteFile("file", Bytes(40 * MebiByte));
        foreach (string key in (string[])["old", "folder/new"])
        {
            using CancellationTokenSource stop = new();
            long counted = 0;
            using TransferWindow window = new(1, bytes =>
            {
                if (Interlocked.Add(ref counted, bytes) > 10 * MebiByte)
                {
                    stop.Cancel();
                }
            });

            _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Storage.UploadAsync(key, file, window, stop.Token));

            await AssertFreeAsync(window);
        }

        Assert.Equal("old"u8.ToArray(), await ReadAsync("old"));
        Assert.Null(await Storage.FindAsync("folder/new", default));
        Assert.Equal(["old"], await KeysAsync(""));
    }

    [SkippableFact]
    public async Task A_download_stops_when_it_is_told_to()
    {
        StickyStorageItem item = await UploadAsync("object", WriteFile("file", Bytes(40 * MebiByte)));
        using CancellationTokenSource stop = new();
        using TransferWindow window = new(1, _ => stop.Cancel());
        using SafeFileHandle target = File.OpenHandle(_folder["target"], FileMode.CreateNew, FileAccess.ReadWrite);

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Storage.DownloadAsync(item, target, window, stop.Token));

        await AssertFreeAsync(window);
    }

    [SkippableFact]
    public async Task Everything_stops_at_once_when_it_was_stopped_before()
    {
        StickyStorageItem item = await UploadAsync("object", WriteFile("file", Bytes(1000)));
        CancellationToken stopped = new(canceled: true);
        using TransferWindow window = new(1);
        using SafeFileHandle target = File.OpenHandle(_folder["target"], FileMode.CreateNew, FileAccess.ReadWrite);

        await AssertStopsAsync(async () => await Storage.StageAsync("new", Bytes(10), stopped));
        await AssertStopsAsync(async () => await Storage.UploadAsync("new", WriteFile("file", Bytes(1000)), window, stopped));
        await AssertStopsAsync(async () => await Storage.DownloadAsync(item, target, window, stopped));
        await AssertStopsAsync(async () => await Storage.CopyAsync("object", "new", stopped));
        await AssertStopsAsync(async () => await Storage.ListAsync("", stopped).ToListAsync());

        await AssertFreeAsync(window);
        Assert.Equal(["object"], await TracesAsync());

        static async Task AssertStopsAsync(Func<Task> work) => _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(work);
    }

    [SkippableFact]
    public async Task Of_several_uploads_to_one_key_at_the_same_time_one_wins_whole()
    {
        byte[][] contents = [.. Enumerable.Range(1, 6).Select(i => Bytes(i % 2 == 0 ? 1000 + i : (9 * MebiByte) + i, seed: i))];
        LocalFile[] files = [.. contents.Select((content, i) => WriteFile($"file {i}", content, Modified.AddDays(i)))];
        using TransferWindow window = new(8);

        StickyStorageItem[] uploaded = await Task.WhenAll(files.Select(file => Storage.UploadAsync("object", file, window, default).AsTask()));

        Assert.Equal(files.Select(file => file.Size), uploaded.Select(item => item.Size));
        StickyStorageItem found = (await Storage.FindAsync("object", default))!;
        int winner = Array.FindIndex(files, file => file.Size == found.Size);
        Assert.Equal(files[winner].ModifiedTime, found.ModifiedTime);
        AssertSame(contents[winner], await ReadAsync("object"));
        Assert.Equal(["object"], await TracesAsync());
    }

    [SkippableFact]
    public async Task An_object_that_has_gone_since_it_was_listed_is_named_as_such()
    {
        StickyStorageItem item = await UploadAsync("object", WriteFile("file", Bytes(1000)));
        await Storage.DeleteAsync("object", default);

        StickyException[] errors =
        [
            await Assert.ThrowsAsync<StickyException>(() => DownloadAsync(item)),
            await Assert.ThrowsAsync<StickyException>(async () => await Storage.CopyAsync("object", "copy", default)),
        ];

        Assert.All(errors, error => Assert.Equal(("ObjectNotFound", "object", StickyErrorKind.NotFound), (error.ErrorId, error.Target, error.Kind)));
        Assert.Empty(await TracesAsync());
    }

    [SkippableFact]
    public async Task An_object_that_was_replaced_since_it_was_listed_is_never_downloaded_as_a_mixture()
    {
        byte[] first = Bytes(20 * MebiByte, seed: 1);
        byte[] second = Bytes(20 * MebiByte, seed: 2);
        StickyStorageItem item = await UploadAsync("object", WriteFile("first", first));
        LocalFile newer = WriteFile("second", second);
        int replaced = 0;
        using TransferWindow window = new(1, _ =>
        {
            if (Interlocked.Exchange(ref replaced, 1) == 0)
            {
                // On a thread of its own, because this one is the download's.
                Task.Run(() => UploadAsync("object", newer)).GetAwaiter().GetResult();
            }
        });
        string path = _folder["download"];
        try
        {
            using SafeFileHandle target = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite);
            StickyStorageItem downloaded = await Storage.DownloadAsync(item, target, window, default);
            byte[] content = new byte[downloaded.Size];
            Assert.Equal(content.Length, RandomAccess.GetLength(target));
            _ = RandomAccess.Read(target, content, 0);
            Assert.Equal(downloaded.ETag, EtagOf(content));
            Assert.Contains(downloaded.ETag, (string[])[EtagOf(first), EtagOf(second)]);
        }
        catch (StickyException e)
        {
            Assert.Contains(e.ErrorId, (string[])["ObjectNotVerified", "ObjectNotFound", "ObjectChanged"]);
            Assert.NotNull(e.RecommendedAction);
        }

        Assert.Equal(1, replaced);
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(20 * MebiByte)]
    public async Task A_copy_has_the_content_and_the_time_of_its_source(int size)
    {
        byte[] content = Bytes(size);
        LocalFile file = WriteFile("file", content);
        _ = await UploadAsync("source", file);
        await PutAsync("target/copy", "old"u8.ToArray());

        await Storage.CopyAsync("source", "target/copy", default);
        await Storage.CopyAsync("source", "source", default);

        Assert.Equal(["source", "target/copy"], await TracesAsync());
        foreach (string key in (string[])["source", "target/copy"])
        {
            StickyStorageItem copy = (await Storage.FindAsync(key, default))!;
            Assert.Equal((size, Modified), (copy.Size, copy.ModifiedTime));
            Assert.True((await Storage.CompareAsync(copy, file, default)).Equal);
            AssertSame(content, await ReadAsync(key));
        }
    }

    [SkippableFact]
    public async Task An_upload_that_somebody_left_behind_is_listed_and_can_be_given_up()
    {
        await PutAsync("ml/a/model", "old"u8.ToArray());
        await AbandonUploadAsync("ml/a/model");
        await AbandonUploadAsync("ml/a/model");
        await AbandonUploadAsync("ml/a b/é+%.model");
        await AbandonUploadAsync("ml/ab/model");
        await AbandonUploadAsync("ml/a/model.bak");

        List<StickyIncompleteUpload> all = await Storage.ListIncompleteUploadsAsync("", default).ToListAsync();

        Assert.Equal(["ml/a b/é+%.model", "ml/a/model", "ml/a/model", "ml/a/model.bak", "ml/ab/model"], all.Select(upload => upload.Key).Order(StringComparer.Ordinal));
        Assert.All(all, upload => Assert.True(upload.Size >= 5 * MebiByte));
        Assert.All(all, upload => Assert.InRange(upload.Started, DateTime.UtcNow.AddMinutes(-5), DateTime.UtcNow.AddMinutes(1)));
        Assert.Equal(all.Count, all.Select(upload => upload.UploadId).Distinct().Count());
        Assert.Equal(["ml/a/model"], await KeysAsync(""));
        List<StickyIncompleteUpload> below = await Storage.ListIncompleteUploadsAsync("ml/a", default).ToListAsync();
        Assert.Equal(["ml/a/model", "ml/a/model", "ml/a/model.bak"], below.Select(upload => upload.Key).Order(StringComparer.Ordinal));
        Assert.Equal(2, await Storage.ListIncompleteUploadsAsync("ml/a/model", default).CountAsync());

        foreach (StickyIncompleteUpload upload in below)
        {
            await Storage.AbortUploadAsync(upload, default);
            await Storage.AbortUploadAsync(upload, default);
        }

        Assert.Equal(
            ["ml/a b/é+%.model", "ml/ab/model"],
            (await Storage.ListIncompleteUploadsAsync("", default).ToListAsync()).Select(upload => upload.Key).Order(StringComparer.Ordinal));
        foreach (StickyIncompleteUpload upload in all)
        {
            await Storage.AbortUploadAsync(upload, default);
        }

        Assert.Equal(["ml/a/model"], await TracesAsync());
        Assert.Equal("old"u8.ToArray(), await ReadAsync("ml/a/model"));
    }

    [SkippableFact]
    public async Task The_url_of_an_object_can_be_read_by_others()
    {
        byte[] content = Bytes(1000);
        await PutAsync("raw_images/5c173ff2/a b+c%.jpg", content);

        Assert.Equal(content, await FetchAsync(Storage.GetUrl("raw_images/5c173ff2/a b+c%.jpg")));
    }

    [SkippableFact]
    public async Task Tidying_removes_no_object()
    {
        await PutAsync("folder/object", [1]);
        await Storage.TidyAsync("folder", default);
        Assert.Equal(["folder/object"], await KeysAsync(""));

        await Storage.DeleteAsync("folder/object", default);
        await Storage.TidyAsync("folder", default);
        Assert.Empty(await TracesAsync());
    }

    [SkippableFact]
    public async Task Many_threads_may_use_a_storage_at_once()
    {
        ConcurrentBag<string> keys = [];
        await Parallel.ForEachAsync(Enumerable.Range(0, 100), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            string key = $"folder {i % 5}/{i}";
            byte[] content = Bytes(i * 100, seed: i);
            await PutAsync(key, content);
            Assert.Equal(content, await ReadAsync(key));
            Assert.NotNull(await Storage.FindAsync(key, default));
            if (i % 3 == 0)
            {
                await Storage.DeleteAsync(key, default);
                await Storage.TidyAsync($"folder {i % 5}", default);
            }
            else
            {
                keys.Add(key);
            }
        });

        Assert.Equal(keys.Order(StringComparer.Ordinal), await KeysAsync(""));
    }

    /// <summary>Opens the storage, empty.</summary>
    protected abstract Task<IObjectStorage> OpenAsync();

    /// <summary>Removes what the storage lies in.</summary>
    protected abstract Task CloseAsync();

    /// <summary>Everything that takes space, whatever it is: keys, and the remains of what was begun, in order.</summary>
    protected abstract Task<IReadOnlyList<string>> TracesAsync();

    /// <summary>Makes small objects quickly.</summary>
    protected abstract Task SeedAsync(IReadOnlyList<string> keys);

    /// <summary>Leaves an upload of at least 5 MiB behind as a program that is killed does.</summary>
    protected abstract Task AbandonUploadAsync(string key);

    /// <summary>Reads a URL without any credentials.</summary>
    protected abstract Task<byte[]> FetchAsync(string url);

    protected static byte[] Bytes(int length, int seed = 4711) => RandomBytes.Make(length, seed);

    /// <summary>Compares megabytes in no time, and does not print them.</summary>
    protected static void AssertSame(byte[] expected, byte[] actual) =>
        Assert.True(expected.AsSpan().SequenceEqual(actual), $"{actual.Length:N0} bytes are not the {expected.Length:N0} that were expected.");

    /// <summary>The ETag by the rule of ML bundles, written down a second time.</summary>
    protected static string EtagOf(byte[] content)
    {
        byte[][] parts = [.. content.Chunk(ETag.PartSize).Select(MD5.HashData)];
        return parts.Length < 2
            ? Convert.ToHexStringLower(MD5.HashData(content))
            : $"{Convert.ToHexStringLower(MD5.HashData(parts.SelectMany(part => part).ToArray()))}-{parts.Length}";
    }

    protected LocalFile WriteFile(string name, byte[] content, DateTime? modified = null)
    {
        string path = _folder[name];
        File.WriteAllBytes(path, content);
        File.SetLastWriteTimeUtc(path, modified ?? Modified);
        return LocalFolder.Find(name, path)!;
    }

    protected async Task PutAsync(string key, byte[] content)
    {
        await using IStagedObject staged = await Storage.StageAsync(key, content, default);
        await staged.PublishAsync(default);
    }

    protected async Task<StickyStorageItem> UploadAsync(string key, LocalFile file)
    {
        using TransferWindow window = new(4);
        return await Storage.UploadAsync(key, file, window, default);
    }

    protected async Task<byte[]> DownloadAsync(StickyStorageItem item)
    {
        string path = _folder[$"{Guid.NewGuid():N}"];
        using TransferWindow window = new(4);
        using (SafeFileHandle target = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite))
        {
            _ = await Storage.DownloadAsync(item, target, window, default);
        }

        return await File.ReadAllBytesAsync(path);
    }

    protected async Task<List<StickyStorageItem>> ListAsync(string prefix) => await Storage.ListAsync(prefix, default).ToListAsync();

    protected async Task<List<string>> KeysAsync(string prefix) =>
        [.. (await ListAsync(prefix)).Select(item => item.Key).Order(StringComparer.Ordinal)];

    protected async Task<byte[]> ReadAsync(string key)
    {
        await using Stream stream = (await Storage.OpenReadAsync(key, default))!;
        byte[] content = await ToArrayAsync(stream);
        Assert.Equal(stream.Length, content.Length);
        return content;
    }

    protected async Task<byte[]> ReadAsync(string key, long offset, long length)
    {
        await using Stream stream = (await Storage.OpenReadAsync(key, offset, length, default))!;
        return await ToArrayAsync(stream);
    }

    private static async Task<byte[]> ToArrayAsync(Stream stream)
    {
        using MemoryStream copy = new();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    private static void Change(LocalFile file, string change)
    {
        if (change == "vanished")
        {
            File.Delete(file.Path);
            return;
        }

        using FileStream stream = new(file.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        switch (change)
        {
            case "grown":
                stream.Position = stream.Length;
                stream.WriteByte(1);
                break;
            case "shrunk":
                stream.SetLength(stream.Length / 2);
                break;
            default:
                stream.Position = stream.Length / 2;
                stream.WriteByte(1);
                break;
        }
    }

    // Every place of the window was left again, whatever happened in it.
    private static async Task AssertFreeAsync(TransferWindow window)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(5));
        List<TransferWindow.Place> places = [];
        for (int i = 0; i < window.Limit; i++)
        {
            places.Add(await window.EnterAsync(limit.Token));
        }

        places.ForEach(place => place.Dispose());
    }
}
