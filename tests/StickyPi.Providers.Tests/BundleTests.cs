using System.Text;
using StickyPi.Core;
using StickyPi.Core.Bundles;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;

namespace StickyPi.Tests;

public sealed class LocalBundleTests : BundleTests
{
    protected override Task<Store> OpenAsync(string folder) => Task.FromResult(InFolder.Open(folder));

    protected override Task PutRawAsync(string key, string content) => InFolder.PutRawAsync(Store, key, content);

    [Fact]
    public async Task Pushing_with_deletion_leaves_what_lies_behind_links_of_the_store_and_the_links()
    {
        _ = Write(Folder, "data/a.svg", "a");
        string far = Path.GetDirectoryName(Write(Other, "data/b.svg", "b"))!;
        _ = Directory.CreateDirectory(Path.Combine(Store.Location, "ml", "linked"));
        string link = Path.Combine(Store.Location, "ml", "linked", "data");
        _ = Directory.CreateSymbolicLink(link, far);
        await PutRawAsync("ml/linked/config/gone.yaml", "x");

        StickySyncSummary summary = await Store.SyncMlBundleAsync(
            "linked", Folder, new SyncMlBundleOptions { Direction = SyncDirection.Push, Delete = true });

        Assert.Equal(["ml/linked/config/gone.yaml", "ml/linked/data/a.svg"], Keys(summary.Synced));
        Assert.True(File.Exists(Path.Combine(far, "b.svg")));

        StickyException left = await Assert.ThrowsAsync<StickyException>(async () => await Store.RemoveMlBundleAsync("linked"));
        Assert.Equal("FileNotRemoved", left.ErrorId);
        Assert.Contains(far, left.Message, StringComparison.Ordinal);
        IReadOnlyList<Outcome<StickyStorageItem>> removed = await Store.RemoveStorageItemsAsync(["ml/linked/data/b.svg"]);
        Assert.Equal("FileNotRemoved", Assert.Single(removed).Error?.ErrorId);
        Assert.Equal(["a.svg", "b.svg"], Directory.GetFiles(far).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.NotNull(new DirectoryInfo(link).LinkTarget);
    }
}

public sealed class BucketBundleTests : BundleTests
{
    private readonly InBucket _bucket = new();

    protected override Task<Store> OpenAsync(string folder) => _bucket.OpenAsync(folder);

    protected override Task CloseAsync() => _bucket.DisposeAsync().AsTask();

    protected override Task PutRawAsync(string key, string content) => _bucket.PutRawAsync(key, content);

    [SkippableFact]
    public async Task A_bundle_is_removed_with_the_marks_of_its_folders_and_names_that_are_none_are_left_out_of_the_list()
    {
        await PutRawAsync("ml/marked/", "");
        await PutRawAsync("ml/marked/data/", "");
        await PutRawAsync("ml/marked/data/a.svg", "a");
        await PutRawAsync("ml/odd\\name/data/b.svg", "b");

        Assert.Equal(["marked"], await Store.GetMlBundleNamesAsync());
        Assert.Equal(1, (await Store.RemoveMlBundleAsync("marked")).FileCount);
        Assert.Equal(["ml/odd\\name/data/b.svg"], await KeysAsync());
    }
}

/// <summary>The rules of ML bundles, on a store of each kind.</summary>
public abstract class BundleTests : TransferStore
{
    private const string Name = "universal-insect-detector";

    // The MD5 of "weights".
    private const string ModelMd5 = "63f4f1e9b725370f459720575cd5f953";

    private string Model => Path.Combine(Folder, "output", "model_final.pth");

    private string Version => Path.Combine(Folder, "output", ".version.txt");

    [SkippableFact]
    public async Task A_bundle_that_is_pushed_and_pulled_is_the_same_with_its_times()
    {
        WriteBundle();

        StickySyncSummary pushed = await SyncAsync(SyncDirection.Push);
        StickySyncSummary pulled = await SyncAsync(SyncDirection.Pull, Other);

        string[] counted = ["config/config.yaml", "data/a.svg", "data/nested/b.jpg", "output/.version.txt", "output/model_final.pth"];
        Assert.Empty(Errors);
        Assert.Equal(counted, Keys(pushed.Synced));
        Assert.Equal(["data/notes.md", "output/metrics.json"], Keys(pushed.Skipped));
        Assert.Equal(counted, Keys(pulled.Synced));
        Assert.Equal(counted, Files(Other));
        Assert.All(counted, key => Assert.Equal(File.GetLastWriteTimeUtc(Path.Combine(Folder, key)), File.GetLastWriteTimeUtc(Path.Combine(Other, key))));
        Assert.Equal(counted.Select(key => $"ml/{Name}/{key}"), await KeysAsync());
    }

    [SkippableTheory]
    [InlineData(MlBundleContent.Data, new[] { "config/config.yaml", "data/a.svg", "data/nested/b.jpg" })]
    [InlineData(MlBundleContent.Model, new[] { "config/config.yaml", "output/.version.txt", "output/model_final.pth" })]
    public async Task Content_chooses_what_training_or_inference_needs(MlBundleContent content, string[] expected)
    {
        WriteBundle();

        StickySyncSummary pushed = await SyncAsync(SyncDirection.Push, change: options => options with { Content = content });
        Assert.Equal(expected, Keys(pushed.Synced));
        Assert.Equal(content == MlBundleContent.Model, File.Exists(Version));

        _ = await SyncAsync(SyncDirection.Push);
        StickySyncSummary pulled = await SyncAsync(SyncDirection.Pull, Other, options => options with { Content = content });
        Assert.Equal(expected, Keys(pulled.Synced));
    }

    [SkippableFact]
    public async Task A_newer_source_wins_and_an_older_one_is_left_and_told()
    {
        WriteBundle();
        _ = await SyncAsync(SyncDirection.Push);
        _ = Write(Folder, "data/a.svg", "newer", Noon.AddHours(1));
        _ = Write(Folder, "config/config.yaml", "older", Noon.AddHours(-1));
        _ = Write(Folder, "data/nested/b.jpg", "same time");

        StickySyncSummary summary = await SyncAsync(SyncDirection.Push);

        Assert.Equal(["data/a.svg"], Keys(summary.Synced));
        Assert.Equal(["config/config.yaml", "data/a.svg", "data/nested/b.jpg"], Keys(summary.OnTargetDifferent));
        Assert.True(summary.RequiresForce);
        Assert.Equal(5, summary.BytesToSync);
        Assert.Equal("newer", await ReadAsync($"ml/{Name}/data/a.svg"));
        Assert.Equal("config", await ReadAsync($"ml/{Name}/config/config.yaml"));

        summary = await SyncAsync(SyncDirection.Push, change: options => options with { Force = true });
        Assert.Equal(["config/config.yaml", "data/nested/b.jpg"], Keys(summary.Synced));
        Assert.Equal("older", await ReadAsync($"ml/{Name}/config/config.yaml"));
    }

    [SkippableFact]
    public async Task Pulling_follows_the_same_rule()
    {
        WriteBundle();
        _ = await SyncAsync(SyncDirection.Push);
        _ = Write(Other, "data/a.svg", "older here", Noon.AddHours(-1));
        _ = Write(Other, "config/config.yaml", "newer here", Noon.AddHours(1));

        StickySyncSummary summary = await SyncAsync(SyncDirection.Pull, Other);

        Assert.Equal("<svg/>", await File.ReadAllTextAsync(Path.Combine(Other, "data/a.svg")));
        Assert.Equal("newer here", await File.ReadAllTextAsync(Path.Combine(Other, "config/config.yaml")));
        Assert.True(summary.RequiresForce);
    }

    [SkippableFact]
    public async Task The_same_content_under_another_time_is_not_sent()
    {
        WriteBundle();
        _ = await SyncAsync(SyncDirection.Push);
        File.SetLastWriteTimeUtc(Path.Combine(Folder, "data/a.svg"), Noon.AddYears(1));

        Assert.Empty((await SyncAsync(SyncDirection.Push)).Synced);
    }

    [SkippableFact]
    public async Task Pushing_writes_the_version_of_the_model_and_leaves_one_that_still_holds()
    {
        WriteBundle();

        _ = await SyncAsync(SyncDirection.Push);
        string expected = $"{new DateTimeOffset(Noon).ToUnixTimeSeconds()}-{ModelMd5}";
        Assert.Equal(expected, await File.ReadAllTextAsync(Version));
        Assert.Equal(expected, (await Store.GetMlBundlesAsync([]).ToListAsync()).Single().Version);

        File.SetLastWriteTimeUtc(Model, Noon.AddDays(1));
        await File.WriteAllTextAsync(Version, $"1598113346-{ModelMd5}\n");
        _ = await SyncAsync(SyncDirection.Push);
        Assert.Equal($"1598113346-{ModelMd5}\n", await File.ReadAllTextAsync(Version));
        Assert.Equal($"1598113346-{ModelMd5}", (await Store.GetMlBundlesAsync([]).ToListAsync()).Single().Version);

        File.AppendAllText(Model, "!");
        File.SetLastWriteTimeUtc(Model, Noon.AddDays(2));
        _ = await SyncAsync(SyncDirection.Push);
        Assert.StartsWith($"{new DateTimeOffset(Noon.AddDays(2)).ToUnixTimeSeconds()}-", await File.ReadAllTextAsync(Version), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_comparison_tells_of_the_version_and_writes_nothing()
    {
        WriteBundle();
        string[] before = Files(Folder);

        StickySyncSummary plan = await SyncAsync(SyncDirection.Push, change: options => options with { Simulate = true, Delete = true });

        Assert.Contains("output/.version.txt", Keys(plan.NotOnTarget));
        Assert.Equal(before, Files(Folder));
        Assert.Empty(await KeysAsync());
    }

    [SkippableFact]
    public async Task Answering_no_leaves_the_version_unwritten()
    {
        WriteBundle();

        StickySyncSummary summary = await SyncAsync(
            SyncDirection.Push, change: options => options with { Confirm = (_, _, _) => ValueTask.FromResult(false) });

        Assert.Contains("output/.version.txt", Keys(summary.NotOnTarget));
        Assert.False(File.Exists(Version));
        Assert.Empty(await KeysAsync());
    }

    [SkippableFact]
    public async Task Deleting_removes_what_the_source_lacks_and_only_what_belongs_to_the_bundle()
    {
        WriteBundle();
        _ = await SyncAsync(SyncDirection.Push);
        await PutRawAsync($"ml/{Name}/data/gone.svg", "x");
        await PutRawAsync($"ml/{Name}/data/keep.md", "x");
        await PutRawAsync($"ml/{Name}2/data/other.svg", "x");

        StickySyncSummary plan = await SyncAsync(SyncDirection.Push);
        Assert.Equal(["data/gone.svg"], Keys(plan.NotOnSource));
        Assert.Empty(plan.Synced);

        StickySyncSummary summary = await SyncAsync(SyncDirection.Push, change: options => options with { Delete = true });
        Assert.Equal(["data/gone.svg"], Keys(summary.Synced));
        Assert.Equal(SyncAction.Delete, summary.Synced[0].Action);
        Assert.Equal(0, summary.BytesSynced);
        Assert.Contains($"ml/{Name}/data/keep.md", await KeysAsync());
        Assert.Contains($"ml/{Name}2/data/other.svg", await KeysAsync());
        Assert.DoesNotContain($"ml/{Name}/data/gone.svg", await KeysAsync());
    }

    [SkippableFact]
    public async Task Deleting_keeps_to_the_content_and_the_filters()
    {
        WriteBundle();
        _ = await SyncAsync(SyncDirection.Push);
        await PutRawAsync($"ml/{Name}/output/old.txt", "x");
        await PutRawAsync($"ml/{Name}/data/kept.svg", "x");
        await PutRawAsync($"ml/{Name}/data/gone.svg", "x");

        StickySyncSummary summary = await SyncAsync(
            SyncDirection.Push,
            change: options => options with { Delete = true, Content = MlBundleContent.Data, Filter = new KeyFilter(null, ["kept"]) });

        Assert.Equal(["data/gone.svg"], Keys(summary.Synced));
    }

    [SkippableFact]
    public async Task Pulling_with_deletion_leaves_files_behind_links_and_files_that_are_no_part()
    {
        WriteBundle();
        _ = await SyncAsync(SyncDirection.Push);
        _ = Write(Other, "data/old/gone.svg", "x");
        _ = Write(Other, "data/notes.md", "mine");
        string far = Write(Folder, "../far/precious.svg", "x");
        _ = Directory.CreateSymbolicLink(Path.Combine(Other, "data", "far"), Path.GetDirectoryName(far)!);

        StickySyncSummary summary = await SyncAsync(SyncDirection.Pull, Other, options => options with { Delete = true });

        Assert.Equal(["data/old/gone.svg"], Keys(summary.Synced.Where(item => item.Action == SyncAction.Delete)));
        Assert.False(Directory.Exists(Path.Combine(Other, "data", "old")));
        Assert.True(File.Exists(far));
        Assert.True(File.Exists(Path.Combine(Other, "data", "notes.md")));
    }

    [SkippableTheory]
    [InlineData("traps", "database.db")]
    [InlineData(".", "database.db")]
    [InlineData("traps/raw_images", "database.db")]
    [InlineData("traps", "cache/writers/0123")] // the catalog is somewhere else
    public async Task A_pull_with_deletion_to_a_folder_that_is_holds_or_lies_in_a_store_does_nothing(string folder, string mark)
    {
        WriteBundle();
        _ = await SyncAsync(SyncDirection.Push);
        _ = Write(Other, $"traps/{mark}", "rows");
        _ = Write(Other, "traps/raw_images/5c173ff2/a.jpg", "picture");
        string[] before = Files(Other);

        foreach (bool simulate in (bool[])[true, false])
        {
            StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await SyncAsync(
                SyncDirection.Pull, Path.Combine(Other, folder), options => options with { Delete = true, Simulate = simulate }));
            Assert.Equal("FolderIsAStore", error.ErrorId);
        }

        Assert.Equal(before, Files(Other));
    }

    [SkippableFact]
    public async Task A_model_that_is_left_keeps_its_version_on_both_sides()
    {
        WriteBundle();
        _ = await SyncAsync(SyncDirection.Push);
        string version = (await ReadAsync($"ml/{Name}/output/.version.txt"))!;
        _ = Write(Folder, "output/model_final.pth", "older weights", Noon.AddYears(-1));

        StickySyncSummary pushed = await SyncAsync(SyncDirection.Push);
        StickySyncSummary pulled = await SyncAsync(SyncDirection.Pull);

        Assert.Empty(pushed.Synced);
        Assert.Contains(MlBundleRules.ModelKey, pushed.OnTargetDifferent.Single(item => item.Key == WholeKey(MlBundleRules.VersionKey)).Reason, StringComparison.Ordinal);
        Assert.Equal(version, await ReadAsync($"ml/{Name}/output/.version.txt"));
        Assert.Equal([MlBundleRules.ModelKey], Keys(pulled.Synced));
    }

    [SkippableFact]
    public async Task The_version_comes_after_its_model_and_not_without_it()
    {
        WriteBundle();
        StickySyncSummary summary = await SyncAsync(SyncDirection.Push, change: options => options with
        {
            Confirm = (_, _, _) =>
            {
                File.AppendAllText(Model, "changes meanwhile");
                return ValueTask.FromResult(true);
            },
        });

        Assert.Contains(MlBundleRules.ModelKey, Keys(summary.Failed));
        Assert.DoesNotContain(MlBundleRules.VersionKey, Keys(summary.Synced));
        Assert.DoesNotContain($"ml/{Name}/output/.version.txt", await KeysAsync());

        summary = await SyncAsync(SyncDirection.Push);
        Assert.Equal(WholeKey(MlBundleRules.VersionKey), summary.Synced[^1].Key);
    }

    [SkippableFact]
    public async Task The_lists_of_a_summary_are_arrays_which_PowerShell_can_index()
    {
        WriteBundle();
        StickySyncSummary summary = await SyncAsync(SyncDirection.Push);

        Assert.All(
            (IReadOnlyList<StickySyncItem>[])
            [
                summary.Matched, summary.NotOnTarget, summary.OnTargetEqual, summary.OnTargetDifferent, summary.Collisions, summary.Skipped,
                summary.NotOnSource, summary.Synced, summary.Failed,
            ],
            list => Assert.IsType<StickySyncItem[]>(list));
        Assert.Equal("Push: 5 of 5 items synced, 0 failed", summary.ToString());
    }

    [SkippableFact]
    public async Task A_file_whose_name_differs_from_a_pulled_one_in_case_only_is_not_deleted()
    {
        WriteBundle();
        _ = await SyncAsync(SyncDirection.Push);
        _ = Write(Other, "data/A.svg", "mine");

        StickySyncSummary summary = await SyncAsync(SyncDirection.Pull, Other, options => options with { Delete = true });

        Assert.DoesNotContain(summary.Synced, item => item.Action == SyncAction.Delete);
        Assert.True(File.Exists(Path.Combine(Other, "data", "A.svg")));
    }

    [SkippableFact]
    public async Task Declining_the_transfer_declines_the_deletions()
    {
        WriteBundle();
        _ = await SyncAsync(SyncDirection.Push);
        File.Move(Path.Combine(Folder, "data/a.svg"), Path.Combine(Folder, "data/renamed.svg"));
        List<SyncAction> asked = [];

        _ = await SyncAsync(SyncDirection.Push, change: options => options with
        {
            Delete = true,
            Confirm = (_, action, _) =>
            {
                asked.Add(action);
                return ValueTask.FromResult(action == SyncAction.Delete);
            },
        });

        Assert.Equal([SyncAction.Add], asked);
        Assert.Contains($"ml/{Name}/data/a.svg", await KeysAsync());
    }

    [SkippableFact]
    public async Task Nothing_is_deleted_after_an_error()
    {
        WriteBundle();
        _ = await SyncAsync(SyncDirection.Push);
        await PutRawAsync($"ml/{Name}/data/gone.svg", "x");
        _ = File.CreateSymbolicLink(Path.Combine(Folder, "data", "broken.svg"), "nowhere.svg");
        _ = Write(Folder, "data/new.svg", "new");

        StickySyncSummary summary = await SyncAsync(SyncDirection.Push, change: options => options with { Delete = true });

        Assert.Equal(["data/new.svg"], Keys(summary.Synced));
        Assert.Contains($"ml/{Name}/data/gone.svg", await KeysAsync());
        _ = Assert.Single(Errors);
    }

    [SkippableFact]
    public async Task Nothing_is_deleted_because_of_an_empty_source()
    {
        WriteBundle();
        _ = await SyncAsync(SyncDirection.Push);
        string[] before = await KeysAsync();
        _ = Directory.CreateDirectory(Other);

        StickySyncSummary summary = await SyncAsync(SyncDirection.Push, Other, options => options with { Delete = true });

        Assert.Empty(summary.Synced);
        Assert.Equal("SourceEmpty", Assert.Single(Errors).ErrorId);
        Assert.Equal(before, await KeysAsync());
    }

    [SkippableFact]
    public async Task Deletions_are_asked_for_apart_and_after_the_transfers()
    {
        WriteBundle();
        _ = await SyncAsync(SyncDirection.Push);
        await PutRawAsync($"ml/{Name}/data/gone.svg", "x");
        _ = Write(Folder, "data/new.svg", "new");
        List<SyncAction> asked = [];

        StickySyncSummary summary = await SyncAsync(SyncDirection.Push, change: options => options with
        {
            Delete = true,
            Confirm = (_, action, _) =>
            {
                asked.Add(action);
                return ValueTask.FromResult(action != SyncAction.Delete);
            },
        });

        Assert.Equal([SyncAction.Add, SyncAction.Delete], asked);
        Assert.Equal(["data/new.svg"], Keys(summary.Synced));
        Assert.Contains($"ml/{Name}/data/gone.svg", await KeysAsync());
    }

    [SkippableFact]
    public async Task A_large_model_goes_in_parts_and_compares_as_equal_afterwards()
    {
        WriteBundle();
        await File.WriteAllBytesAsync(Model, RandomBytes(20_000_000));

        StickySyncSummary pushed = await SyncAsync(SyncDirection.Push);
        StickySyncSummary again = await SyncAsync(SyncDirection.Push);
        StickySyncSummary pulled = await SyncAsync(SyncDirection.Pull, Other);

        Assert.EndsWith("-3", pushed.Synced.Single(item => item.Key == WholeKey(MlBundleRules.ModelKey)).TargetHash, StringComparison.Ordinal);
        Assert.Empty(again.Synced);
        Assert.Contains(MlBundleRules.ModelKey, Keys(pulled.Synced));
        Assert.Equal(await File.ReadAllBytesAsync(Model), await File.ReadAllBytesAsync(Path.Combine(Other, MlBundleRules.ModelKey)));
    }

    [SkippableFact]
    public async Task Bundles_are_listed_by_name_with_count_size_and_version_and_removed_alone()
    {
        WriteBundle();
        _ = await SyncAsync(SyncDirection.Push);
        await PutRawAsync($"ml/{Name}2/data/a.svg", "abc");
        await PutRawAsync("ml/stray.txt", "no bundle");

        List<StickyMlBundle> bundles = await Store.GetMlBundlesAsync([]).ToListAsync();
        Assert.Equal([Name, Name + "2"], bundles.Select(bundle => bundle.Name));
        Assert.Equal((1, 3L, null), (bundles[1].FileCount, bundles[1].Size, bundles[1].Version));
        Assert.Equal(5, bundles[0].FileCount);
        Assert.Equal([Name + "2"], (await Store.GetMlBundlesAsync(["*2"]).ToListAsync()).Select(bundle => bundle.Name));
        Assert.Equal([Name, Name + "2"], await Store.GetMlBundleNamesAsync());

        Assert.Equal(5, (await Store.RemoveMlBundleAsync(Name)).FileCount);
        Assert.Equal(["ml/stray.txt", $"ml/{Name}2/data/a.svg"], await KeysAsync());
        Assert.Equal("BundleNotFound", (await Assert.ThrowsAsync<StickyException>(async () => await Store.RemoveMlBundleAsync(Name))).ErrorId);
    }

    [SkippableTheory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData(".")]
    public async Task A_name_that_leads_elsewhere_is_refused(string name)
    {
        WriteBundle();
        Assert.Equal(
            "InvalidBundleName",
            (await Assert.ThrowsAsync<StickyException>(
                async () => await Store.SyncMlBundleAsync(name, Folder, new SyncMlBundleOptions { Direction = SyncDirection.Push }))).ErrorId);
    }

    [SkippableFact]
    public async Task What_is_not_there_is_told_before_anything_happens()
    {
        Assert.Equal("BundleNotFound", (await Assert.ThrowsAsync<StickyException>(async () => await SyncAsync(SyncDirection.Pull))).ErrorId);
        Assert.Equal("FolderNotFound", (await Assert.ThrowsAsync<StickyException>(async () => await SyncAsync(SyncDirection.Push, Other))).ErrorId);
    }

    [SkippableFact]
    public async Task The_bundle_of_the_sample_data_has_the_hashes_that_the_existing_program_computes()
    {
        SampleData.SkipIfAbsent();

        StickySyncSummary pushed = await SyncAsync(SyncDirection.Push, SampleData.MlBundle!);

        Assert.Equal(
            SampleData.ExpectedOfMlBundle.OrderBy(file => file.Key, StringComparer.Ordinal)
                .Select(file => (WholeKey(file.Key), file.Value.GetProperty("etag_8MiB").GetString(), (long?)file.Value.GetProperty("size").GetInt64())),
            pushed.Synced.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => (item.Key, item.TargetHash, item.TargetSize)));
    }

    // Summaries have the whole keys, of which the tests of this class compare what follows the bundle.
    private static new string[] Keys(IEnumerable<StickySyncItem> items)
    {
        string[] keys = TransferStore.Keys(items);
        Assert.All(keys, key => Assert.StartsWith(WholeKey(""), key, StringComparison.Ordinal));
        return [.. keys.Select(key => key[WholeKey("").Length..])];
    }

    private static string WholeKey(string key) => $"ml/{Name}/{key}";

    private ValueTask<StickySyncSummary> SyncAsync(
        SyncDirection direction, string? folder = null, Func<SyncMlBundleOptions, SyncMlBundleOptions>? change = null)
    {
        SyncMlBundleOptions options = new() { Direction = direction, Refuse = RefuseAsync };
        return Store.SyncMlBundleAsync(Name, folder ?? Folder, change?.Invoke(options) ?? options);
    }

    private void WriteBundle()
    {
        _ = Write(Folder, "config/config.yaml", "config");
        _ = Write(Folder, "data/a.svg", "<svg/>");
        _ = Write(Folder, "data/nested/b.jpg", "jpeg");
        _ = Write(Folder, "data/.cache/c.jpg", "cached");
        _ = Write(Folder, "data/notes.md", "notes");
        _ = Write(Folder, "output/metrics.json", "{}");
        _ = Write(Folder, "output/model_final.pth", "weights");
    }
}
