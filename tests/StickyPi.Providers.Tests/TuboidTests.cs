using System.Diagnostics;
using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.Core.Stores;
using StickyPi.Core.Tuboids;

namespace StickyPi.Tests;

public sealed class TuboidTests : IAsyncLifetime
{
    private const string Algo = "siamese-insect-matcher";

    private readonly LocalStore _store = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [SkippableFact]
    public async Task The_sample_tuboids_go_in_and_out_byte_for_byte()
    {
        SampleData.SkipIfAbsent();

        List<Outcome<SendTuboidResult>> sent = await SendAsync(SampleData.TuboidFolders, new() { AlgoName = "test", ImageCount = 10 });
        List<Outcome<StickyTuboid>> saved = await _store.Store.SaveTuboidsAsync(
            _store.Store.GetTuboidsAsync(new TuboidQuery()), new SaveTuboidOptions { Destination = _store["out"] }).ToListAsync();

        Assert.Equal(SampleData.TuboidFolders.Count, sent.Count);
        Assert.All(sent, outcome => Assert.Equal(SendTuboidStatus.Added, outcome.Value?.Status));
        Assert.Equal([0, 28, 29], saved.Select(outcome => outcome.Value!.IdInSeries).Order());
        Assert.Equal([53, 37, 36], saved.OrderBy(outcome => outcome.Value!.IdInSeries).Select(outcome => outcome.Value!.ShotCount));
        AssertSameFiles(SampleData.Tuboids!, Path.Combine(_store.Folder, "tiled_tuboids"));
        AssertSameFiles(SampleData.Tuboids!, _store["out"]);
        Assert.Equal(
            "08038ade|2020-07-08 20:00:00.000000|2020-07-09 15:00:00.000000|10|3|test|1606980656-91e2199fccf371d3d690b2856613e8f5",
            Sqlite3("SELECT device, start_datetime, end_datetime, n_images, n_tuboids, algo_name, algo_version FROM tuboid_series"));
        Assert.Equal(
            "0|2020-07-08 22:16:46.000000|2020-07-09 14:31:22.000000|53|text",
            Sqlite3("SELECT id_in_series, start_datetime, end_datetime, n_shots, typeof(start_datetime) FROM tiled_tuboids WHERE id_in_series = 0"));
    }

    [Fact]
    public async Task A_series_takes_what_the_names_of_its_folders_say()
    {
        _ = await _store.SendAsync(Pictures.WriteSeries(_store.Card, Tuboids.Device, 60)); // 58 of them within the series, its ends included

        List<Outcome<SendTuboidResult>> outcomes = await SendAsync(Tuboids.WriteSeries(_store["in"], 3));

        Assert.Equal(3, outcomes.Count(outcome => outcome.Value?.Status == SendTuboidStatus.Added));
        StickyTuboidSeries series = Assert.Single(await SeriesAsync());
        Assert.Equal((Tuboids.Device, Tuboids.Start, Tuboids.End, Algo, Tuboids.Version), (series.Device, series.StartTime, series.EndTime, series.AlgoName, series.AlgoVersion));
        Assert.Equal((58, 3, 3), (series.ImageCount, series.TuboidCount, series.StoredTuboidCount));
        StickyTuboid tuboid = (await AllAsync(new() { What = TuboidContent.Data }))[0];
        Assert.Equal((Tuboids.Start, Tuboids.End, 2), (tuboid.StartTime, tuboid.EndTime, tuboid.ShotCount));
        Assert.Equal(DateTimeKind.Utc, tuboid.SeriesEndTime.Kind);
        Assert.Equal(
            Path.Combine(_store.Folder, "tiled_tuboids", TuboidId.Parse(tuboid.TuboidId).SeriesId, tuboid.TuboidId, "context.jpg"), tuboid.ContextUrl);
        Assert.All((string[])[tuboid.TuboidUrl, tuboid.MetadataUrl, tuboid.ContextUrl], url => Assert.True(File.Exists(url)));
        Assert.Equal("", (await AllAsync())[0].TuboidUrl);
    }

    [Fact]
    public async Task A_series_may_be_described_otherwise_than_by_names()
    {
        SendTuboidOptions options = new()
        {
            AlgoName = "o'brien %_",
            AlgoVersion = "v 2",
            StartTime = Tuboids.Start.AddDays(-1).AddTicks(7),
            EndTime = Tuboids.End.AddDays(1),
            ImageCount = 7,
            TuboidCount = 5,
        };
        string[] folders = Tuboids.WriteSeries(_store["in"], 2);

        Assert.All(await SendAsync(folders, options), outcome => Assert.Equal(SendTuboidStatus.Added, outcome.Value?.Status));
        Assert.All(await SendAsync(folders, options), outcome => Assert.Equal(SendTuboidStatus.Skipped, outcome.Value?.Status));
        Assert.Equal(
            "2021-05-31 00:00:00.000000|2021-06-02 19:00:00.000000|7|5|o'brien %_|v 2",
            Sqlite3("SELECT start_datetime, end_datetime, n_images, n_tuboids, algo_name, algo_version FROM tuboid_series"));
    }

    [Fact]
    public async Task A_series_that_is_full_refuses_more()
    {
        string[] folders = Tuboids.WriteSeries(_store["in"], 4);
        _ = await SendAsync(folders[..2], new() { AlgoName = Algo, TuboidCount = 3 });

        List<Outcome<SendTuboidResult>> outcomes = await SendAsync(folders[2..], new() { AlgoName = Algo, Parallelism = 1 });

        Assert.Equal([null, "SeriesFull"], outcomes.Select(outcome => outcome.Error?.ErrorId));
        Assert.Equal(folders[3], outcomes[1].Error?.Target);
        Assert.Equal(StickyErrorKind.Conflict, outcomes[1].Error?.Kind);
        Assert.Equal(3, (await AllAsync()).Count);
        Assert.False(Directory.Exists(Path.Combine(_store.Folder, "tiled_tuboids", TuboidId.Parse(Tuboids.Id(3)).SeriesId, Tuboids.Id(3), "tuboid.jpg")));
    }

    [Fact]
    public async Task A_series_that_is_there_keeps_its_counts()
    {
        string[] folders = Tuboids.WriteSeries(_store["in"], 2);
        _ = await SendAsync(folders[..1], new() { AlgoName = Algo, TuboidCount = 3, ImageCount = 4 });

        Assert.Equal("SeriesConflict", Assert.Single(await SendAsync(folders[1..], new() { AlgoName = Algo, TuboidCount = 2 })).Error?.ErrorId);
        Assert.Equal("SeriesConflict", Assert.Single(await SendAsync(folders[1..], new() { AlgoName = Algo, ImageCount = 5 })).Error?.ErrorId);
        Assert.True(Assert.Single(await SendAsync(folders[1..], new() { AlgoName = Algo, TuboidCount = 3, ImageCount = 4 })).Succeeded);
        Assert.Equal((4, 3), (Assert.Single(await SeriesAsync()).ImageCount, (await SeriesAsync())[0].TuboidCount));
    }

    [Fact]
    public async Task The_same_tuboid_again_is_skipped_and_another_one_of_its_id_is_refused()
    {
        string first = Tuboids.Write(_store["in"], Tuboids.Id(0));
        string moved = Tuboids.Write(_store["other"], Tuboids.Id(0), $"{Tuboids.Device}.2021-06-01_01-00-00,1,2,3\n");
        string redrawn = Tuboids.Write(_store["third"], Tuboids.Id(0));
        await File.WriteAllBytesAsync(Path.Combine(redrawn, "context.jpg"), Pictures.Camera.Draw(32, 24, seed: 9));
        _ = await SendAsync([first]);

        Assert.Equal(SendTuboidStatus.Skipped, Assert.Single(await SendAsync([first])).Value?.Status);
        Assert.Equal(("TuboidExists", moved), Failure(Assert.Single(await SendAsync([moved]))));
        Assert.Equal(("TuboidExists", redrawn), Failure(Assert.Single(await SendAsync([redrawn]))));
        Assert.Equal(("TuboidExists", first), Failure(Assert.Single(await SendAsync([first], new() { AlgoName = "another" }))));
        AssertSameFiles(_store["in"], Path.Combine(_store.Folder, "tiled_tuboids", TuboidId.Parse(Tuboids.Id(0)).SeriesId));
        _ = Assert.Single(await SeriesAsync());
    }

    [Fact]
    public async Task Two_tuboids_of_one_id_in_one_call_are_not_mixed()
    {
        string first = Tuboids.Write(_store["in"], Tuboids.Id(0));
        string other = Tuboids.Write(_store["other"], Tuboids.Id(0), $"{Tuboids.Device}.2021-06-01_01-00-00,1,2,3\n");

        List<Outcome<SendTuboidResult>> outcomes = await SendAsync([first, other, first, other]);

        string winner = Assert.Single(outcomes, outcome => outcome.Value?.Status == SendTuboidStatus.Added).Value!.Path;
        Assert.Equal(2, outcomes.Count(outcome => outcome.Error?.ErrorId == "TuboidExists" && (string?)outcome.Error.Target != winner));
        Assert.Equal(1, outcomes.Count(outcome => outcome.Value?.Status == SendTuboidStatus.Skipped));
        AssertSameFiles(Path.GetDirectoryName(winner)!, Path.Combine(_store.Folder, "tiled_tuboids", TuboidId.Parse(Tuboids.Id(0)).SeriesId));
        Assert.Equal(1, Assert.Single(await SeriesAsync()).TuboidCount);
    }

    [Fact]
    public async Task A_file_that_the_store_lost_comes_back()
    {
        string folder = Tuboids.Write(_store["in"], Tuboids.Id(0));
        _ = await SendAsync([folder]);
        string lost = (await AllAsync(new() { What = TuboidContent.Data }))[0].ContextUrl;
        File.Delete(lost);

        Assert.Equal(SendTuboidStatus.Restored, Assert.Single(await SendAsync([folder])).Value?.Status);
        Assert.Equal(LocalStore.Md5Of(Path.Combine(folder, "context.jpg")), LocalStore.Md5Of(lost));
        _ = Assert.Single(await AllAsync());
    }

    [Theory]
    [InlineData("", "InvalidTuboidMetadata", "is empty")]
    [InlineData("\n", "InvalidTuboidMetadata", "no shot")]
    [InlineData("5c173ff2.2021-06-01_01-00-00,1,x,3\n", "InvalidTuboidMetadata", "line 1 has 'x'")]
    [InlineData("5c173ff2.2021-06-01_01-00-00,1,2,3\n0a5bb6f4.2021-06-01_01-00-00,1,2,3\n", "InvalidTuboidMetadata", "line 2 is of device '0a5bb6f4'")]
    [InlineData("5c173ff2.2021-05-31_23-59-59,1,2,3\n", "TuboidOutsideSeries", "first shot, of 2021-05-31_23-59-59")]
    [InlineData("5c173ff2.2021-06-01_19-00-01,1,2,3\n", "TuboidOutsideSeries", "last shot, of 2021-06-01_19-00-01")]
    public async Task A_tuboid_whose_metadata_are_wrong_is_refused_and_the_rest_is_added(string metadata, string errorId, string reason)
    {
        string bad = Tuboids.Write(_store["in"], Tuboids.Id(0), metadata);
        string good = Tuboids.Write(_store["in"], Tuboids.Id(1));

        List<Outcome<SendTuboidResult>> outcomes = await SendAsync([bad, good]);

        StickyException error = Assert.Single(outcomes, outcome => !outcome.Succeeded).Error!;
        Assert.Equal(errorId, error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal(good, Assert.Single(outcomes, outcome => outcome.Succeeded).Value!.Path);
    }

    [Fact]
    public async Task A_folder_that_is_no_tuboid_is_refused_and_leaves_no_series()
    {
        string misnamed = Tuboids.Write(_store["in"], "not.a.tuboid");
        string incomplete = Tuboids.Write(_store["in"], Tuboids.Id(0));
        File.Delete(Path.Combine(incomplete, "context.jpg"));
        string broken = Tuboids.Write(_store["in"], Tuboids.Id(1));
        byte[] jpeg = await File.ReadAllBytesAsync(Path.Combine(broken, "tuboid.jpg"));
        await File.WriteAllBytesAsync(Path.Combine(broken, "tuboid.jpg"), jpeg[..^40]);
        string absent = Path.Combine(_store["in"], Tuboids.Id(2));

        List<Outcome<SendTuboidResult>> outcomes = await SendAsync([misnamed, incomplete, broken, absent]);

        Assert.Equal(
            [
                ("FileNotFound", absent), ("InvalidImage", Path.Combine(broken, "tuboid.jpg")), ("InvalidTuboidId", misnamed), ("TuboidFileMissing", incomplete),
            ],
            outcomes.Select(Failure).OrderBy(failure => failure.ErrorId, StringComparer.Ordinal));
        Assert.Contains("context.jpg", outcomes.Single(outcome => outcome.Error?.ErrorId == "TuboidFileMissing").Error!.Message, StringComparison.Ordinal);
        Assert.Empty(await SeriesAsync());
        Assert.False(Directory.Exists(Path.Combine(_store.Folder, "tiled_tuboids")));
    }

    [Fact]
    public async Task A_tuboid_of_another_device_than_its_series_is_refused() => Assert.Equal(
        "TuboidOutsideSeries",
        Assert.Single(await SendAsync([Tuboids.Write(_store["in"], Tuboids.Id(0))], new() { AlgoName = Algo, Device = "0a5bb6f4" })).Error?.ErrorId);

    [Theory]
    [InlineData(" ", null, null)]
    [InlineData("a-name-of-more-than-sixty-four-characters-which-is-all-that-there-is-room-for", null, null)]
    [InlineData(Algo, "a-version-of-more-than-forty-six-characters-all-in-all", null)]
    [InlineData(Algo, null, "%")]
    [InlineData("a\u001b[2J", null, null)]
    [InlineData(Algo, "1\u202e", null)]
    [InlineData("a\u200bb", null, null)]
    public async Task A_series_that_can_not_be_ends_the_work(string algoName, string? algoVersion, string? device)
    {
        SendTuboidOptions options = new() { AlgoName = algoName, AlgoVersion = algoVersion, Device = device };

        StickyException error = await Assert.ThrowsAsync<StickyException>(() => SendAsync([Tuboids.Write(_store["in"], Tuboids.Id(0))], options));

        Assert.Equal("InvalidTuboidSeries", error.ErrorId);
    }

    [Fact]
    public async Task Nothing_is_written_without_consent_or_in_a_simulation()
    {
        string[] folders = Tuboids.WriteSeries(_store["in"], 3);
        List<string> asked = [];
        SendTuboidOptions options = new()
        {
            AlgoName = Algo,
            Confirm = (path, _) =>
            {
                lock (asked)
                {
                    asked.Add(path);
                }

                return new(false);
            },
        };

        Assert.Empty(await SendAsync(folders, options));
        Assert.Empty(await SendAsync(folders, new() { AlgoName = Algo, Simulate = true }));

        Assert.Equal(folders, asked.Order(StringComparer.Ordinal));
        Assert.Equal("database.db", Assert.Single(Directory.GetFileSystemEntries(_store.Folder).Select(Path.GetFileName)));
        Assert.Empty(await SeriesAsync());
    }

    [Fact]
    public async Task A_disk_that_refuses_a_tuboid_leaves_no_empty_series()
    {
        string folder = Tuboids.Write(_store["in"], Tuboids.Id(0));
        string series = Path.Combine(_store.Folder, "tiled_tuboids", TuboidId.Parse(Tuboids.Id(0)).SeriesId);
        _ = Directory.CreateDirectory(Path.Combine(series, Tuboids.Id(0), "metadata.txt")); // no file can take the place of a folder

        Assert.Equal("FileNotWritten", Assert.Single(await SendAsync([folder])).Error?.ErrorId);

        Assert.Empty(await SeriesAsync());
        Assert.Equal("0", Sqlite3("SELECT count(*) FROM tuboid_series"));
    }

    [Fact]
    public async Task Tuboids_come_by_device_start_of_series_and_row_over_many_pages()
    {
        // Rows of two series alternate, as two programs that send at once leave them, and one series takes more than one page.
        Database.Execute(_store.Folder, """
            INSERT INTO tuboid_series VALUES
                ('2021-06-02 00:00:00.000000', '1', 'lab', 7, '5c173ff2', '2021-06-03 00:00:00.000000', '2021-06-04 00:00:00.000000', 5, 9000, 'b_%', 'v''2'),
                ('2021-06-02 00:00:00.000000', '1', 'lab', 8, '5c173ff2', '2021-06-01 00:00:00.000000', '2021-06-02 00:00:00.000000', 5, 9000, 'a', 'v1'),
                ('2021-06-02 00:00:00.000000', '1', 'lab', 9, '0a5bb6f4', '2021-06-01 00:00:00.000000', '2021-06-02 00:00:00.000000', 5, 9000, 'a', 'v1'),
                ('2021-06-02 00:00:00.000000', '1', 'lab', 10, '0a5bb6f4', '2021-07-01 00:00:00.000000', '2021-07-02 00:00:00.000000', 0, 0, 'a', 'v1');
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
            INSERT INTO tiled_tuboids SELECT '2021-06-02 00:00:00.123456', '1', 'lab', i, 7 + i % 2, 't' || i, i, '2021-06-01 00:00:00.000000',
                '2021-06-01 01:00:00.000000', 3 FROM n;
            INSERT INTO tiled_tuboids VALUES ('2021-06-02 00:00:00.000000', '1', 'lab', 6000, 9, 'last', 1, '2021-06-01 00:00:00.000000',
                '2021-06-01 01:00:00.000000', 3);
            """);

        List<StickyTuboid> all = await AllAsync();

        Assert.Equal(5001, all.Count);
        Assert.Equal(all.OrderBy(t => t.Device, StringComparer.Ordinal).ThenBy(t => t.SeriesStartTime).ThenBy(t => t.Id), all);
        Assert.Equal(("last", 9L, 9000, "lab"), (all[0].TuboidId, all[0].SeriesRowId, all[0].SeriesTuboidCount, all[0].ApiUser));
        Assert.Equal(new DateTime(2021, 6, 2, 0, 0, 0, DateTimeKind.Utc).AddMicroseconds(123456), all[1].CreatedAt);
        Assert.Equal([1, 0, 2500, 2500], (await SeriesAsync()).Select(series => series.StoredTuboidCount));
        Assert.Equal(2500, (await AllAsync(new() { AlgoNames = ["b_%"], AlgoVersions = ["v'2"] })).Count);
        Assert.Equal(2500, (await AllAsync(new() { AlgoNames = ["B*"] })).Count);
        Assert.Empty(await AllAsync(new() { AlgoNames = ["%", "x' OR '1'='1"] }));
        Assert.Equal(5000, (await AllAsync(new() { Devices = ["5C17%"] })).Count);
    }

    [Fact]
    public async Task Only_series_wholly_within_the_range_count_and_both_its_ends_belong_to_it()
    {
        _ = await SendAsync(Tuboids.WriteSeries(_store["in"], 2));

        Assert.Equal(2, (await AllAsync(new() { StartTime = Tuboids.Start, EndTime = Tuboids.End })).Count);
        Assert.Empty(await AllAsync(new() { StartTime = Tuboids.Start.AddSeconds(1) }));
        Assert.Empty(await AllAsync(new() { EndTime = Tuboids.End.AddSeconds(-1) }));
        Assert.Empty(await SeriesAsync(new() { EndTime = Tuboids.End.AddSeconds(-1) }));
    }

    [Fact]
    public async Task An_id_that_is_a_path_leads_nowhere()
    {
        _ = await SendAsync(Tuboids.WriteSeries(_store["in"], 1));
        Database.Execute(_store.Folder, "UPDATE tiled_tuboids SET tuboid_id = '../../../out/x'");
        string outside = Tuboids.Write(_store["out"], "x", "no shots");

        StickyTuboid tuboid = Assert.Single(await AllAsync(new() { What = TuboidContent.Data }));
        Assert.Equal(("", "", ""), (tuboid.TuboidUrl, tuboid.MetadataUrl, tuboid.ContextUrl));
        Assert.Equal(
            "InvalidTuboidId",
            Assert.Single(await _store.Store.SaveTuboidsAsync(
                ((StickyTuboid[])[tuboid]).ToAsyncEnumerable(), new SaveTuboidOptions { Destination = _store["saved"] }).ToListAsync()).Error?.ErrorId);
        Assert.True(Assert.Single(await _store.Store.RemoveTuboidSeriesAsync([tuboid.Series])).Succeeded);
        Assert.Equal(3, Directory.GetFiles(outside).Length);
    }

    [Fact]
    public async Task A_sender_that_is_killed_lists_only_whole_tuboids_and_the_next_one_completes_them()
    {
        const int count = 120;
        _ = Tuboids.WriteSeries(_store["in"], count);
        await _store.Store.DisposeAsync();
        Random random = new(4711);
        int interrupted = 0;
        for (int round = 0; round < 5; round++)
        {
            string place = _store[$"store {round}"];
            using (Process sender = Sender.Start(place, _store["in"], Algo))
            {
                int lines = random.Next(1, count);
                while (lines-- > 0 && await sender.StandardOutput.ReadLineAsync() is not null)
                {
                }

                await Task.Delay(random.Next(20));
                sender.Kill();
                await sender.WaitForExitAsync();
            }

            await using (Store opened = Store.OpenLocal(place, Pictures.Providers))
            {
                List<StickyTuboid> listed = await opened.GetTuboidsAsync(new() { What = TuboidContent.Data }).ToListAsync();
                interrupted += listed.Count is > 0 and < count ? 1 : 0;
                Assert.All(listed, tuboid => AssertSameFiles(Path.Combine(_store["in"], tuboid.TuboidId), Path.GetDirectoryName(tuboid.TuboidUrl)!));
            }

            (int exitCode, string[] outcomes) = await Sender.RunAsync(place, _store["in"], Algo);
            Assert.Equal((0, count), (exitCode, outcomes.Length));
            AssertSameFiles(_store["in"], Path.Combine(place, "tiled_tuboids", TuboidId.Parse(Tuboids.Id(0)).SeriesId));
            await using Store completed = Store.OpenLocal(place, Pictures.Providers);
            Assert.Equal(count, Assert.Single(await completed.GetTuboidSeriesAsync(new()).ToListAsync()).StoredTuboidCount);
        }

        Assert.True(interrupted > 0, "No kill fell into the middle of the work: the test tested nothing.");
    }

    [Fact]
    public async Task Saved_tuboids_keep_their_folders_and_their_urls_lead_there()
    {
        _ = await SendAsync(Tuboids.WriteSeries(_store["in"], 2));

        List<Outcome<StickyTuboid>> saved = await SaveAsync();

        AssertSameFiles(_store["in"], Path.Combine(_store["out [1]"], TuboidId.Parse(Tuboids.Id(0)).SeriesId));
        Assert.All(saved, outcome => Assert.StartsWith(_store["out [1]"], outcome.Value!.MetadataUrl, StringComparison.Ordinal));
        Assert.All(await SaveAsync(confirm: false), outcome => Assert.True(outcome.Succeeded)); // nothing is left to ask about
    }

    [Fact]
    public async Task No_tuboid_is_saved_among_those_of_another_store()
    {
        _ = await SendAsync(Tuboids.WriteSeries(_store["in"], 1));
        string folder = _store["other/tiled_tuboids"];
        _ = Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(_store["other/database.db"], "rows");

        Assert.Equal("ReservedKey", Failure(Assert.Single(await SaveAsync(force: true, destination: folder))).ErrorId);

        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public async Task A_different_saved_file_is_left_unless_forced()
    {
        _ = await SendAsync(Tuboids.WriteSeries(_store["in"], 2));
        string edited = (await SaveAsync())[0].Value!.ContextUrl;
        await File.WriteAllTextAsync(edited, "edited");
        File.Delete((await SaveAsync())[1].Value!.TuboidUrl);

        List<Outcome<StickyTuboid>> outcomes = await SaveAsync();

        Assert.Equal(("FileExists", edited), Failure(outcomes[0]));
        Assert.True(outcomes[1].Succeeded);
        Assert.Equal("edited", await File.ReadAllTextAsync(edited));
        Assert.Single(await SaveAsync(force: true, confirm: false)); // one is the same, the other was not confirmed
        Assert.All(await SaveAsync(force: true), outcome => Assert.True(outcome.Succeeded));
        AssertSameFiles(_store["in"], Path.Combine(_store["out [1]"], TuboidId.Parse(Tuboids.Id(0)).SeriesId));
    }

    [Fact]
    public async Task A_stored_file_that_is_missing_is_said_when_saving()
    {
        _ = await SendAsync(Tuboids.WriteSeries(_store["in"], 2));
        File.Delete((await AllAsync(new() { What = TuboidContent.Data }))[0].TuboidUrl);

        List<Outcome<StickyTuboid>> outcomes = await SaveAsync();

        Assert.Equal(["StoredFileMissing", null], outcomes.Select(outcome => outcome.Error?.ErrorId));
        Assert.Single(Directory.GetDirectories(_store["out [1]"], "*.000?", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Removing_a_series_takes_its_rows_labels_files_and_folders()
    {
        _ = await SendAsync(Tuboids.WriteSeries(_store["in"], 3));
        DateTime later = Tuboids.Start.AddDays(7);
        _ = await SendAsync(Tuboids.WriteSeries(_store["later"], 2, start: later, end: later.AddHours(1)));
        Database.Execute(_store.Folder, """
            INSERT INTO itc_labels SELECT '2021-06-02 00:00:00.000000', '1', NULL, id, id, 'itc', '1', 3, '^Insecta', 'Insecta', NULL, NULL, NULL, NULL
            FROM tiled_tuboids
            """);
        string kept = Path.Combine(Path.GetDirectoryName((await AllAsync(new() { What = TuboidContent.Data }))[0].TuboidUrl)!, "notes.txt");
        await File.WriteAllTextAsync(kept, "somebody's own");
        TuboidSeriesReference first = (await SeriesAsync())[0].Reference;

        IReadOnlyList<Outcome<StickyTuboidSeries>> outcomes = await _store.Store.RemoveTuboidSeriesAsync([first, first with { AlgoName = "%" }]);

        Assert.Equal(3, outcomes[0].Value?.StoredTuboidCount);
        Assert.Equal("TuboidSeriesNotFound", outcomes[1].Error?.ErrorId);
        Assert.Equal(later, Assert.Single(await SeriesAsync()).StartTime);
        Assert.Equal("2|2|2", Sqlite3("SELECT (SELECT count(*) FROM tiled_tuboids), (SELECT count(*) FROM itc_labels), (SELECT min(parent_series_id) FROM tiled_tuboids)"));
        Assert.Equal(
            [kept, .. (await AllAsync(new() { What = TuboidContent.Data })).SelectMany(t => (string[])[t.TuboidUrl, t.MetadataUrl, t.ContextUrl])],
            Directory.GetFiles(Path.Combine(_store.Folder, "tiled_tuboids"), "*", SearchOption.AllDirectories), new SameSet());
        Assert.Equal(2 + 1 + 2, Directory.GetDirectories(Path.Combine(_store.Folder, "tiled_tuboids"), "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task A_file_that_can_not_be_removed_is_said_and_the_rows_are_gone()
    {
        _ = await SendAsync(Tuboids.WriteSeries(_store["in"], 2));
        string stubborn = (await AllAsync(new() { What = TuboidContent.Data }))[0].ContextUrl;
        File.Delete(stubborn);
        _ = Directory.CreateDirectory(Path.Combine(stubborn, "x"));
        TuboidSeriesReference series = (await SeriesAsync())[0].Reference;

        Assert.Equal("FileNotRemoved", Assert.Single(await _store.Store.RemoveTuboidSeriesAsync([series])).Error?.ErrorId);

        Assert.Empty(await SeriesAsync());
        Assert.Empty(Directory.GetFiles(Path.Combine(_store.Folder, "tiled_tuboids"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_slow_reader_can_remove_what_it_reads()
    {
        _ = await SendAsync(Tuboids.WriteSeries(_store["in"], 3));

        await foreach (StickyTuboid tuboid in _store.Store.GetTuboidsAsync(new TuboidQuery()))
        {
            _ = await _store.Store.RemoveTuboidSeriesAsync([tuboid.Series]);
        }

        Assert.Empty(await AllAsync());
    }

    private static (string? ErrorId, string?) Failure<T>(Outcome<T> outcome)
        where T : class => (outcome.Error?.ErrorId, outcome.Error?.Target as string);

    private static void AssertSameFiles(string expected, string actual)
    {
        string[] files = [.. Files(expected)];
        Assert.Equal(files, Files(actual));
        Assert.All(files, file => Assert.Equal(LocalStore.Md5Of(Path.Combine(expected, file)), LocalStore.Md5Of(Path.Combine(actual, file))));

        static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal);
    }

    private string Sqlite3(string sql) => CatalogFileTests.Sqlite3(_store.Folder, sql);

    private async Task<List<Outcome<SendTuboidResult>>> SendAsync(IEnumerable<string> folders, SendTuboidOptions? options = null) =>
        await _store.Store.SendTuboidsAsync(folders.ToAsyncEnumerable(), options ?? new() { AlgoName = Algo }).ToListAsync();

    private async Task<List<StickyTuboid>> AllAsync(TuboidQuery? query = null) =>
        await _store.Store.GetTuboidsAsync(query ?? new()).ToListAsync();

    private async Task<List<StickyTuboidSeries>> SeriesAsync(TuboidQuery? query = null) =>
        await _store.Store.GetTuboidSeriesAsync(query ?? new()).ToListAsync();

    private async Task<List<Outcome<StickyTuboid>>> SaveAsync(
        bool force = false, bool confirm = true, string? destination = null) => await _store.Store.SaveTuboidsAsync(
        _store.Store.GetTuboidsAsync(new TuboidQuery()),
        new SaveTuboidOptions { Destination = destination ?? _store["out [1]"], Force = force, Confirm = (_, _) => new(confirm) })
        .ToListAsync();

    private sealed class SameSet : IEqualityComparer<IEnumerable<string>>
    {
        public bool Equals(IEnumerable<string>? x, IEnumerable<string>? y) => x!.Order(StringComparer.Ordinal).SequenceEqual(y!.Order(StringComparer.Ordinal));

        public int GetHashCode(IEnumerable<string> obj) => 0;
    }
}
