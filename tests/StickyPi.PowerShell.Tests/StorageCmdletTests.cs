using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Bundles;
using StickyPi.Core.Remote;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Connections;

namespace StickyPi.Tests;

public sealed class StorageCmdletTests : StoreCmdletTest
{
    [Fact]
    public void All_paths_of_a_pipeline_are_one_run_with_one_summary_and_one_question()
    {
        string[] files = [Write("card/a/1.txt", "one"), Write("card/a/2.txt", "three"), Write("card/b.txt", "4")];

        Session.Said said = Send(files);

        StickySyncSummary summary = Assert.IsType<StickySyncSummary>(Assert.Single(said.Objects));
        Assert.Equal(["a/1.txt", "a/2.txt", "b.txt"], summary.Synced.Select(item => item.Key).Order());
        Assert.Equal([(Connection.Location, "Upload 3 files (9 B)")], said.Questions);
        Assert.Empty(said.Warnings);
    }

    [Theory]
    [InlineData("Send-StickyStorageItem -RelativeTo $card")]
    [InlineData("Receive-StickyStorageItem -Destination $out")]
    [InlineData("Remove-StickyStorageItem")]
    [InlineData("Get-StickyStorageItem")]
    [InlineData("Get-StickyMlBundle")]
    public void An_empty_pipeline_moves_deletes_and_lists_nothing(string command)
    {
        _ = Send(Write("card/a.txt", "one"));

        Session.Said said = Run($"@() | {command}", ("card", Folder["card"]), ("out", Folder["out"]));

        Assert.Empty(said.Objects);
        Assert.Empty(said.Questions);
        Assert.Empty(said.Errors);
        Assert.False(Directory.Exists(Folder["out"]));
    }

    [Fact]
    public async Task Nothing_is_transferred_or_deleted_without_consent_and_the_summary_comes_all_the_same()
    {
        _ = Send(Write("card/a.txt", "one"));
        string bundle = WriteBundle("uid");
        _ = Push("uid", bundle);
        await File.WriteAllTextAsync(Path.Combine(bundle, "data", "2.jpg"), "new");
        string[] before = await KeysAsync();

        Session.Said[] refused =
        [
            Refuse("Send-StickyStorageItem -LiteralPath $file -RelativeTo $card", ("file", Write("card/b.txt", "two")), ("card", Folder["card"])),
            Refuse("Receive-StickyStorageItem a.txt -Destination $out", ("out", Folder["out"])),
            Refuse("Sync-StickyMlBundle uid $bundle -Direction Push", ("bundle", bundle)),
            Refuse("'a.txt', 'ml/uid' | Remove-StickyStorageItem"),
            Refuse("Remove-StickyMlBundle uid"),
        ];

        Assert.Equal(
            ["Upload 1 file (3 B)", "Download 1 file (3 B)", "Upload 1 file (3 B)"],
            refused.Take(3).SelectMany(said => said.Questions).Select(question => question.Action));
        Assert.Equal([1, 1, 1, 1 + 4, 1], refused.Select(said => said.Questions.Count));
        Assert.Equal([1, 1, 1, 0, 0], refused.Select(said => said.Objects.Count));
        Assert.All(refused.SelectMany(said => said.Objects).Cast<StickySyncSummary>(), summary => Assert.Empty(summary.Synced));
        Assert.All(refused, said => Assert.Empty(said.Errors));
        Assert.Equal(before, await KeysAsync());
        Assert.False(Directory.Exists(Folder["out"]));
    }

    [Fact]
    public async Task What_differs_is_an_error_after_the_summary_that_names_force_and_the_first_few()
    {
        string[] files = [.. Enumerable.Range(1, 5).Select(i => Write($"card/{i}.txt", "old"))];
        _ = Send(files);
        foreach (string file in files)
        {
            await File.WriteAllTextAsync(file, "new");
        }

        Session.Said said = Send([.. files, Write("card/6.txt", "six")]);

        Assert.Equal(
            $"Nothing is uploaded: at '{Connection.Location}', 5 files differ: '1.txt', '2.txt', '3.txt' and 2 more.",
            Assert.Single(said.Errors).ToString());
        Assert.Equal("Use -Force to replace what differs.", said.Errors[0].ErrorDetails.RecommendedAction);
        Assert.Equal(["TransferRequiresForce"], said.ErrorIds);
        Assert.Empty(said.Questions);
        Assert.Empty(Assert.IsType<StickySyncSummary>(Assert.Single(said.Objects)).Synced);
    }

    [Fact]
    public async Task What_differs_below_a_prefix_is_named_once()
    {
        string file = Write("card/a.txt", "old");
        _ = Run("Send-StickyStorageItem $file -RelativeTo $card -Prefix up", ("file", file), ("card", Folder["card"]));
        await File.WriteAllTextAsync(file, "new");
        _ = Write("back/up/a.txt", "other");

        Session.Said sent = Run("Send-StickyStorageItem $file -RelativeTo $card -Prefix up");
        Session.Said received = Run("Receive-StickyStorageItem up -Destination $back", ("back", Folder["back"]));
        Session.Said below = Run("Receive-StickyStorageItem up/a.txt -Destination $back");

        Assert.Equal(
            $"Nothing is uploaded: at '{Connection.Location}', 1 file differs: 'up/a.txt'.", Assert.Single(sent.Errors).ToString());
        Assert.All((Session.Said[])[received, below], said => Assert.Equal(
            $"Nothing is downloaded: at '{Folder["back"]}', 1 file differs: 'up/a.txt'.", Assert.Single(said.Errors).ToString()));
    }

    [Fact]
    public async Task A_collision_is_an_error_and_nothing_is_asked()
    {
        _ = Send(Write("card/a/b.txt", "one"));
        Directory.Delete(Folder["card"], recursive: true);

        Session.Said said = Send(Write("card/a", "a file"), Write("card/c.txt", "two"));

        Assert.Equal(
            $"Nothing is uploaded: at '{Connection.Location}', folders have the names of files, or files those of folders: 'a'.",
            Assert.Single(said.Errors).ToString());
        Assert.Equal(["TransferCollision"], said.ErrorIds);
        Assert.IsType<StickySyncSummary>(Assert.Single(said.Objects));
        Assert.Empty(said.Questions);
    }

    [Fact]
    public async Task A_bundle_with_an_older_source_is_left_with_an_error_and_the_rest_goes_on()
    {
        string bundle = WriteBundle("uid");
        _ = Push("uid", bundle);
        string picture = Path.Combine(bundle, "data", "1.jpg");
        await File.WriteAllTextAsync(picture, "older");
        File.SetLastWriteTimeUtc(picture, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await File.WriteAllTextAsync(Path.Combine(bundle, "data", "2.jpg"), "new");

        Session.Said said = Push("uid", bundle);

        Assert.Equal(
            $"At '{Connection.Location}', 1 file differs, and the source is not newer: 'ml/uid/data/1.jpg'.",
            Assert.Single(said.Errors).ToString());
        Assert.Equal(["TransferRequiresForce"], said.ErrorIds);
        Assert.Equal("ml/uid/data/2.jpg", Assert.Single(Assert.IsType<StickySyncSummary>(Assert.Single(said.Objects)).Synced).Key);
    }

    [Fact]
    public async Task With_error_action_stop_the_summary_comes_before_the_error()
    {
        string file = Write("card/a.txt", "old");
        _ = Send(file);
        await File.WriteAllTextAsync(file, "new");

        Session.Said said = RunToFailure(
            "Send-StickyStorageItem $file -RelativeTo $card -ErrorAction Stop | ForEach-Object { $global:summary = $_ }",
            ("file", file),
            ("card", Folder["card"]));

        Assert.Equal("TransferRequiresForce", said.FailureId);
        Assert.True(Assert.IsType<StickySyncSummary>(Assert.Single(Run("$summary").Objects)).RequiresForce);
        Assert.Empty(Run("Send-StickyStorageItem $file -RelativeTo $card -WhatIf", ("file", file), ("card", Folder["card"])).Errors);
    }

    [Fact]
    public async Task The_items_of_a_summary_have_the_keys_of_the_store_and_the_paths_of_the_files()
    {
        _ = Send(Write("card/a.txt", "one"));
        string file = Write("card/b.txt", "two");
        _ = Run("Send-StickyStorageItem $folder -RelativeTo $folder -Prefix a.d", ("folder", Folder["card"]));
        Session.Said sent = Run("Send-StickyStorageItem $folder -RelativeTo $folder -Prefix up/here", ("folder", Folder["card"]));
        StickySyncSummary summary = Assert.IsType<StickySyncSummary>(Assert.Single(sent.Objects));
        Assert.Equal(["up/here/a.txt", "up/here/b.txt"], summary.Synced.Select(item => item.Key).Order());
        Assert.Equal(file, summary.Synced.Single(item => item.Key.EndsWith("b.txt", StringComparison.Ordinal)).Path);

        Session.Said removed = Run("$summary.Synced | Remove-StickyStorageItem", ("summary", summary));

        Assert.Empty(removed.Errors);
        Assert.Equal(["a.d/a.txt", "a.d/b.txt", "a.txt"], (await KeysAsync()).Order(StringComparer.Ordinal));
        _ = Push("uid", WriteBundle("uid"));
        StickySyncSummary pulled = Assert.IsType<StickySyncSummary>(Assert.Single(
            Run("Sync-StickyMlBundle uid $folder -Direction Pull", ("folder", Folder["pulled"])).Objects));
        Assert.All(pulled.Synced, item => Assert.StartsWith("ml/uid/", item.Key, StringComparison.Ordinal));
        Assert.All(
            pulled.Synced,
            item => Assert.True(File.Exists(item.Path) && item.Path!.StartsWith(Folder["pulled"], StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Send-StickyImage", "Save-StickyImage")]
    [InlineData("Get-StickyImageMetadata", "Save-StickyImage")]
    [InlineData("Send-StickyTuboid -AlgoName sim", "Save-StickyImage")]
    [InlineData("Import-StickyAnnotation", "Save-StickyImage")]
    [InlineData("Send-StickyStorageItem", "Save-StickyImage")]
    [InlineData("Get-StickyStorageItem", "no Key")]
    [InlineData("Receive-StickyStorageItem", "no Key")]
    [InlineData("Remove-StickyStorageItem", "no Key")]
    [InlineData("Get-StickyMlBundle", "no Name")]
    [InlineData("Remove-StickyMlBundle", "no Name")]
    public void A_picture_of_a_store_is_no_file_and_no_key_whatever_its_name_is(string command, string advice)
    {
        string card = Path.GetDirectoryName(Pictures.WriteSeries(Folder["card"], "5c173ff2", 1)[0])!;
        object image = Assert.Single(Run("$null = Send-StickyImage $card; Get-StickyImageSeries", ("card", card)).Objects);
        object selected = Assert.Single(Run("$image | Select-Object FileName, Md5", ("image", image)).Objects);

        Session.Said said = Run(
            $"Push-Location -LiteralPath $card; $image, $selected | {command}; Pop-Location",
            ("card", card),
            ("image", image),
            ("selected", selected));

        Assert.Empty(said.Objects);
        Assert.Equal(["ParameterArgumentTransformationError", "ParameterArgumentTransformationError"], said.ErrorIds);
        Assert.Contains(advice, said.Errors[0].Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Comparing_asks_nothing_and_changes_nothing()
    {
        string bundle = WriteBundle("uid");
        string[] before = Directory.GetFileSystemEntries(Folder.Path, "*", SearchOption.AllDirectories);

        Session.Said said = Run("Compare-StickyMlBundle uid $bundle -Direction Push", ("bundle", bundle));

        Assert.Empty(said.Questions);
        StickySyncSummary summary = Assert.IsType<StickySyncSummary>(Assert.Single(said.Objects));
        Assert.Equal(4, summary.NotOnTarget.Count);
        Assert.Empty(summary.Synced);
        Assert.Equal(before, Directory.GetFileSystemEntries(Folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task One_missing_bundle_is_an_error_and_the_next_one_is_synchronised()
    {
        _ = Push("uid", WriteBundle("uid"));

        Session.Said said = Run(
            "$bundles | Sync-StickyMlBundle -Direction Pull",
            ("bundles", (PSObject[])[Bundle("none", Folder["a"]), Bundle("a/../b", Folder["b"]), Bundle("uid", Folder["c"])]));

        Assert.Equal(["BundleNotFound", "InvalidBundleName"], said.ErrorIds);
        Assert.Equal(4, Assert.IsType<StickySyncSummary>(Assert.Single(said.Objects)).Synced.Count);
    }

    [Fact]
    public async Task A_listed_object_is_removed_alone_and_a_prefix_with_all_below_it_but_not_beside_it()
    {
        _ = Send(Write("card/a/b/1.txt", "1"), Write("card/a/b/2.txt", "2"), Write("card/a/bc/3.txt", "3"), Write("card/d.txt", "4"));

        Session.Said said = Remove(Item("a/b/1.txt"), Item("a/b"));
        Assert.Equal("ObjectNotFound", Assert.Single(said.ErrorIds));
        Assert.Equal(["a/b/2.txt", "a/bc/3.txt", "d.txt"], await KeysAsync());

        Assert.Equal("ObjectNotFound", Assert.Single(Run("Remove-StickyStorageItem $item", ("item", Item("a/b"))).ErrorIds));
        Assert.Equal(["a/b/2.txt", "a/bc/3.txt", "d.txt"], await KeysAsync());

        _ = Remove("a\\b");
        Assert.Equal(["a/bc/3.txt", "d.txt"], await KeysAsync());
    }

    [Fact]
    public async Task A_row_with_a_key_means_that_object_alone_and_what_else_a_listing_says_of_it_is_no_news()
    {
        _ = Send(Write("card/a/b.txt", "1"), Write("card/a/c.txt", "2"), Write("card/d.txt", "3"));
        PSObject[] rows = [Row("a"), Row("a/b.txt")];

        Session.Said received = Run("$rows | Receive-StickyStorageItem -Destination $out", ("rows", rows), ("out", Folder["out"]));
        Session.Said removed = Run("$rows | Remove-StickyStorageItem; @{ Key = 'd' } | Remove-StickyStorageItem", ("rows", rows));

        Assert.Equal(["ObjectNotFound"], received.ErrorIds);
        Assert.Equal(["a/b.txt"], Assert.IsType<StickySyncSummary>(Assert.Single(received.Objects)).Synced.Select(item => item.Key));
        Assert.Equal(["ObjectNotFound", "ObjectNotFound"], removed.ErrorIds);
        Assert.Equal(["a/c.txt", "d.txt"], await KeysAsync());
        Assert.Empty(received.Warnings.Concat(removed.Warnings));

        static PSObject Row(string key)
        {
            PSObject row = new();
            foreach (string name in (string[])["Key", "Size", "ETag", "LastModified", "ModifiedTime"])
            {
                row.Properties.Add(new PSNoteProperty(name, name == "Key" ? key : "1"));
            }

            return row;
        }
    }

    [Theory]
    [InlineData("$bundle | Remove-StickyUser")]
    [InlineData("$bundle | Set-StickyUser -Email ''")]
    [InlineData("$bundle | New-StickyUser")]
    [InlineData("Remove-StickyUser $bundle")]
    [InlineData("$endpoint | Remove-StickyMlBundle")]
    [InlineData("Remove-StickyMlBundle $endpoint")]
    [InlineData("$endpoint | Sync-StickyMlBundle -Direction Pull")]
    [InlineData("$upload | Remove-StickyStorageItem")]
    [InlineData("$upload | Receive-StickyStorageItem")]
    [InlineData("$annotation | Remove-StickyImage")]
    public async Task An_object_that_only_has_the_same_name_is_not_meant(string script)
    {
        _ = Send(Write("card/ana", "1"));
        _ = Push("ana", WriteBundle("ana"));
        string[] before = await KeysAsync();

        Session.Said said = Run(
            $"try {{ {script} -ErrorAction Stop }} catch {{ $_.FullyQualifiedErrorId.Split(',')[0] }}",
            ("bundle", new StickyMlBundle { Name = "ana", FileCount = 1, Size = 1, LastModified = DateTime.UtcNow }),
            ("annotation", new AnnotationElement
            {
                Device = "5c173ff2",
                DateTime = DateTime.UtcNow,
                Md5 = "",
                AlgoName = "a",
                AlgoVersion = "1",
                ObjectCount = 0,
                Source = "a drawing",
            }),
            ("endpoint", new StickyApiEndpoint { Name = "ana", Method = "GET", Path = Folder["out"] }),
            ("upload", new StickyIncompleteUpload { Key = "ana", UploadId = "1", Started = DateTime.UtcNow, Size = 1 }));

        Assert.Contains(Assert.Single(said.Objects), (string[])["WrongObject", "ParameterArgumentTransformationError"]);
        Assert.Empty(said.Questions);
        Assert.Equal(before, await KeysAsync());
    }

    [Fact]
    public async Task A_store_that_has_gone_ends_the_command_when_every_other_error_is_written()
    {
        RecordingSink sink = new();
        StickyException gone = new("StorageUnavailable", StickyErrorKind.StoreUnavailable, "Nothing listens.");
        StickyException left = new("FileNotRemoved", StickyErrorKind.StoreUnavailable, "A file is left.", "a", null, gone);
        StickyException missing = new("ObjectNotFound", StickyErrorKind.NotFound, "It is not there.", "b");
        Outcome<string>[] pictures = [new("done"), new(left), new(missing)];
        Outcome<string>[] objects = [new("done"), new(gone), new(gone), new(missing)];

        Assert.Same(gone, await Assert.ThrowsAsync<StickyException>(async () => await sink.WriteErrorsAsync(pictures, default)));
        Assert.Equal([left, missing], sink.Errors);
        sink.Errors.Clear();
        Assert.Same(gone, await Assert.ThrowsAsync<StickyException>(async () => await sink.WriteErrorsAsync(objects, default)));
        Assert.Equal([missing], sink.Errors);
        sink.Errors.Clear();
        await sink.WriteErrorsAsync([pictures[0], pictures[2]], default);
        Assert.Equal([missing], sink.Errors);
        Assert.Empty(sink.Objects);
    }

    [Fact]
    public async Task The_whole_store_is_never_removed_by_a_prefix()
    {
        _ = Send(Write("card/a.txt", "1"));

        Session.Said said = Remove("/", ".", "./", "\\", "none", "../x");

        Assert.Equal(
            ["EmptyPrefix", "EmptyPrefix", "EmptyPrefix", "EmptyPrefix", "ObjectNotFound", "InvalidKey"], said.ErrorIds);
        Assert.Empty(said.Questions);
        Assert.Equal(["a.txt"], await KeysAsync());
    }

    [Fact]
    public async Task Include_and_exclude_choose_what_is_listed_and_removed_and_exclude_wins()
    {
        _ = Send(Write("card/a/1.txt", "1"), Write("card/a/2.txt", "2"), Write("card/a/3.log", "3"));
        Session.Said listed = Run("Get-StickyStorageItem a -Include '\\.txt$' -Exclude '/2'");
        Assert.Equal("a/1.txt", Assert.IsType<StickyStorageItem>(Assert.Single(listed.Objects)).Key);
        Assert.Empty(listed.Errors);

        Session.Said removed = Run("$keys | Remove-StickyStorageItem -Exclude '\\.txt$'", ("keys", (object[])["a", Item("a/1.txt")]));
        Assert.Equal(["a/1.txt", "a/2.txt"], await KeysAsync());
        Assert.Empty(removed.Errors);

        Assert.Equal("InvalidPattern", RunToFailure("Get-StickyStorageItem -Include '*.txt'").FailureId);
    }

    [Fact]
    public async Task What_lies_under_two_prefixes_is_listed_once_and_an_empty_one_is_a_warning()
    {
        _ = Send(Write("card/a/b/1.txt", "1"), Write("card/a/2.txt", "2"));

        Session.Said said = Run("'a', 'a/b', 'a/b/1.txt', 'A', '../a' | Get-StickyStorageItem");

        Assert.Equal(["a/2.txt", "a/b/1.txt"], said.Objects.Cast<StickyStorageItem>().Select(item => item.Key).Order());
        Assert.Equal("The store has no object 'A' and none below it.", Assert.Single(said.Warnings));
        Assert.Equal("InvalidKey", Assert.Single(said.ErrorIds));
    }

    [Fact]
    public async Task A_path_outside_the_folder_that_keys_are_relative_to_is_refused()
    {
        string outside = Write("elsewhere/a.txt", "1");

        Session.Said said = Send(outside, Write("card/b.txt", "2"));

        Assert.Equal("PathOutsideFolder", Assert.Single(said.ErrorIds));
        Assert.Contains("-RelativeTo", said.Errors[0].ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(["b.txt"], await KeysAsync());
    }

    [Fact]
    public async Task Bundles_are_found_by_pattern_and_removed_by_name_alone()
    {
        foreach (string name in (string[])["uid", "uid-2", "other"])
        {
            _ = Push(name, WriteBundle(name));
        }

        Assert.Equal(["uid", "uid-2"], Run("Get-StickyMlBundle u*").Objects.Cast<StickyMlBundle>().Select(bundle => bundle.Name));

        Session.Said said = Run("'u*', 'uid' | Remove-StickyMlBundle");
        Assert.Equal(["other", "uid-2"], await Connection.Store.GetMlBundleNamesAsync());
        _ = Assert.Single(said.Errors);
    }

    [Theory]
    [InlineData(SyncDirection.Pull, false)]
    [InlineData(SyncDirection.Push, false)]
    [InlineData(SyncDirection.Pull, true)]
    public async Task A_folder_that_another_bundle_of_the_same_call_had_is_refused_and_the_first_goes_on(SyncDirection direction, bool compare)
    {
        _ = Push("a", WriteBundle("a"));
        _ = Push("b", WriteBundle("b"));
        _ = Write("bundles/a/data/2.jpg", "a's own");
        string both = direction == SyncDirection.Push ? Folder["bundles/a"] : Folder["both"];
        string[] before = await KeysAsync();

        Session.Said said = Run(
            $"$bundles | {(compare ? "Compare" : "Sync")}-StickyMlBundle -Direction $direction",
            ("bundles", (PSObject[])[Bundle("a", both), Bundle("b", both + Path.DirectorySeparatorChar), Bundle("a", both)]),
            ("direction", direction));

        ErrorRecord error = Assert.Single(said.Errors);
        Assert.Equal("FolderUsedTwice", Assert.Single(said.ErrorIds));
        Assert.Equal("b", error.TargetObject);
        Assert.Contains("'a' and 'b'", error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("-Path { \"./$($_.Name)\" }", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(2, said.Objects.Count);
        Assert.Equal(direction == SyncDirection.Push ? ["ml/a/data/2.jpg"] : [], (await KeysAsync()).Except(before));
    }

    [Fact]
    public void A_transfer_that_no_file_is_meant_by_says_why()
    {
        _ = Send(Write("card/a/1.txt", "1"), Write("card/a/2.txt", "2"));
        _ = Directory.CreateDirectory(Folder["card/empty"]);

        Session.Said said = Run(
            """
            Receive-StickyStorageItem a -Destination $out -Include jpg
            Send-StickyStorageItem -LiteralPath $file -RelativeTo $card -Exclude 1
            Send-StickyStorageItem -LiteralPath $empty -RelativeTo $card
            Sync-StickyMlBundle none $empty -Direction Push
            Sync-StickyMlBundle none $none -Direction Push
            """,
            ("out", Folder["out"]),
            ("card", Folder["card"]),
            ("file", Folder["card/a/1.txt"]),
            ("empty", Folder["card/empty"]),
            ("none", Folder["card/a/none"]));

        Assert.Equal(4, said.Warnings.Count);
        Assert.Matches(
            @"^There is no file to transfer: all 2 files are left out, such as 'a/[12]\.txt' \(not included\)\.$", said.Warnings[0]);
        Assert.Equal(
            [
                "There is no file to transfer: the only one, 'a/1.txt', is left out (excluded by '1').",
                "There is no file to transfer: nothing that was named has any.",
                $"There is no file to transfer: '{Folder["card/empty"]}' has no file that a bundle holds.",
            ],
            said.Warnings.Skip(1));
        Assert.Equal("FolderNotFound", Assert.Single(said.ErrorIds));
    }

    [Fact]
    public async Task A_filter_that_leaves_nothing_to_remove_is_a_warning()
    {
        _ = Send(Write("card/a/1.txt", "1"));

        Session.Said said = Run("$keys | Remove-StickyStorageItem -Include jpg", ("keys", (object[])["a", Item("a/1.txt")]));

        Assert.Equal(
            ["The store has no object 'a' and none below it that passes -Include and -Exclude.", "None of the objects that came passes -Include and -Exclude."],
            said.Warnings);
        Assert.Empty(said.Errors);
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
        _ = Send(Write("card/notes/1.txt", "1"));

        Session.Said said = Run("'notes/*', '*.txt', '*', 'none' | Receive-StickyStorageItem -Destination $out", ("out", Folder["out"]));

        Assert.Equal(["ObjectNotFound", "ObjectNotFound", "ObjectNotFound", "ObjectNotFound"], said.ErrorIds);
        Assert.Equal(
            [
                "Keys take no wildcards: 'notes' means everything below it, and -Include chooses some of that.",
                @"Keys take no wildcards: name '.', and choose what is below it with -Include '\.txt$'.",
                "Keys take no wildcards: '.' means everything below it, and -Include chooses some of that.",
            ],
            said.Warnings);
    }

    [Fact]
    public async Task A_bundle_that_is_named_and_not_there_is_an_error_and_the_others_are_listed()
    {
        _ = Push("uid", WriteBundle("uid"));

        Session.Said said = Run("'none', 'UID', 'x*' | Get-StickyMlBundle");

        Assert.Equal("uid", Assert.IsType<StickyMlBundle>(Assert.Single(said.Objects)).Name);
        Assert.Equal("BundleNotFound", Assert.Single(said.ErrorIds));
        Assert.Equal("none", said.Errors[0].TargetObject);
    }

    [Fact]
    public void No_to_a_new_store_says_which_one_stays_the_default()
    {
        StickyConnection.Add(Connection);

        Session.Said said = Refuse("Connect-StickyPi $path", ("path", Folder["new"]));

        Assert.Equal($"No store was opened: the default connection is still the one to '{Connection.Location}'.", Assert.Single(said.Warnings));
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
        Session.Said said = RunToFailure("New-StickyBucket traps -Endpoint $endpoint", ("endpoint", "http://key:plover@s3.example.org"));

        Assert.Equal("InvalidBucketOptions", said.FailureId);
        ErrorRecord error = said.Failure!;
        Assert.DoesNotContain(
            "plover", $"{error} {error.Exception} {error.TargetObject} {error.ErrorDetails.RecommendedAction}", StringComparison.Ordinal);
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

    private Session.Said Send(params string[] paths) =>
        Run("Send-StickyStorageItem -LiteralPath $paths -RelativeTo $card", ("paths", paths), ("card", Folder["card"]));

    private Session.Said Push(string name, string folder) =>
        Run("Sync-StickyMlBundle $name $folder -Direction Push", ("name", name), ("folder", folder));

    private Session.Said Remove(params object[] keys) => Run("$keys | Remove-StickyStorageItem", ("keys", keys));

    private static PSObject Bundle(string name, string path)
    {
        PSObject bundle = new();
        bundle.Properties.Add(new PSNoteProperty("Name", name));
        bundle.Properties.Add(new PSNoteProperty("Path", path));
        return bundle;
    }

    private static StickyStorageItem Item(string key) => new() { Key = key, Size = 1, LastModified = DateTime.UtcNow };

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
}
