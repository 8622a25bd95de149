using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.Core.Stores;

namespace StickyPi.Tests;

public class SendTests
{
    [Fact]
    public async Task New_pictures_are_added_with_their_files_and_every_column()
    {
        await using LocalStore store = new();
        string first = Pictures.Write(store.Card, "5c173ff2", Pictures.Start, 21.5);

        SendImageResult result = Assert.Single(await store.SendAsync(first)).Value!;

        Assert.Equal((SendImageStatus.Added, first, "5c173ff2", Pictures.Start), (result.Status, result.Path, result.Device, result.DateTime));
        Assert.Equal(LocalStore.Md5Of(first), result.Md5);
        StickyImage image = Assert.Single(await store.AllAsync());
        Assert.Equal(result.Image, image);
        Assert.Equal((1L, 64, 48, 2.5, 1.5, 3.0), (image.Id, image.Width, image.Height, image.Latitude, image.Longitude, image.Altitude));
        Assert.Equal((21.5, 50.0), (image.Temperature, image.Humidity));
        Assert.Equal((0.75, 0.25, 0.5, 100.0), (image.NoFlashShutterSpeed, image.NoFlashExposureTime, image.NoFlashBrightness, image.NoFlashIso));
        Assert.Equal("0.1.0", image.ApiVersion);
        Assert.InRange(DateTime.UtcNow - image.CreatedAt, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Equal((DateTimeKind.Utc, DateTimeKind.Utc), (image.DateTime.Kind, image.CreatedAt.Kind));
        await LocalStore.AssertWholeAsync(store.Store);
    }

    [Fact]
    public async Task A_picture_of_generation_2_has_its_version_and_no_values_without_flash()
    {
        await using LocalStore store = new();
        string path = QuickStart.SampleCamera.Write(
            store.Card, new ImageReference("0a5bb6f4", Pictures.Start), Pictures.Camera.TakeSecondGeneration(Pictures.Start, 18.5));

        StickyImage image = Assert.Single(await store.SendAsync(path)).Value!.Image;

        Assert.Equal(("3.1.0", 18.5, 61.5), (image.DeviceVersion, image.Temperature, image.Humidity));
        Assert.Null(image.NoFlashExposureTime ?? image.NoFlashIso ?? image.NoFlashBrightness ?? image.NoFlashShutterSpeed);
    }

    [Fact]
    public async Task Sending_again_skips_everything()
    {
        await using LocalStore store = new();
        string[] files = Pictures.WriteSeries(store.Card, "5c173ff2", 40);
        Assert.All(await store.SendAsync(files), outcome => Assert.Equal(SendImageStatus.Added, outcome.Value!.Status));
        await store.ReopenAsync();

        List<Outcome<SendImageResult>> again = await store.SendAsync(files);

        Assert.Equal(files.Order(), again.Select(outcome => outcome.Value!.Path).Order());
        Assert.All(again, outcome => Assert.Equal(SendImageStatus.Skipped, outcome.Value!.Status));
        Assert.Equal(40, (await store.AllAsync()).Count);
    }

    [Fact]
    public async Task A_file_that_changed_on_the_card_is_read_again_although_its_size_did_not_change()
    {
        await using LocalStore store = new();
        string path = Pictures.Write(store.Card, "5c173ff2", Pictures.Start, 20.5);
        _ = await store.SendAsync(path);
        _ = Pictures.Write(store.Card, "5c173ff2", Pictures.Start, 21.5);

        Assert.Equal("ImageConflict", Assert.Single(await store.SendAsync(path)).Error?.ErrorId);
    }

    [Fact]
    public async Task Another_picture_of_the_same_device_and_time_is_a_conflict_and_changes_nothing()
    {
        await using LocalStore store = new();
        string stored = Pictures.Write(store["a"], "5c173ff2", Pictures.Start, 20);
        string other = Pictures.Write(store["b"], "5c173ff2", Pictures.Start, 25);
        _ = await store.SendAsync(stored);

        for (int time = 0; time < 2; time++) // the second time, its statistics are known
        {
            StickyException error = Assert.Single(await store.SendAsync(other)).Error!;

            Assert.Equal(("ImageConflict", StickyErrorKind.Conflict, (object)other), (error.ErrorId, error.Kind, error.Target));
            Assert.Contains(LocalStore.Md5Of(stored), error.Message, StringComparison.Ordinal);
            Assert.Contains("-Force", error.RecommendedAction, StringComparison.Ordinal);
        }

        Assert.Equal(20, Assert.Single(await store.AllAsync()).Temperature);
        await LocalStore.AssertWholeAsync(store.Store);
    }

    [Fact]
    public async Task A_picture_from_more_than_a_day_after_the_clock_is_told_of_and_refused_where_that_is_asked_for()
    {
        await using LocalStore store = new();
        DateTime now = DateTime.UtcNow;
        DateTime second = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond));
        string tomorrow = Pictures.Write(store.Card, "5c173ff2", second.AddHours(23));
        string future = Pictures.Write(store.Card, "5c173ff2", second.AddDays(3));

        List<Outcome<SendImageResult>> strict = await store.SendAsync([tomorrow, future], new SendImageOptions { Strict = true });
        StickyException error = Assert.Single(strict, outcome => !outcome.Succeeded).Error!;
        Assert.Equal(("ImageFromFuture", StickyErrorKind.InvalidData, (object)future), (error.ErrorId, error.Kind, error.Target));
        Assert.Null(Assert.Single(strict, outcome => outcome.Succeeded).Value!.Warning);

        SendImageResult sent = Assert.Single(await store.SendAsync(future)).Value!;
        Assert.Equal(SendImageStatus.Added, sent.Status);
        Assert.StartsWith($"'{future}' is dated {StickyTime.ToFileText(second.AddDays(3))}, more than a day after the clock", sent.Warning, StringComparison.Ordinal);
        Assert.Equal(2, (await store.AllAsync()).Count);
    }

    [Fact]
    public async Task Force_puts_the_other_picture_in_its_place_with_its_files_and_without_old_annotations()
    {
        await using LocalStore store = new();
        _ = await store.SendAsync(Pictures.Write(store["a"], "5c173ff2", Pictures.Start, 20));
        Database.Execute(store.Folder, "INSERT INTO uid_annotations VALUES ('2021-06-02 00:00:00.000000', '1', NULL, 1, 1, 'uid', '1-a', 0, '{}')");
        string other = Pictures.Write(store["b"], "5c173ff2", Pictures.Start, 25);

        SendImageResult result = Assert.Single(await store.SendAsync([other], new SendImageOptions { Force = true })).Value!;

        Assert.Equal(SendImageStatus.Replaced, result.Status);
        Assert.Equal((25, LocalStore.Md5Of(other)), (Assert.Single(await store.AllAsync()).Temperature, result.Image.Md5));
        Assert.Equal(0L, Database.Scalar(store.Folder, "SELECT count(*) FROM uid_annotations"));
        await LocalStore.AssertWholeAsync(store.Store);
        Assert.Equal(SendImageStatus.Skipped, Assert.Single(await store.SendAsync([other], new SendImageOptions { Force = true })).Value!.Status);
    }

    [Fact]
    public async Task A_picture_that_was_replaced_in_part_is_not_listed_with_files_of_another()
    {
        await using LocalStore store = new();
        _ = await store.SendAsync(Pictures.Write(store["a"], "5c173ff2", Pictures.Start));
        string other = Pictures.Write(store["b"], "5c173ff2", Pictures.Start, 25);
        string thumbnail = Assert.Single(await store.AllAsync(ImageContent.Thumbnail)).Url;
        File.Delete(thumbnail);
        _ = Directory.CreateDirectory(thumbnail);

        StickyException error = Assert.Single(await store.SendAsync([other], new SendImageOptions { Force = true })).Error!;
        Assert.Equal(("FileNotWritten", (object)other), (error.ErrorId, error.Target));
        Assert.Empty(await store.AllAsync());

        Directory.Delete(thumbnail);
        Assert.Equal(SendImageStatus.Added, Assert.Single(await store.SendAsync([other], new SendImageOptions { Force = true })).Value?.Status);
        await LocalStore.AssertWholeAsync(store.Store);
    }

    [Fact]
    public async Task Force_restores_files_that_were_lost_and_keeps_the_row_and_its_annotations()
    {
        await using LocalStore store = new();
        string path = Pictures.Write(store.Card, "5c173ff2", Pictures.Start);
        _ = await store.SendAsync(path);
        Database.Execute(store.Folder, "INSERT INTO uid_annotations VALUES ('2021-06-02 00:00:00.000000', '1', NULL, 1, 1, 'uid', '1-a', 0, '{}')");
        string thumbnail = Assert.Single(await store.AllAsync(ImageContent.Thumbnail)).Url;
        File.Delete(thumbnail);

        Assert.Equal(SendImageStatus.Replaced, Assert.Single(await store.SendAsync([path], new SendImageOptions { Force = true })).Value!.Status);

        Assert.True(File.Exists(thumbnail));
        Assert.Equal(1L, Database.Scalar(store.Folder, "SELECT count(*) FROM uid_annotations"));
        await LocalStore.AssertWholeAsync(store.Store);
    }

    [Fact]
    public async Task Force_puts_a_picture_back_whose_file_holds_another_one_as_a_killed_replacement_leaves_it()
    {
        await using LocalStore store = new();
        string path = Pictures.Write(store["a"], "5c173ff2", Pictures.Start, 20);
        _ = await store.SendAsync(path);
        string other = Pictures.Write(store["b"], "5c173ff2", Pictures.Start, 35);
        SendImageOptions force = new() { Force = true };
        File.Copy(other, Assert.Single(await store.AllAsync(ImageContent.Image)).Url, overwrite: true);

        Assert.Equal(SendImageStatus.Replaced, Assert.Single(await store.SendAsync([path], force)).Value!.Status);

        await LocalStore.AssertWholeAsync(store.Store);
        Assert.Equal(SendImageStatus.Skipped, Assert.Single(await store.SendAsync([path], force)).Value!.Status);
    }

    [Fact]
    public async Task The_same_picture_in_two_folders_is_stored_once()
    {
        await using LocalStore store = new();
        string first = Pictures.Write(store["a"], "5c173ff2", Pictures.Start);
        string second = Pictures.Write(store["b"], "5c173ff2", Pictures.Start);

        List<Outcome<SendImageResult>> outcomes = await store.SendAsync(first, second);

        Assert.Equal([SendImageStatus.Added, SendImageStatus.Skipped], outcomes.Select(outcome => outcome.Value!.Status).Order());
        await LocalStore.AssertWholeAsync(store.Store);
    }

    [Fact]
    public async Task A_missing_file_gives_an_error_and_the_rest_goes_on()
    {
        await using LocalStore store = new();
        string missing = Path.Combine(store.Card, "5c173ff2.2021-06-01_00-00-00.jpg");
        string there = Pictures.Write(store.Card, "5c173ff2", Pictures.Start.AddHours(1));

        List<Outcome<SendImageResult>> outcomes = await store.SendAsync(missing, there);

        Assert.Equal("FileNotFound", Assert.Single(outcomes, outcome => !outcome.Succeeded).Error!.ErrorId);
        _ = Assert.Single(await store.AllAsync());
    }

    [Fact]
    public async Task Clearing_the_cache_makes_files_be_read_again_and_still_be_skipped()
    {
        await using LocalStore store = new();
        string[] files = Pictures.WriteSeries(store.Card, "5c173ff2", 5);
        _ = await store.SendAsync(files);

        store.Store.ClearCache();

        Assert.False(File.Exists(Path.Combine(store.Folder, "cache", "file-statistics.db")));
        Assert.All(await store.SendAsync(files), outcome => Assert.Equal(SendImageStatus.Skipped, outcome.Value!.Status));
    }

    [Fact]
    public async Task A_damaged_cache_is_no_obstacle()
    {
        await using LocalStore store = new();
        string[] files = Pictures.WriteSeries(store.Card, "5c173ff2", 5);
        _ = await store.SendAsync(files);
        await store.Store.DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(store.Folder, "cache", "file-statistics.db"), new string('x', 10_000));
        await store.ReopenAsync();

        Assert.All(await store.SendAsync(files), outcome => Assert.Equal(SendImageStatus.Skipped, outcome.Value!.Status));
        Assert.All(await store.SendAsync(files), outcome => Assert.Equal(SendImageStatus.Skipped, outcome.Value!.Status));
    }

    [Fact]
    public async Task Simulating_asks_for_each_picture_and_writes_nothing()
    {
        await using LocalStore store = new();
        string[] files = Pictures.WriteSeries(store.Card, "5c173ff2", 3);
        string[] before = Directory.GetFileSystemEntries(store.Folder, "*", SearchOption.AllDirectories);
        List<SendImageStatus> asked = [];

        List<Outcome<SendImageResult>> outcomes = await store.SendAsync(files, new SendImageOptions
        {
            Simulate = true,
            Parallelism = 1,
            Confirm = (_, status, _) =>
            {
                asked.Add(status);
                return ValueTask.FromResult(false);
            },
        });

        Assert.Empty(outcomes);
        Assert.Equal([SendImageStatus.Added, SendImageStatus.Added, SendImageStatus.Added], asked);
        Assert.Equal(before, Directory.GetFileSystemEntries(store.Folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_consumer_that_has_enough_stops_the_work()
    {
        await using LocalStore store = new();
        string[] files = Pictures.WriteSeries(store.Card, "5c173ff2", 400);

        List<Outcome<SendImageResult>> three = await store.Store.SendImagesAsync(files.ToAsyncEnumerable(), new SendImageOptions()).Take(3).ToListAsync();

        int stored = (await store.AllAsync()).Count;
        Assert.Equal(3, three.Count);
        Assert.InRange(stored, 3, 399);
        await Task.Delay(300);
        Assert.Equal(stored, (await store.AllAsync()).Count);
        await LocalStore.AssertWholeAsync(store.Store);
        _ = await store.SendAsync(files);
        Assert.Equal(400, (await store.AllAsync()).Count);
    }

    [Fact]
    public async Task Unfinished_files_of_a_dead_process_go_and_those_of_others_stay()
    {
        await using LocalStore store = new();
        string folder = Directory.CreateDirectory(Path.Combine(store.Folder, "raw_images", "5c173ff2")).FullName;
        string dead = Path.Combine(folder, ".stickypi-0123456789ab-1-5c173ff2.2021-01-01_00-00-00.jpg.partial");
        string foreign = Path.Combine(folder, "notes.partial");
        await File.WriteAllTextAsync(dead, "half");
        await File.WriteAllTextAsync(foreign, "mine");

        _ = await store.SendAsync(Pictures.Write(store.Card, "5c173ff2", Pictures.Start));

        Assert.False(File.Exists(dead));
        Assert.True(File.Exists(foreign));
    }

    [Fact]
    public async Task Whoever_stops_a_forced_run_still_has_every_picture_listed()
    {
        await using LocalStore store = new();
        _ = await store.SendAsync(Pictures.WriteSeries(store["a"], "5c173ff2", 60));
        string[] others = [.. Enumerable.Range(0, 60).Select(i => Pictures.Write(store["b"], "5c173ff2", Pictures.Start.AddMinutes(20 * i), 30 + i))];
        for (int milliseconds = 5; milliseconds < 120; milliseconds += 10)
        {
            using CancellationTokenSource stop = new(milliseconds);
            try
            {
                _ = await store.Store.SendImagesAsync(others.ToAsyncEnumerable(), new SendImageOptions { Force = true }, stop.Token).CountAsync();
            }
            catch (OperationCanceledException)
            {
                // As it should.
            }

            Assert.Equal(60, (await store.AllAsync()).Count);
            await LocalStore.AssertWholeAsync(store.Store);
            _ = await store.SendAsync(Directory.GetFiles(store["a"], "*", SearchOption.AllDirectories), new SendImageOptions { Force = true });
        }
    }

    [Fact]
    public async Task Two_different_pictures_of_one_time_in_one_run_are_a_conflict_even_when_forced()
    {
        await using LocalStore store = new();
        string first = Pictures.Write(store["a"], "5c173ff2", Pictures.Start, 20);
        string second = Pictures.Write(store["b"], "5c173ff2", Pictures.Start, 30);

        async IAsyncEnumerable<string> OneAfterTheOther()
        {
            yield return first;
            await Task.Delay(500);
            yield return second;
        }

        List<Outcome<SendImageResult>> outcomes =
            await store.Store.SendImagesAsync(OneAfterTheOther(), new SendImageOptions { Force = true }).ToListAsync();

        Assert.Equal(SendImageStatus.Added, outcomes[0].Value?.Status);
        Assert.Equal("ImageConflict", outcomes[1].Error?.ErrorId);
        Assert.Equal(20, Assert.Single(await store.AllAsync()).Temperature);
    }

    [SkippableFact]
    public async Task A_pipe_with_the_name_of_a_picture_does_not_hold_up_the_work()
    {
        Skip.If(OperatingSystem.IsWindows(), "Pipes are files on Unix only.");
        await using LocalStore store = new();
        string pipe = Path.Combine(Directory.CreateDirectory(store.Card).FullName, "5c173ff2.2021-07-01_00-00-00.jpg");
        System.Diagnostics.Process.Start("mkfifo", [pipe]).WaitForExit();

        List<Outcome<SendImageResult>> outcomes = await store.SendAsync(pipe).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal("InvalidImage", Assert.Single(outcomes).Error?.ErrorId);
    }

    [Fact]
    public async Task Pictures_of_a_device_can_be_sent_after_its_folder_was_deleted_or_in_the_way()
    {
        await using LocalStore store = new();
        string path = Pictures.Write(store.Card, "5c173ff2", Pictures.Start);
        await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(store.Folder, "raw_images")).FullName, "5c173ff2"), "in the way");
        StickyException error = Assert.Single(await store.SendAsync(path)).Error!;
        Assert.Equal(("FileNotWritten", path), (error.ErrorId, error.Target));
        File.Delete(Path.Combine(store.Folder, "raw_images", "5c173ff2"));
        Assert.Equal(SendImageStatus.Added, Assert.Single(await store.SendAsync(path)).Value?.Status);

        Directory.Delete(Path.Combine(store.Folder, "raw_images"), recursive: true);

        Assert.Equal(SendImageStatus.Added, Assert.Single(await store.SendAsync(Pictures.Write(store.Card, "5c173ff2", Pictures.Start.AddDays(1)))).Value?.Status);
    }

    [Fact]
    public async Task Locks_of_processes_that_ended_are_tidied_away()
    {
        await using LocalStore store = new();
        string old = Path.Combine(Directory.CreateDirectory(Path.Combine(store.Folder, "cache", "writers")).FullName, "0123456789ab");
        await File.WriteAllTextAsync(old, "");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddHours(-1));

        _ = await store.SendAsync(Pictures.Write(store.Card, "5c173ff2", Pictures.Start));

        Assert.False(File.Exists(old));
        await store.ReopenAsync();
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(old)!));
    }
}
