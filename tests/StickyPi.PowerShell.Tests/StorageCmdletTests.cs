using StickyPi.Core;
using StickyPi.Core.Bundles;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Bundles;
using StickyPi.PowerShell.Connections;
using StickyPi.PowerShell.Loading;
using StickyPi.PowerShell.Storage;

namespace StickyPi.Tests;

public sealed class StorageCmdletTests : StoreCmdletTest
{
    // The empty engine's switches are always off: -Force and -Delete are tried by Pester.
    [Fact]
    public async Task All_paths_of_a_pipeline_are_one_run_with_one_summary_and_one_question()
    {
        string[] files = [Write("card/a/1.txt", "one"), Write("card/a/2.txt", "three"), Write("card/b.txt", "4")];

        await SendAsync(Sink, files);

        StickySyncSummary summary = Assert.IsType<StickySyncSummary>(Assert.Single(Sink.Objects));
        Assert.Equal(["a/1.txt", "a/2.txt", "b.txt"], summary.Synced.Select(item => item.Key).Order());
        Assert.Equal([(Connection.Location, "Upload 3 files (9 B)")], Sink.Questions);
        Assert.Empty(Sink.Warnings);
    }

    [Fact]
    public async Task An_empty_pipeline_moves_deletes_and_lists_nothing()
    {
        await SendAsync(Sink, Write("card/a.txt", "one"));
        RecordingSink sink = new();
        await SendAsync(sink);
        using ReceiveStickyStorageItemCommand receive = new() { Connection = Connection, Destination = Folder["out"] };
        await receive.ProcessAsync(AsyncEnumerable.Empty<string>(), sink, default);
        using RemoveStickyStorageItemCommand remove = new() { Connection = Connection };
        await remove.ProcessAsync(AsyncEnumerable.Empty<(string, bool)>(), sink, default);
        using GetStickyStorageItemCommand get = new() { Connection = Connection };
        await get.ProcessAsync(AsyncEnumerable.Empty<string>(), sink, default);
        using GetStickyMlBundleCommand bundles = new() { Connection = Connection };
        await bundles.ProcessAsync(AsyncEnumerable.Empty<string>(), sink, default);

        Assert.Empty(sink.Objects);
        Assert.Empty(sink.Questions);
        Assert.Empty(sink.Errors);
        Assert.False(Directory.Exists(Folder["out"]));
    }

    [Fact]
    public async Task Nothing_is_transferred_or_deleted_without_consent_and_the_summary_comes_all_the_same()
    {
        await SendAsync(new RecordingSink(), Write("card/a.txt", "one"));
        string bundle = WriteBundle("uid");
        await SyncAsync(new RecordingSink(), "uid", bundle, SyncDirection.Push);
        await File.WriteAllTextAsync(Path.Combine(bundle, "data", "2.jpg"), "new");
        string[] before = await KeysAsync();
        RecordingSink refusing = new(shouldProcess: false);

        await SendAsync(refusing, Write("card/b.txt", "two"));
        using ReceiveStickyStorageItemCommand receive = new() { Connection = Connection, Destination = Folder["out"] };
        await receive.ProcessAsync(Input("a.txt"), refusing, default);
        await SyncAsync(refusing, "uid", bundle, SyncDirection.Push);
        await RemoveAsync(refusing, ("a.txt", false), ("ml/uid", false));
        using RemoveStickyMlBundleCommand removeBundle = new() { Connection = Connection };
        await removeBundle.ProcessAsync(Input("uid"), refusing, default);

        Assert.Equal(
            ["Upload 1 file (3 B)", "Download 1 file (3 B)", "Upload 1 file (3 B)"],
            refusing.Questions.Take(3).Select(question => question.Action));
        Assert.Equal(3 + 1 + 4 + 1, refusing.Questions.Count);
        Assert.Equal(3, refusing.Objects.Count);
        Assert.All(refusing.Objects.Cast<StickySyncSummary>(), summary => Assert.Empty(summary.Synced));
        Assert.Empty(refusing.Errors);
        Assert.Equal(before, await KeysAsync());
        Assert.False(Directory.Exists(Folder["out"]));
    }

    [Fact]
    public async Task What_differs_is_a_warning_that_names_force_and_the_first_few()
    {
        string[] files = [.. Enumerable.Range(1, 5).Select(i => Write($"card/{i}.txt", "old"))];
        await SendAsync(new RecordingSink(), files);
        foreach (string file in files)
        {
            await File.WriteAllTextAsync(file, "new");
        }

        await SendAsync(Sink, [.. files, Write("card/6.txt", "six")]);

        Assert.Equal(
            $"Nothing is uploaded: at '{Connection.Location}', 5 files differ: '1.txt', '2.txt', '3.txt' and 2 more. Use -Force to replace what differs.",
            Assert.Single(Sink.Warnings));
        Assert.Empty(Sink.Questions);
        Assert.Empty(Assert.IsType<StickySyncSummary>(Assert.Single(Sink.Objects)).Synced);
    }

    [Fact]
    public async Task A_collision_is_a_warning_and_nothing_is_asked()
    {
        await SendAsync(new RecordingSink(), Write("card/a/b.txt", "one"));
        Directory.Delete(Folder["card"], recursive: true);

        await SendAsync(Sink, Write("card/a", "a file"), Write("card/c.txt", "two"));

        Assert.Equal(
            $"Nothing is uploaded: at '{Connection.Location}', folders have the names of files, or files those of folders: 'a'.",
            Assert.Single(Sink.Warnings));
        Assert.Empty(Sink.Questions);
    }

    [Fact]
    public async Task A_bundle_with_an_older_source_is_left_with_a_warning_and_the_rest_goes_on()
    {
        string bundle = WriteBundle("uid");
        await SyncAsync(new RecordingSink(), "uid", bundle, SyncDirection.Push);
        string picture = Path.Combine(bundle, "data", "1.jpg");
        await File.WriteAllTextAsync(picture, "older");
        File.SetLastWriteTimeUtc(picture, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await File.WriteAllTextAsync(Path.Combine(bundle, "data", "2.jpg"), "new");

        await SyncAsync(Sink, "uid", bundle, SyncDirection.Push);

        Assert.Equal(
            $"At '{Path.Combine(Connection.Location, "ml/uid")}', 1 file differs, and the source is not newer: 'data/1.jpg'. Use -Force to replace what differs.",
            Assert.Single(Sink.Warnings));
        Assert.Equal("data/2.jpg", Assert.Single(Assert.IsType<StickySyncSummary>(Assert.Single(Sink.Objects)).Synced).Key);
    }

    [Fact]
    public async Task Comparing_asks_nothing_and_changes_nothing()
    {
        string bundle = WriteBundle("uid");
        string[] before = Directory.GetFileSystemEntries(Folder.Path, "*", SearchOption.AllDirectories);
        using CompareStickyMlBundleCommand compare = new() { Connection = Connection, Direction = SyncDirection.Push };

        await compare.ProcessAsync(Input(("uid", bundle)), Sink, default);

        Assert.Empty(Sink.Questions);
        StickySyncSummary summary = Assert.IsType<StickySyncSummary>(Assert.Single(Sink.Objects));
        Assert.Equal(4, summary.NotOnTarget.Count);
        Assert.Empty(summary.Synced);
        Assert.Equal(before, Directory.GetFileSystemEntries(Folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task One_missing_bundle_is_an_error_and_the_next_one_is_synchronised()
    {
        await SyncAsync(new RecordingSink(), "uid", WriteBundle("uid"), SyncDirection.Push);
        using SyncStickyMlBundleCommand sync = new() { Connection = Connection, Direction = SyncDirection.Pull };

        await sync.ProcessAsync(
            Input(("none", Folder["a"]), ("a/../b", Folder["b"]), ("uid", Folder["c"])),
            Sink,
            default);

        Assert.Equal(["BundleNotFound", "InvalidBundleName"], Sink.Errors.Select(error => error.ErrorId));
        Assert.Equal(4, Assert.IsType<StickySyncSummary>(Assert.Single(Sink.Objects)).Synced.Count);
    }

    [Fact]
    public async Task A_listed_object_is_removed_alone_and_a_prefix_with_all_below_it_but_not_beside_it()
    {
        await SendAsync(new RecordingSink(), Write("card/a/b/1.txt", "1"), Write("card/a/b/2.txt", "2"), Write("card/a/bc/3.txt", "3"), Write("card/d.txt", "4"));

        await RemoveAsync(Sink, ("a/b/1.txt", true), ("a/b", true));
        Assert.Equal("ObjectNotFound", Assert.Single(Sink.Errors).ErrorId);
        Assert.Equal(["a/b/2.txt", "a/bc/3.txt", "d.txt"], await KeysAsync());

        await RemoveAsync(Sink, ("a\\b", false));
        Assert.Equal(["a/bc/3.txt", "d.txt"], await KeysAsync());
    }

    [Fact]
    public async Task A_store_that_has_gone_ends_the_command_when_every_other_error_is_written()
    {
        StickyException gone = new("StorageUnavailable", StickyErrorKind.StoreUnavailable, "Nothing listens.");
        StickyException left = new("FileNotRemoved", StickyErrorKind.StoreUnavailable, "A file is left.", "a", null, gone);
        StickyException missing = new("ObjectNotFound", StickyErrorKind.NotFound, "It is not there.", "b");
        Outcome<string>[] pictures = [new("done"), new(left), new(missing)];
        Outcome<string>[] objects = [new("done"), new(gone), new(gone), new(missing)];

        Assert.Same(gone, await Assert.ThrowsAsync<StickyException>(async () => await Sink.WriteErrorsAsync(pictures, default)));
        Assert.Equal([left, missing], Sink.Errors);
        Sink.Errors.Clear();
        Assert.Same(gone, await Assert.ThrowsAsync<StickyException>(async () => await Sink.WriteErrorsAsync(objects, default)));
        Assert.Equal([missing], Sink.Errors);
        Sink.Errors.Clear();
        await Sink.WriteErrorsAsync([pictures[0], pictures[2]], default);
        Assert.Equal([missing], Sink.Errors);
        Assert.Empty(Sink.Objects);
    }

    [Fact]
    public async Task The_whole_store_is_never_removed_by_a_prefix()
    {
        await SendAsync(new RecordingSink(), Write("card/a.txt", "1"));

        await RemoveAsync(Sink, ("/", false), (".", false), ("./", false), ("\\", false), ("none", false), ("../x", false));

        Assert.Equal(
            ["EmptyPrefix", "EmptyPrefix", "EmptyPrefix", "EmptyPrefix", "ObjectNotFound", "InvalidKey"], Sink.Errors.Select(error => error.ErrorId));
        Assert.Empty(Sink.Questions);
        Assert.Equal(["a.txt"], await KeysAsync());
    }

    [Fact]
    public async Task Include_and_exclude_choose_what_is_listed_and_removed_and_exclude_wins()
    {
        await SendAsync(new RecordingSink(), Write("card/a/1.txt", "1"), Write("card/a/2.txt", "2"), Write("card/a/3.log", "3"));
        using GetStickyStorageItemCommand get = new() { Connection = Connection, Include = [@"\.txt$"], Exclude = ["/2"] };
        await get.ProcessAsync(Input("a"), Sink, default);
        Assert.Equal("a/1.txt", Assert.IsType<StickyStorageItem>(Assert.Single(Sink.Objects)).Key);

        using RemoveStickyStorageItemCommand remove = new() { Connection = Connection, Exclude = [@"\.txt$"] };
        await remove.ProcessAsync(Input(("a", false), ("a/1.txt", true)), Sink, default);
        Assert.Equal(["a/1.txt", "a/2.txt"], await KeysAsync());
        Assert.Empty(Sink.Errors);

        using GetStickyStorageItemCommand wrong = new() { Connection = Connection, Include = ["*.txt"] };
        Assert.Equal("InvalidPattern", Assert.Throws<StickyException>(wrong.Prepare).ErrorId);
    }

    [Fact]
    public async Task What_lies_under_two_prefixes_is_listed_once_and_an_empty_one_is_a_warning()
    {
        await SendAsync(new RecordingSink(), Write("card/a/b/1.txt", "1"), Write("card/a/2.txt", "2"));
        using GetStickyStorageItemCommand get = new() { Connection = Connection };

        await get.ProcessAsync(((string[])["a", "a/b", "a/b/1.txt", "A", "../a"]).ToAsyncEnumerable(), Sink, default);

        Assert.Equal(["a/2.txt", "a/b/1.txt"], Sink.Objects.Cast<StickyStorageItem>().Select(item => item.Key).Order());
        Assert.Equal("The store has no object 'A' and none below it.", Assert.Single(Sink.Warnings));
        Assert.Equal("InvalidKey", Assert.Single(Sink.Errors).ErrorId);
    }

    [Fact]
    public async Task A_path_outside_the_folder_that_keys_are_relative_to_is_refused()
    {
        string outside = Write("elsewhere/a.txt", "1");

        await SendAsync(Sink, outside, Write("card/b.txt", "2"));

        StickyException error = Assert.Single(Sink.Errors);
        Assert.Equal("PathOutsideFolder", error.ErrorId);
        Assert.Contains("-RelativeTo", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(["b.txt"], await KeysAsync());
    }

    [Fact]
    public async Task Bundles_are_found_by_pattern_and_removed_by_name_alone()
    {
        foreach (string name in (string[])["uid", "uid-2", "other"])
        {
            await SyncAsync(new RecordingSink(), name, WriteBundle(name), SyncDirection.Push);
        }

        using GetStickyMlBundleCommand get = new() { Connection = Connection };
        await get.ProcessAsync(Input("u*"), Sink, default);
        Assert.Equal(["uid", "uid-2"], Sink.Objects.Cast<StickyMlBundle>().Select(bundle => bundle.Name));

        using RemoveStickyMlBundleCommand remove = new() { Connection = Connection };
        await remove.ProcessAsync(((string[])["u*", "uid"]).ToAsyncEnumerable(), Sink, default);
        Assert.Equal(["other", "uid-2"], await Connection.Store.GetMlBundleNamesAsync());
        _ = Assert.Single(Sink.Errors);
    }

    [Theory]
    [InlineData(SyncDirection.Pull, false)]
    [InlineData(SyncDirection.Push, false)]
    [InlineData(SyncDirection.Pull, true)]
    public async Task A_folder_that_another_bundle_of_the_same_call_had_is_refused_and_the_first_goes_on(SyncDirection direction, bool compare)
    {
        await SyncAsync(new RecordingSink(), "a", WriteBundle("a"), SyncDirection.Push);
        await SyncAsync(new RecordingSink(), "b", WriteBundle("b"), SyncDirection.Push);
        _ = Write("bundles/a/data/2.jpg", "a's own");
        string both = direction == SyncDirection.Push ? Folder["bundles/a"] : Folder["both"];
        string[] before = await KeysAsync();
        using MlBundleSyncCmdlet sync = compare
            ? new CompareStickyMlBundleCommand { Connection = Connection, Direction = direction }
            : new SyncStickyMlBundleCommand { Connection = Connection, Direction = direction };

        await sync.ProcessAsync(Input(("a", both), ("b", both + Path.DirectorySeparatorChar), ("a", both)), Sink, default);

        StickyException error = Assert.Single(Sink.Errors);
        Assert.Equal("FolderUsedTwice", error.ErrorId);
        Assert.Equal("b", error.Target);
        Assert.Contains("'a' and 'b'", error.Message, StringComparison.Ordinal);
        Assert.Contains("-Path { \"./$($_.Name)\" }", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(2, Sink.Objects.Count);
        Assert.Equal(direction == SyncDirection.Push ? ["ml/a/data/2.jpg"] : [], (await KeysAsync()).Except(before));
    }

    [Fact]
    public async Task A_transfer_that_no_file_is_meant_by_says_why()
    {
        await SendAsync(new RecordingSink(), Write("card/a/1.txt", "1"), Write("card/a/2.txt", "2"));
        using ReceiveStickyStorageItemCommand receive = new() { Connection = Connection, Destination = Folder["out"], Include = ["jpg"] };
        await receive.ProcessAsync(Input("a"), Sink, default);
        using SendStickyStorageItemCommand send = new() { Connection = Connection, RelativeTo = Folder["card"], Exclude = ["1"] };
        await send.ProcessAsync(Input(Folder["card/a/1.txt"]), Sink, default);
        _ = Directory.CreateDirectory(Folder["card/empty"]);
        await SendAsync(Sink, Folder["card/empty"]);
        await SyncAsync(Sink, "none", Folder["card/empty"], SyncDirection.Push);
        await SyncAsync(Sink, "none", Folder["card/a/none"], SyncDirection.Push);

        Assert.Equal(4, Sink.Warnings.Count);
        Assert.Matches(@"^No file is meant: all 2 files are left out, such as 'a/[12]\.txt' \(not included\)\.$", Sink.Warnings[0]);
        Assert.Equal(
            [
                "No file is meant: the only one, 'a/1.txt', is left out (excluded by '1').",
                "No file is meant: there is none in what was named.",
                $"No file is meant: '{Folder["card/empty"]}' has no file that a bundle holds.",
            ],
            Sink.Warnings.Skip(1));
        Assert.Equal("FolderNotFound", Assert.Single(Sink.Errors).ErrorId);
    }

    [Fact]
    public async Task A_filter_that_leaves_nothing_to_remove_is_a_warning()
    {
        await SendAsync(new RecordingSink(), Write("card/a/1.txt", "1"));
        using RemoveStickyStorageItemCommand remove = new() { Connection = Connection, Include = ["jpg"] };

        await remove.ProcessAsync(Input(("a", false), ("a/1.txt", true)), Sink, default);

        Assert.Equal(
            ["The store has no object 'a' and none below it that passes -Include and -Exclude.", "None of the objects that came passes -Include and -Exclude."],
            Sink.Warnings);
        Assert.Empty(Sink.Errors);
        Assert.Equal(["a/1.txt"], await KeysAsync());
    }

    [Theory]
    [InlineData("data/*.jpg", @"^data/.*\.jpg$")]
    [InlineData("data/*", "^data/")]
    [InlineData("*.jpg", @"\.jpg$")]
    [InlineData("2021*.jpg", @"^2021.*\.jpg$")]
    [InlineData("a b/img*", "^a b/img")]
    [InlineData("^data/*.jpg$", @"^data/.*\.jpg$")]
    public void A_wildcard_is_known_among_regular_expressions_and_translated(string pattern, string regex)
    {
        Assert.True(Wildcards.IsMeantBy(pattern));
        Assert.Equal(regex, Wildcards.ToRegex(pattern));
        Assert.False(Wildcards.IsMeantBy(regex));
    }

    [Theory]
    [InlineData(@"\.jpg$")]
    [InlineData("^data/.*jpg")]
    [InlineData("data/.*")]
    [InlineData("jpe?g")]
    [InlineData("[0-9]*.jpg")]
    [InlineData("a|b*")]
    [InlineData("notes")]
    public void A_regular_expression_is_not_taken_for_a_wildcard(string pattern) => Assert.False(Wildcards.IsMeantBy(pattern));

    [Fact]
    public async Task A_key_with_wildcards_is_told_how_to_choose()
    {
        await SendAsync(new RecordingSink(), Write("card/notes/1.txt", "1"));
        using ReceiveStickyStorageItemCommand receive = new() { Connection = Connection, Destination = Folder["out"] };
        await receive.ProcessAsync(Input("notes/*", "*.txt", "none"), Sink, default);

        Assert.Equal(["ObjectNotFound", "ObjectNotFound", "ObjectNotFound"], Sink.Errors.Select(error => error.ErrorId));
        Assert.Equal(
            [
                "Keys take no wildcards: 'notes' means everything below it, and -Include chooses some of that.",
                @"Keys take no wildcards: name '.', and choose what is below it with -Include '\.txt$'.",
            ],
            Sink.Warnings);
    }

    [Fact]
    public async Task A_bundle_that_is_named_and_not_there_is_an_error_and_the_others_are_listed()
    {
        await SyncAsync(new RecordingSink(), "uid", WriteBundle("uid"), SyncDirection.Push);
        using GetStickyMlBundleCommand get = new() { Connection = Connection };

        await get.ProcessAsync(Input("none", "UID", "x*"), Sink, default);

        Assert.Equal("uid", Assert.IsType<StickyMlBundle>(Assert.Single(Sink.Objects)).Name);
        StickyException error = Assert.Single(Sink.Errors);
        Assert.Equal("BundleNotFound", error.ErrorId);
        Assert.Equal("none", error.Target);
    }

    [Fact]
    public async Task No_to_a_new_store_says_which_one_stays_the_default()
    {
        RecordingSink refusing = new(shouldProcess: false);
        StickyConnection.Add(Connection);
        using ConnectStickyPiCommand connect = new() { Path = Folder["new"] };

        await connect.ProcessAsync(AsyncEnumerable.Empty<object>(), refusing, default);

        Assert.Equal($"No store was opened: the default connection is still the one to '{Connection.Location}'.", Assert.Single(refusing.Warnings));
        Assert.False(Directory.Exists(Folder["new"]));
    }

    [Fact]
    public void A_catalog_has_a_readable_folder_of_its_own_for_each_server_bucket_and_base_path()
    {
        Uri server = new("https://s3.example.org");
        string[] names =
        [
            CatalogPath.GetName(server, "traps", ""),
            CatalogPath.GetName(server, "traps", "2021/june"),
            CatalogPath.GetName(server, "traps", "2021-june"),
            CatalogPath.GetName(server, "other", ""),
            CatalogPath.GetName(new Uri("http://s3.example.org"), "traps", ""),
            CatalogPath.GetName(new Uri("https://s3.example.org:8443"), "traps", ""),
            CatalogPath.GetName(null, "traps", ""),
            CatalogPath.GetName(server, "traps", new string('ä', 400)),
        ];

        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.StartsWith("s3.example.org-traps-2021-june-", names[1], StringComparison.Ordinal);
        Assert.StartsWith("amazon-traps-", names[6], StringComparison.Ordinal);
        Assert.All(names, name => Assert.Matches("^[A-Za-z0-9._-]{1,80}$", name));
        Assert.Equal(names[0], CatalogPath.GetName(new Uri("HTTPS://S3.Example.ORG:443/"), "traps", ""));
    }

    [Fact]
    public void A_password_in_the_endpoint_is_refused_and_not_repeated()
    {
        using NewStickyBucketCommand add = new() { Bucket = "traps", Endpoint = new Uri("http://key:plover@s3.example.org") };

        StickyException error = Assert.Throws<StickyException>(add.Prepare);

        Assert.Equal("InvalidBucketOptions", error.ErrorId);
        Assert.DoesNotContain("plover", $"{error} {error.Target} {error.RecommendedAction}", StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_server_said_is_in_the_message_once()
    {
        ServiceError service = new("S3", "AccessDenied", 403, "tx00001");
        StickyException bare = new("AccessDenied", StickyErrorKind.AccessDenied, "You may not.") { Service = service };
        StickyException whole = new("AccessDenied", StickyErrorKind.AccessDenied, $"You may not. ({service})") { Service = service };

        Assert.Equal("You may not. (S3: AccessDenied, status 403, request tx00001)", PowerShell.Errors.ErrorRecords.Describe(bare));
        Assert.Equal(whole.Message, PowerShell.Errors.ErrorRecords.Describe(whole));
    }

    private async Task SendAsync(RecordingSink sink, params string[] paths)
    {
        using SendStickyStorageItemCommand send = new() { Connection = Connection, RelativeTo = Folder["card"] };
        await send.ProcessAsync(paths.ToAsyncEnumerable(), sink, default);
    }

    private async Task SyncAsync(RecordingSink sink, string name, string folder, SyncDirection direction)
    {
        using SyncStickyMlBundleCommand sync = new() { Connection = Connection, Direction = direction };
        await sync.ProcessAsync(Input((name, folder)), sink, default);
    }

    private async Task RemoveAsync(RecordingSink sink, params (string Key, bool IsObject)[] keys)
    {
        using RemoveStickyStorageItemCommand remove = new() { Connection = Connection };
        await remove.ProcessAsync(keys.ToAsyncEnumerable(), sink, default);
    }

    private async Task<string[]> KeysAsync() =>
        [.. (await Connection.Store.GetStorageItemsAsync("", KeyFilter.All).ToListAsync()).Select(item => item.Key).Order(StringComparer.Ordinal)];

    private string WriteBundle(string name)
    {
        _ = Write($"bundles/{name}/data/1.jpg", "data");
        _ = Write($"bundles/{name}/config/config.yaml", "a: 1");
        _ = Write($"bundles/{name}/output/model_final.pth", "model");
        return Folder[$"bundles/{name}"];
    }

    private string Write(string path, string text)
    {
        string full = Folder[path];
        _ = Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return full;
    }

    private static IAsyncEnumerable<T> Input<T>(params T[] items) => items.ToAsyncEnumerable();
}
