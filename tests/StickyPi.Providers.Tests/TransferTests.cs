using StickyPi.Core;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;

namespace StickyPi.Tests;

public sealed class LocalTransferTests : TransferTests
{
    protected override Task<Store> OpenAsync(string folder) => Task.FromResult(InFolder.Open(folder));

    protected override Task PutRawAsync(string key, string content) => InFolder.PutRawAsync(Store, key, content);

    [SkippableFact]
    public async Task An_upload_that_was_left_behind_is_found_by_its_exact_key_or_else_by_the_one_with_slashes()
    {
        Skip.If(OperatingSystem.IsWindows(), "A backslash separates folders there.");
        string folder = Directory.CreateDirectory(Path.Combine(Store.Location, "in", "a")).Parent!.FullName;
        foreach (string name in (string[])["a\\b", "a/b", "c"])
        {
            await File.WriteAllBytesAsync(UnfinishedFile.PathOf(Path.Combine(folder, name), new string('0', UnfinishedFile.WriterLength), 1), [1]);
        }

        Assert.Equal(["in/a\\b"], await FindAsync("in/a\\b"));
        Assert.Equal(["in/a/b"], await FindAsync("in\\a\\b"));
        Assert.Equal(["in/c"], await FindAsync("in\\c"));

        async Task<string[]> FindAsync(string prefix) => [.. (await Store.GetIncompleteUploadsAsync(prefix).ToListAsync()).Select(upload => upload.Key)];
    }
}

public sealed class BucketTransferTests : TransferTests
{
    private readonly InBucket _bucket = new();

    protected override Task<Store> OpenAsync(string folder) => _bucket.OpenAsync(folder);

    protected override Task CloseAsync() => _bucket.DisposeAsync().AsTask();

    protected override Task PutRawAsync(string key, string content) => _bucket.PutRawAsync(key, content);

    [SkippableTheory]
    [InlineData("../escape.txt")]
    [InlineData("a/../../escape.txt")]
    [InlineData("a/b\u0001.txt")]
    public async Task An_object_whose_key_leads_out_of_the_folder_is_refused_and_the_others_come(string key)
    {
        await PutRawAsync("in/" + key, "evil");
        await PutRawAsync("in/good.txt", "good");

        StickySyncSummary summary = await PullAsync(["in"]);

        StickyException error = Assert.Single(Errors);
        Assert.Equal("UnsafeKey", error.ErrorId);
        Assert.Contains(OneLine.Of(key), error.Message, StringComparison.Ordinal);
        Assert.Equal(["in/good.txt"], Keys(summary.Synced));
        Assert.Equal("in/" + key, Assert.Single(summary.Failed).Key);
        Assert.Equal(["in/good.txt"], Files(Other));
        Assert.False(File.Exists(Path.Combine(Other, "..", "escape.txt")));
    }

    [SkippableTheory]
    [InlineData("in/a\\b.txt")]
    [InlineData("in\\a/b.txt")]
    [InlineData("\\in")]
    [InlineData("in\\")]
    public async Task A_listed_key_with_a_backslash_means_itself_and_not_the_one_with_slashes(string key)
    {
        Skip.If(OperatingSystem.IsWindows(), "A backslash separates folders there.");
        string other = key.Replace('\\', '/').Trim('/') + "x";
        await PutRawAsync(key, "meant");
        await PutRawAsync(other[..^1], "not meant");
        Assert.Contains(key, await KeysAsync());

        StickySyncSummary summary = await PullAsync([key]);

        Assert.Empty(Errors);
        Assert.Equal([key], Keys(summary.Synced));
        Assert.Equal("meant", await File.ReadAllTextAsync(Path.Combine(Other, key)));
        Assert.Equal([key], await KeysAsync(key));
        Assert.Equal([key], Keys((await PullAsync([key])).OnTargetEqual));
        Assert.Equal(key, (await Store.RemoveStorageItemsAsync([key]))[0].Value?.Key);
        Assert.Equal([other[..^1]], await KeysAsync());
    }

    [SkippableFact]
    public async Task Keys_with_other_letters_than_ascii_list_their_folder_once_and_not_for_each_file()
    {
        await using FaultProxy proxy = new(_bucket.Bucket.Server.Endpoint);
        using BucketOptions options = _bucket.Bucket.Options("lab", proxy.Endpoint);
        await using Store store = await Store.OpenBucketAsync(options, Path.Combine(Other, "catalog.db"), Pictures.Providers);
        LocalFile file = LocalFolder.Find("x", Write(Folder, "x", "x"))!;
        proxy.Reset();

        foreach (string key in (string[])["\u00e9t\u00e9/1.txt", "\u00e9t\u00e9/2.txt", "\u00e9t\u00e9/caf\u00e9.txt"])
        {
            await store.CheckKeyAsync(key);
            _ = await store.SendStorageItemAsync(key, file, etag: null);
        }

        Assert.Single(proxy.Requests, request => request.IsList);
        await _bucket.PutRawAsync("b\u00e9/a\u200bb.txt", "odd", "lab");
        _ = await Assert.ThrowsAsync<StickyException>(async () => await store.CheckKeyAsync("b\u00e9/ab.txt"));
        await store.CheckKeyAsync("b\u00e9/other.txt");
        Assert.True((await store.RemoveStorageItemsAsync(["b\u00e9/a\u200bb.txt"]))[0].Succeeded);
        await store.CheckKeyAsync("b\u00e9/ab.txt");
    }

    [SkippableFact]
    public async Task A_listed_object_comes_alone_and_without_what_lies_below_its_key()
    {
        await PutRawAsync("a", "one");
        await PutRawAsync("a/b", "two");
        await PutRawAsync("c", "three");

        Assert.Equal(["a", "c"], Keys((await PullAsync(["c"], options => options with { Objects = ["a", "a"] })).Synced));
        Assert.Equal(["a", "c"], Files(Other));
        Assert.Empty(Errors);
    }

    [SkippableTheory]
    [InlineData("./b.txt", "b.txt")]
    [InlineData("a//b.txt", "a/b.txt")]
    [InlineData("a/./b.txt", "a/b.txt")]
    [InlineData("a/c/../b.txt", "a/b.txt")]
    [InlineData("/b.txt", "b.txt")]
    public async Task What_was_listed_comes_as_a_file_below_the_folder_and_is_removed_exactly(string key, string file)
    {
        using BucketOptions options = _bucket.Bucket.Options("");
        await using Store whole = await Store.OpenBucketAsync(options, Path.Combine(Other, "../catalog.db"), Pictures.Providers);
        await _bucket.PutRawAsync(key, "odd", basePath: "");
        await _bucket.PutRawAsync(file, "even", basePath: "");
        Assert.Contains(key, await whole.GetStorageItemsAsync("", KeyFilter.All).Select(item => item.Key).ToListAsync());

        ReceiveStorageItemOptions receive = new() { Destination = Other, Refuse = RefuseAsync, Objects = [key] };
        StickySyncSummary summary = await whole.ReceiveStorageItemsAsync([], receive);

        if (key[0] == '/')
        {
            Assert.Equal("InvalidKey", Assert.Single(Errors).ErrorId);
            Assert.Contains($"'{key}' cannot be read", Errors[0].Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Empty(Errors);
            Assert.Equal([key], Keys(summary.Synced));
            Assert.Equal("odd", await File.ReadAllTextAsync(Path.Combine(Other, file)));
            Assert.Equal([key], Keys((await whole.ReceiveStorageItemsAsync([], receive)).OnTargetEqual));
        }

        Assert.Equal(key, (await whole.RemoveStorageItemsAsync([key]))[0].Value?.Key);
        Assert.Equal([file], await whole.GetStorageItemsAsync("", KeyFilter.All).Select(item => item.Key).ToListAsync());
    }

    [SkippableFact]
    public async Task Of_two_objects_that_would_be_one_file_the_one_of_that_key_comes_and_the_other_is_named()
    {
        await PutRawAsync("in/a//b.txt", "odd");
        await PutRawAsync("in/a/b.txt", "even");

        StickySyncSummary summary = await PullAsync(["in"]);

        Assert.Equal("KeyConflict", Assert.Single(Errors).ErrorId);
        Assert.Equal("in/a//b.txt", Errors[0].Target);
        Assert.Equal(["in/a//b.txt"], Keys(summary.Failed));
        Assert.Equal("even", await File.ReadAllTextAsync(Path.Combine(Other, "in/a/b.txt")));
    }

    [SkippableTheory]
    [InlineData("in\\x/")]
    [InlineData("in\\x")]
    [InlineData(".\\in\\x\\")]
    public async Task A_prefix_with_backslashes_that_is_no_object_means_the_one_with_slashes(string prefix)
    {
        await PutRawAsync("in/x/y.txt", "meant");

        Assert.Equal(["in/x/y.txt"], await KeysAsync(prefix));
        Assert.Equal("in/x", await Store.ParsePrefixAsync(prefix));
        Assert.Equal("in/x", await Store.ParseUploadPrefixAsync(prefix));
        Assert.Empty(await Store.GetIncompleteUploadsAsync(prefix).ToListAsync());
    }

    [SkippableTheory]
    [InlineData("a//b.txt")]
    [InlineData("/b.txt")]
    [InlineData("a/b\u0001.txt")]
    public async Task What_was_listed_is_removed_exactly_also_where_it_can_be_no_file(string key)
    {
        await PutRawAsync(key, "odd");
        await PutRawAsync("a/b.txt", "even");
        await PutRawAsync("b.txt", "even");

        Assert.Equal(key, (await Store.RemoveStorageItemsAsync([key]))[0].Value?.Key);

        Assert.Equal(["a/b.txt", "b.txt"], await KeysAsync());
    }

    [SkippableFact]
    public async Task What_other_programs_mark_empty_folders_with_is_no_file()
    {
        await PutRawAsync("in/", "");
        await PutRawAsync("in/deep/", "");
        await PutRawAsync("in/deep/a.txt", "a");

        StickySyncSummary summary = await PullAsync(["in"]);

        Assert.Empty(Errors);
        Assert.False(summary.HasCollisions);
        Assert.Equal(["in/deep/a.txt"], Files(Other));
    }

    [SkippableFact]
    public async Task A_bucket_that_has_both_a_file_and_a_folder_of_one_name_is_a_collision()
    {
        await PutRawAsync("in/a", "file");
        await PutRawAsync("in/a/b", "in folder");
        await PutRawAsync("in/c", "apart");

        StickySyncSummary summary = await PullAsync(["in"]);

        Assert.Equal(["in/a/b"], Keys(summary.Collisions));
        Assert.Empty(Files(Other));
    }
}

/// <summary>The rules of pushing and pulling any files, on a store of each kind.</summary>
public abstract class TransferTests : TransferStore
{
    [SkippableFact]
    public async Task A_folder_that_is_pushed_and_pulled_comes_back_with_its_names_bytes_and_times()
    {
        string[] names =
        [
            "plain.txt", "with space.txt", "plus+plus.txt", "per%20cent%.txt", "hash#tag.txt", "question?=&.txt", "brackets[1].txt", "naïve-日本語-🐝.txt",
            "quo'te\".txt", "empty.txt", "deep/er/file.txt", "deep/.hidden", "~tilde!$@,;()", "-dash",
        ];
        foreach (string name in names)
        {
            _ = Write(Folder, name, name == "empty.txt" ? "" : name, Noon.AddMinutes(name.Length));
        }

        StickySyncSummary pushed = await PushAsync(["."]);
        StickySyncSummary pulled = await PullAsync(["."]);

        Assert.Empty(Errors);
        Assert.Equal(names.Order(StringComparer.Ordinal), Keys(pushed.Synced));
        Assert.Equal(names.Order(StringComparer.Ordinal), Keys(pulled.Synced));
        Assert.Equal(Files(Folder), Files(Other));
        foreach (string name in names)
        {
            Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Folder, name)), await File.ReadAllTextAsync(Path.Combine(Other, name)));
            Assert.Equal(File.GetLastWriteTimeUtc(Path.Combine(Folder, name)), File.GetLastWriteTimeUtc(Path.Combine(Other, name)));
        }
    }

    [SkippableFact]
    public async Task Pushing_again_moves_nothing_and_the_summary_says_so()
    {
        _ = Write(Folder, "a/one.txt", "1");
        _ = Write(Folder, "a/two.txt", "22");

        StickySyncSummary first = await PushAsync(["a"]);
        StickySyncSummary second = await PushAsync(["a"]);

        Assert.Equal(SyncDirection.Push, first.Direction);
        Assert.Equal(["a/one.txt", "a/two.txt"], Keys(first.NotOnTarget));
        Assert.Equal((3, 3), (first.BytesToSync, first.BytesSynced));
        Assert.All(first.Synced, item => Assert.Equal(SyncAction.Add, item.Action));
        Assert.Equal(["a/one.txt", "a/two.txt"], Keys(second.Matched));
        Assert.Equal(["a/one.txt", "a/two.txt"], Keys(second.OnTargetEqual));
        Assert.All(second.OnTargetEqual, item => Assert.Equal(item.SourceHash, item.TargetHash));
        Assert.Empty(second.Synced);
        Assert.Empty(second.NotOnTarget);
        Assert.Equal((0, 0), (second.BytesToSync, second.BytesSynced));
        Assert.False(second.RequiresForce);
    }

    [SkippableFact]
    public async Task A_difference_without_force_holds_everything_up_and_force_resolves_it()
    {
        _ = Write(Folder, "a/one.txt", "old");
        _ = await PushAsync(["a"]);
        _ = Write(Folder, "a/one.txt", "new", Noon.AddDays(1));
        _ = Write(Folder, "a/two.txt", "two");

        StickySyncSummary held = await PushAsync(["a"]);
        Assert.True(held.RequiresForce);
        Assert.Equal(["a/one.txt"], Keys(held.OnTargetDifferent));
        Assert.Equal(["a/two.txt"], Keys(held.NotOnTarget));
        Assert.Empty(held.Synced);
        Assert.Equal(6, held.BytesToSync);
        Assert.Equal(["a/one.txt"], await KeysAsync());
        Assert.Equal("old", await ReadAsync("a/one.txt"));

        StickySyncSummary forced = await PushAsync(["a"], options => options with { Force = true });
        Assert.False(forced.RequiresForce);
        Assert.Equal(["a/one.txt", "a/two.txt"], Keys(forced.Synced));
        Assert.Equal([SyncAction.Replace, SyncAction.Add], forced.Synced.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => item.Action));
        Assert.Equal("new", await ReadAsync("a/one.txt"));
    }

    [SkippableTheory]
    [InlineData("raw_images/5c173ff2/5c173ff2.2021-06-01_00-00-00.jpg")]
    [InlineData("Tiled_Tuboids/x.txt")]
    [InlineData("raw_images")]
    [InlineData("ml")]
    [InlineData("database.db")]
    [InlineData("cache/x.txt")]
    [InlineData("a/.stickypi-0123456789ab-1-x.partial/b.txt")]
    public async Task What_is_the_stores_own_is_never_pushed_as_a_file_and_the_rest_goes(string name)
    {
        _ = Write(Folder, name, "mine");
        _ = Write(Folder, "free.txt", "free");

        StickySyncSummary summary = await PushAsync(["."], options => options with { Force = true });

        if (!name.Contains(".stickypi-", StringComparison.Ordinal))
        {
            Assert.Equal(("ReservedKey", name), (Assert.Single(Errors).ErrorId, Errors[0].Target));
            Assert.Equal([name], Keys(summary.Failed));
        }

        Assert.Equal(["free.txt"], Keys(summary.Synced));
        Assert.Equal(["free.txt"], await KeysAsync());
    }

    [SkippableTheory]
    [InlineData("ab.txt", "a\u200bb.txt")]
    [InlineData("txt.exe", "\u202etxt.exe")]
    [InlineData("b.txt", "b.txt\u00a0")]
    [InlineData("in/c.txt", "in\ufe0f/c.txt")]
    public async Task A_name_is_what_one_sees_and_what_the_store_has_otherwise_can_still_be_got_rid_of(string seen, string odd)
    {
        Skip.If(OperatingSystem.IsMacOS(), "That system takes some of the two for the same name.");
        _ = Write(Folder, odd, "odd");
        Assert.Empty((await PushAsync(["."])).Synced);
        Assert.Equal("InvalidKey", Assert.Single(Errors).ErrorId);
        Errors.Clear();

        await PutRawAsync(odd, "there");
        Assert.Equal([odd], Keys((await PullAsync(["."])).Synced));
        Assert.Equal([odd], Keys((await PushAsync(["."], options => options with { Force = true })).Synced));
        Assert.Equal("odd", await ReadAsync(odd));
        Assert.Empty(Errors);
        File.Delete(Path.Combine(Folder, odd));

        _ = Write(Folder, seen, "seen");
        Assert.Empty((await PushAsync(["."])).Synced);
        Assert.Equal("KeyConflict", Assert.Single(Errors).ErrorId);
        Assert.True((await Store.RemoveStorageItemsAsync([odd]))[0].Succeeded);
        Assert.Equal([seen], Keys((await PushAsync(["."])).Synced));
    }

    [SkippableFact]
    public async Task A_folder_from_a_mac_is_pushed_under_keys_that_other_systems_write_and_pulled_into_the_files_that_it_has()
    {
        const string Apart = "e\u0301te\u0301/cafe\u0301.txt";
        const string Whole = "\u00e9t\u00e9/caf\u00e9.txt";
        _ = Write(Folder, Apart, "one");

        Assert.Equal([Whole], Keys((await PushAsync(["."])).Synced));
        Assert.Equal([Whole], await KeysAsync());
        Assert.Equal([Whole], Keys((await PushAsync(["e\u0301te\u0301"])).OnTargetEqual));
        Assert.Equal([Whole], await KeysAsync("e\u0301te\u0301"));

        _ = Write(Folder, Apart, "two");
        Assert.Equal([Whole], Keys((await PushAsync(["."], options => options with { Force = true })).Synced));
        StickySyncSummary pulled = await Store.ReceiveStorageItemsAsync(["e\u0301te\u0301"], new ReceiveStorageItemOptions { Destination = Folder, Refuse = RefuseAsync });
        Assert.Equal([Whole], Keys(pulled.OnTargetEqual));
        Assert.Equal([Apart], Files(Folder));
        Assert.Empty(Errors);
    }

    [SkippableFact]
    public async Task Two_files_whose_names_become_one_key_are_a_collision()
    {
        Skip.If(OperatingSystem.IsMacOS(), "That system takes the two for the same name.");
        _ = Write(Folder, "cafe\u0301.txt", "one");
        _ = Write(Folder, "caf\u00e9.txt", "two");
        _ = Write(Folder, "free.txt", "free");

        StickySyncSummary summary = await PushAsync(["."], options => options with { Force = true });

        Assert.Equal(["caf\u00e9.txt", "caf\u00e9.txt"], Keys(summary.Collisions));
        Assert.Equal([Path.Combine(Folder, "cafe\u0301.txt"), Path.Combine(Folder, "caf\u00e9.txt")], summary.Collisions.Select(item => item.Path).Order(StringComparer.Ordinal));
        Assert.Empty(await KeysAsync());
    }

    [SkippableFact]
    public async Task What_another_program_stored_with_its_accents_apart_is_compared_replaced_and_found()
    {
        const string Apart = "cafe\u0301.txt";
        await PutRawAsync(Apart, "there");
        _ = Write(Folder, "caf\u00e9.txt", "there");

        Assert.Equal([Apart], Keys((await PushAsync(["."])).OnTargetEqual));
        _ = Write(Folder, "caf\u00e9.txt", "newer");
        Assert.True((await PushAsync(["."])).RequiresForce);
        Assert.Equal([Apart], Keys((await PushAsync(["."], options => options with { Force = true })).Synced));
        Assert.Equal([Apart], await KeysAsync());
        Assert.Equal([Apart], await KeysAsync(Apart));
        Assert.Empty(Errors);
    }

    [SkippableTheory]
    [InlineData("./x.txt")]
    [InlineData("a/../x.txt")]
    [InlineData("/x.txt")]
    [InlineData("x.txt/")]
    [InlineData("x")]
    public async Task Of_a_listed_object_that_cannot_be_had_no_other_one_comes(string key)
    {
        await PutRawAsync("x.txt", "another");

        StickySyncSummary summary = await PullAsync([], options => options with { Objects = [key] });

        Assert.Contains(Assert.Single(Errors).ErrorId, (string[])["InvalidKey", "ObjectNotFound"]);
        Assert.Empty(summary.Matched);
        Assert.Empty(Files(Other));
    }

    [SkippableFact]
    public async Task Into_the_folder_of_a_store_nothing_is_pulled_that_would_lie_beside_its_rows()
    {
        await PutRawAsync("raw_images/5c173ff2/x.jpg", "picture");
        await PutRawAsync("notes/a.txt", "a");
        _ = Write(Other, "database.db", "rows");

        StickySyncSummary summary = await PullAsync(["."], options => options with { Force = true });

        Assert.Equal("ReservedKey", Assert.Single(Errors).ErrorId);
        Assert.Equal(["notes/a.txt"], Keys(summary.Synced));
    }

    [SkippableFact]
    public async Task An_edit_that_keeps_size_and_time_is_noticed()
    {
        string path = Write(Folder, "a.txt", "one");
        _ = await PushAsync(["."]);
        _ = Write(Folder, "a.txt", "two");
        Assert.Equal(Noon, File.GetLastWriteTimeUtc(path));

        Assert.Equal(["a.txt"], Keys((await PushAsync(["."])).OnTargetDifferent));
    }

    [SkippableFact]
    public async Task Pulling_over_a_file_that_differs_needs_force()
    {
        await PutRawAsync("a.txt", "theirs");
        _ = Write(Other, "a.txt", "mine");

        StickySyncSummary held = await PullAsync(["a.txt"]);
        Assert.True(held.RequiresForce);
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(Other, "a.txt")));

        _ = await PullAsync(["a.txt"], options => options with { Force = true });
        Assert.Equal("theirs", await File.ReadAllTextAsync(Path.Combine(Other, "a.txt")));
        Assert.Equal(["a.txt"], Files(Other));
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_simulated_transfer_tells_the_same_and_moves_nothing(bool force)
    {
        _ = Write(Folder, "a.txt", "old");
        _ = await PushAsync(["."]);
        _ = Write(Folder, "a.txt", "new!");
        _ = Write(Folder, "b.txt", "b");

        StickySyncSummary plan = await PushAsync(["."], options => options with { Simulate = true, Force = force });

        Assert.Equal(["b.txt"], Keys(plan.NotOnTarget));
        Assert.Equal(["a.txt"], Keys(plan.OnTargetDifferent));
        Assert.Equal(5, plan.BytesToSync);
        Assert.Equal(!force, plan.RequiresForce);
        Assert.Empty(plan.Synced);
        Assert.Equal(0, plan.BytesSynced);
        Assert.Equal(["a.txt"], await KeysAsync());
        Assert.Equal("old", await ReadAsync("a.txt"));
    }

    [SkippableFact]
    public async Task A_simulated_pull_makes_neither_file_nor_folder()
    {
        await PutRawAsync("deep/a.txt", "a");

        StickySyncSummary plan = await PullAsync(["deep"], options => options with { Simulate = true });

        Assert.Equal(["deep/a.txt"], Keys(plan.NotOnTarget));
        Assert.False(Directory.Exists(Other));
    }

    [SkippableFact]
    public async Task A_name_that_only_begins_alike_is_not_meant()
    {
        await PutRawAsync("a/b/1.txt", "1");
        await PutRawAsync("a/bc/2.txt", "2");
        await PutRawAsync("a/b.txt", "3");

        Assert.Equal(["a/b/1.txt"], Keys((await PullAsync(["a/b"])).Matched));
        Assert.Equal(["a/b/1.txt"], await KeysAsync("a/b"));
        Assert.Equal(["a/b/1.txt"], await KeysAsync("a/b/"));
        Assert.Equal(["a/b/1.txt"], await KeysAsync("a\\b"));
        Assert.Equal(["a/b.txt"], await KeysAsync("a/b.txt"));
        Assert.Equal(["a/b.txt", "a/b/1.txt", "a/bc/2.txt"], await KeysAsync("a"));
        Assert.Empty(await KeysAsync("a/b/1"));
    }

    [SkippableFact]
    public async Task Filters_are_regular_expressions_on_relative_paths_and_what_is_excluded_wins()
    {
        foreach (string name in (string[])["keep/a.jpg", "keep/b.jpg", "keep/c.txt", "drop/a.jpg"])
        {
            _ = Write(Folder, name, name);
        }

        StickySyncSummary pushed = await PushAsync(["."], options => options with { Filter = new KeyFilter(["^keep/", "\\.txt$"], ["b\\.jpg$", "c"]) });

        Assert.Equal(["keep/a.jpg"], Keys(pushed.Synced));
        Assert.Equal(["drop/a.jpg", "keep/b.jpg", "keep/c.txt"], Keys(pushed.Skipped));
        Assert.Equal(["not included", "excluded by 'b\\.jpg$'", "excluded by 'c'"], pushed.Skipped.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => item.Reason));
        Assert.Equal(["keep/a.jpg"], await KeysAsync());

        _ = await PushAsync(["."]);
        StickySyncSummary pulled = await PullAsync(["keep"], options => options with { Filter = new KeyFilter(["jpg"], ["/b"]) });
        Assert.Equal(["keep/a.jpg"], Files(Other));
        Assert.Equal(["keep/b.jpg", "keep/c.txt"], Keys(pulled.Skipped));
    }

    [SkippableFact]
    public async Task A_file_where_the_target_has_a_folder_collides_and_nothing_moves()
    {
        await PutRawAsync("a/b/inside.txt", "x");
        _ = Write(Folder, "a/b", "a file");
        _ = Write(Folder, "a/other.txt", "other");

        StickySyncSummary summary = await PushAsync(["a"], options => options with { Force = true });

        Assert.True(summary.HasCollisions);
        StickySyncItem collision = Assert.Single(summary.Collisions);
        Assert.Equal("a/b", collision.Key);
        Assert.Contains("folder", collision.Reason, StringComparison.Ordinal);
        Assert.Empty(summary.Synced);
        Assert.Equal(["a/b/inside.txt"], await KeysAsync());
    }

    [SkippableTheory]
    [InlineData("a")]
    [InlineData("a/b/c.txt")]
    public async Task A_folder_where_the_target_has_a_file_collides_and_nothing_moves(string pushed)
    {
        await PutRawAsync("a", "a file");
        _ = Write(Folder, "a/b/c.txt", "c");
        _ = Write(Folder, "d.txt", "d");

        StickySyncSummary summary = await PushAsync([pushed, "d.txt"], options => options with { Force = true });

        Assert.Equal("a/b/c.txt", Assert.Single(summary.Collisions).Key);
        Assert.Contains("'a'", summary.Collisions[0].Reason, StringComparison.Ordinal);
        Assert.Empty(summary.Synced);
        Assert.Equal(["a"], await KeysAsync());
    }

    [SkippableFact]
    public async Task Pulling_onto_folders_and_below_files_collides_and_nothing_moves()
    {
        await PutRawAsync("a/file", "1");
        await PutRawAsync("b/c/file", "2");
        await PutRawAsync("d", "3");
        _ = Directory.CreateDirectory(Path.Combine(Other, "a", "file"));
        _ = Write(Other, "b/c", "a file");

        StickySyncSummary summary = await PullAsync(["a", "b", "d"], options => options with { Force = true });

        Assert.Equal(["a/file", "b/c/file"], Keys(summary.Collisions));
        Assert.Empty(summary.Synced);
        Assert.Equal(["b/c"], Files(Other));
    }

    [SkippableFact]
    public async Task Paths_outside_the_folder_of_keys_are_refused_and_the_others_go_on()
    {
        string outside = Write(Other, "outside.txt", "x");
        _ = Write(Folder, "a.txt", "a");

        StickySyncSummary summary = await PushAsync([outside, "../other/outside.txt", "a.txt", "missing.txt"]);

        Assert.Equal(["FileNotFound", "PathOutsideFolder", "PathOutsideFolder"], Errors.Select(error => error.ErrorId).Order(StringComparer.Ordinal));
        Assert.All(Errors, error => Assert.NotNull(error.RecommendedAction));
        Assert.Equal(["a.txt"], Keys(summary.Synced));
    }

    [SkippableFact]
    public async Task Keys_are_relative_to_the_folder_that_is_named_and_go_below_the_prefix()
    {
        _ = Write(Folder, "card/one.jpg", "1");

        StickySyncSummary summary = await PushAsync(["card"], options => options with { Prefix = "2021\\june/", RelativeTo = Path.Combine(Folder, "card") });

        Assert.Equal(["2021/june/one.jpg"], await KeysAsync());
        Assert.Equal(["2021/june/one.jpg"], Keys(summary.Synced));
        Assert.Equal(Path.Combine(Folder, "card", "one.jpg"), Assert.Single(summary.Matched).Path);
    }

    [SkippableFact]
    public async Task Nothing_found_is_an_error_for_that_name_only()
    {
        await PutRawAsync("a.txt", "a");

        StickySyncSummary summary = await PullAsync(["nothing", "a.txt"]);

        Assert.Equal("ObjectNotFound", Assert.Single(Errors).ErrorId);
        Assert.Equal(["a.txt"], Keys(summary.Synced));
    }

    [SkippableFact]
    public async Task Links_are_followed_circles_and_broken_ones_are_told_and_the_rest_goes_on()
    {
        _ = Write(Folder, "real/a.txt", "a");
        _ = Write(Other, "elsewhere/b.txt", "b", Noon.AddDays(1));
        _ = File.CreateSymbolicLink(Path.Combine(Folder, "real", "link.txt"), "a.txt");
        _ = Directory.CreateSymbolicLink(Path.Combine(Folder, "far"), Path.Combine(Other, "elsewhere"));
        _ = Directory.CreateSymbolicLink(Path.Combine(Folder, "real", "circle"), Folder);
        _ = File.CreateSymbolicLink(Path.Combine(Folder, "broken.txt"), "nowhere.txt");

        StickySyncSummary summary = await PushAsync(["."]);

        Assert.Equal(["far/b.txt", "real/a.txt", "real/link.txt"], Keys(summary.Synced));
        Assert.Equal(["FileNotFound", "LinkCircle"], Errors.Select(error => error.ErrorId).Order(StringComparer.Ordinal));
        Assert.Equal("a", await ReadAsync("real/link.txt"));
        Assert.Equal(Noon.AddDays(1), summary.Synced.Single(item => item.Key == "far/b.txt").SourceTime);
    }

    [SkippableFact]
    public async Task A_named_pipe_is_not_waited_for()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "There is no mkfifo.");
        _ = Write(Folder, "a.txt", "a");
        using (System.Diagnostics.Process mkfifo = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(Folder, "pipe")]))
        {
            await mkfifo.WaitForExitAsync();
        }

        StickySyncSummary summary = await PushAsync(["."]).AsTask().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Contains("a.txt", Keys(summary.Synced));
    }

    [SkippableFact]
    public async Task Many_files_are_compared_with_what_is_in_their_way_only()
    {
        for (int i = 0; i < 20; i++)
        {
            _ = Write(Folder, $"{i}.txt", "x");
        }

        await PutRawAsync("3.txt/inside", "a folder of this name");
        await PutRawAsync("elsewhere/4.txt", "none of it");

        StickySyncSummary summary = await PushAsync([.. Enumerable.Range(0, 20).Select(i => $"{i}.txt")]);

        Assert.Equal(["3.txt"], Keys(summary.Collisions));
        Assert.Empty(summary.NotOnSource);
    }

    [SkippableFact]
    public async Task A_file_that_vanishes_or_changes_between_comparing_and_reading_fails_alone()
    {
        foreach (string name in (string[])["a.txt", "changes.txt", "grows.txt", "vanishes.txt"])
        {
            _ = Write(Folder, name, name);
        }

        StickySyncSummary summary = await PushAsync(["."], options => options with
        {
            Confirm = (_, _, _) =>
            {
                File.Delete(Path.Combine(Folder, "vanishes.txt"));
                File.AppendAllText(Path.Combine(Folder, "grows.txt"), "more");
                _ = Write(Folder, "changes.txt", "CHANGES.TXT", Noon.AddDays(1));
                return ValueTask.FromResult(true);
            },
        });

        Assert.Equal(["a.txt"], Keys(summary.Synced));
        Assert.Equal(["changes.txt", "grows.txt", "vanishes.txt"], Keys(summary.Failed));
        Assert.Equal(["FileChanged", "FileChanged", "FileNotFound"], Errors.Select(error => error.ErrorId).Order(StringComparer.Ordinal));
        Assert.Equal(["a.txt"], await KeysAsync());
    }

    [SkippableFact]
    public async Task Answering_no_moves_nothing()
    {
        _ = Write(Folder, "a.txt", "a");
        List<string> asked = [];

        StickySyncSummary summary = await PushAsync(["."], options => options with
        {
            Confirm = (plan, action, _) =>
            {
                asked.Add($"{action} {plan.NotOnTarget.Count} {plan.BytesToSync}");
                return ValueTask.FromResult(false);
            },
        });

        Assert.Equal(["Add 1 1"], asked);
        Assert.Empty(summary.Synced);
        Assert.Empty(await KeysAsync());
    }

    [SkippableFact]
    public async Task Progress_ends_with_all_items_and_bytes_and_never_goes_beyond()
    {
        for (int i = 0; i < 20; i++)
        {
            await File.WriteAllBytesAsync(Path.Combine(Folder, $"{i}.bin"), RandomBytes(100_000, i));
        }

        List<SyncProgress> states = [];
        _ = await PushAsync(["."], options => options with { Progress = states.Add, Parallelism = 4 });

        Assert.Equal(new SyncProgress(SyncPhase.Transfer, 20, 20, 2_000_000, 2_000_000, states[^1].Key), states[^1]);
        Assert.All(states, state => Assert.InRange(state.Bytes, 0, 2_000_000));
    }

    [SkippableFact]
    public async Task Removed_objects_are_gone_and_their_folders_with_them()
    {
        await PutRawAsync("a/b/1.txt", "1");
        await PutRawAsync("a/2.txt", "2");

        IReadOnlyList<Outcome<StickyStorageItem>> outcomes = await Store.RemoveStorageItemsAsync(["a/b/1.txt", "a/3.txt", "../x"]);

        Assert.Equal("a/b/1.txt", outcomes[0].Value?.Key);
        Assert.Equal("ObjectNotFound", outcomes[1].Error?.ErrorId);
        Assert.Equal("InvalidKey", outcomes[2].Error?.ErrorId);
        Assert.Equal(["a/2.txt"], await KeysAsync());
        Assert.False(Directory.Exists(Path.Combine(Store.Location, "a", "b")));
    }

    [SkippableFact]
    public async Task A_pattern_that_is_none_says_that_wildcards_are_meant_otherwise()
    {
        StickyException error = Assert.Throws<StickyException>(() => new KeyFilter(["*.jpg"], null));
        Assert.Equal("InvalidPattern", error.ErrorId);
        Assert.Contains("wildcard", error.RecommendedAction, StringComparison.Ordinal);
        await Task.CompletedTask;
    }
}
