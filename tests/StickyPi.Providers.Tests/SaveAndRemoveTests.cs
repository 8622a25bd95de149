using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;

namespace StickyPi.Tests;

public sealed class SaveAndRemoveTests : IAsyncLifetime
{
    private static readonly ImageReference First = new("5c173ff2", Pictures.Start);

    private readonly LocalStore _store = new();

    private string Destination => _store["out [1]"];

    public async Task InitializeAsync() => _ = await _store.SendAsync(Pictures.WriteSeries(_store.Card, "5c173ff2", 5));

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task Saved_files_are_those_of_the_store_under_names_that_viewers_open()
    {
        List<Outcome<SavedImage>> outcomes = await SaveAsync([First], what: [ImageContent.Image, ImageContent.Thumbnail, ImageContent.ThumbnailMini]);

        Assert.All(outcomes, outcome => Assert.Equal(SaveImageStatus.Saved, outcome.Value!.Status));
        Assert.Equal(
            ["5c173ff2.2021-06-01_00-00-00.jpg", "5c173ff2.2021-06-01_00-00-00.thumbnail-mini.jpg", "5c173ff2.2021-06-01_00-00-00.thumbnail.jpg"],
            Directory.GetFiles(Path.Combine(Destination, "5c173ff2")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (Outcome<SavedImage> outcome in outcomes)
        {
            string stored = Path.Combine(_store.Folder, First.Key(outcome.Value!.What));
            Assert.Equal(LocalStore.Md5Of(stored), LocalStore.Md5Of(outcome.Value.Path));
        }
    }

    [Fact]
    public async Task What_is_there_already_is_skipped_by_its_content()
    {
        _ = await SaveAsync([First], what: [ImageContent.Image, ImageContent.Thumbnail]);

        Assert.All(
            await SaveAsync([First], what: [ImageContent.Image, ImageContent.Thumbnail]),
            outcome => Assert.Equal(SaveImageStatus.Skipped, outcome.Value!.Status));
    }

    [Fact]
    public async Task A_picture_that_is_asked_for_many_times_is_saved_once()
    {
        Outcome<SavedImage> outcome = Assert.Single(await SaveAsync([.. Enumerable.Repeat(First, 50)]));

        Assert.Equal(SaveImageStatus.Saved, outcome.Value?.Status);
    }

    [Fact]
    public async Task A_different_file_of_the_same_name_is_left_unless_forced()
    {
        string path = Assert.Single(await SaveAsync([First])).Value!.Path;
        await File.WriteAllTextAsync(path, "edited");

        Assert.Equal("FileExists", Assert.Single(await SaveAsync([First])).Error?.ErrorId);
        Assert.Equal("edited", await File.ReadAllTextAsync(path));

        Assert.Equal(SaveImageStatus.Replaced, Assert.Single(await SaveAsync([First], force: true)).Value!.Status);
        Assert.Equal((await _store.AllAsync())[0].Md5, LocalStore.Md5Of(path));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_picture_is_saved_among_those_of_another_store(bool force)
    {
        string folder = _store["other/raw_images"];
        string theirs = Path.Combine(folder, "5c173ff2", "5c173ff2.2021-06-01_00-00-00.jpg");
        _ = Directory.CreateDirectory(Path.GetDirectoryName(theirs)!);
        await File.WriteAllTextAsync(theirs, "theirs");
        await File.WriteAllTextAsync(_store["other/database.db"], "rows");

        Assert.All(
            await SaveAsync([.. (await _store.AllAsync()).Select(image => image.Reference)], force: force, destination: folder),
            outcome => Assert.Equal("ReservedKey", outcome.Error?.ErrorId));

        Assert.Equal("theirs", await File.ReadAllTextAsync(theirs));
        Assert.Equal([theirs], Directory.GetFiles(Path.GetDirectoryName(theirs)!));
        Assert.Equal(SaveImageStatus.Saved, Assert.Single(await SaveAsync([First], destination: _store["other/copies"])).Value!.Status);
    }

    [Fact]
    public async Task A_stored_picture_that_was_damaged_is_not_saved_and_the_rest_is()
    {
        await File.WriteAllTextAsync(Path.Combine(_store.Folder, First.Key(ImageContent.Image)), "rotten");
        ImageReference second = First with { DateTime = Pictures.Start.AddMinutes(20) };
        ImageReference third = First with { DateTime = Pictures.Start.AddMinutes(40) };
        File.Delete(Path.Combine(_store.Folder, second.Key(ImageContent.Image)));

        List<Outcome<SavedImage>> outcomes = await SaveAsync([First, second, third, new("00000000", Pictures.Start)]);

        Assert.Equal(
            ["ImageNotFound", "StoredFileDamaged", "StoredFileMissing"],
            outcomes.Where(outcome => !outcome.Succeeded).Select(outcome => outcome.Error!.ErrorId).Order(StringComparer.Ordinal));
        Assert.Equal(third.FileName, Path.GetFileName(Assert.Single(Directory.GetFiles(Destination, "*", SearchOption.AllDirectories))));
    }

    [Theory]
    [InlineData("StoredFileMissing")]
    [InlineData("StoredFileDamaged")]
    public async Task A_picture_whose_file_was_lost_or_damaged_comes_back_with_its_annotations_by_what_is_recommended(string errorId)
    {
        Database.Execute(_store.Folder, $"INSERT INTO uid_annotations SELECT '2021-06-02 00:00:00.000000', '1', NULL, id, id, 'uid', '1-a', 0, '{{}}' FROM images");
        string key = First.Key(ImageContent.Image);
        string file = Path.Combine(_store.Folder, key);
        if (errorId == "StoredFileMissing")
        {
            File.Delete(file);
        }
        else
        {
            await File.WriteAllTextAsync(file, "rotten");
        }

        StickyException error = Assert.Single(await SaveAsync([First])).Error!;
        Assert.Equal(errorId, error.ErrorId);
        Assert.Contains("Send-StickyImage -Force", error.RecommendedAction, StringComparison.Ordinal);
        Assert.DoesNotContain("Remove-StickyImage", error.RecommendedAction, StringComparison.Ordinal);
        if (error.RecommendedAction!.Contains($"Remove-StickyStorageItem {key}", StringComparison.Ordinal))
        {
            Assert.All(await _store.Store.RemoveStorageItemsAsync([key]), outcome => Assert.True(outcome.Succeeded));
        }

        string[] original = Directory.GetFiles(_store.Card, First.FileName, SearchOption.AllDirectories);
        SendImageResult sent = Assert.Single(await _store.SendAsync(original, new SendImageOptions { Force = true })).Value!;

        Assert.Equal(SendImageStatus.Replaced, sent.Status);
        Assert.Equal(5L, Database.Scalar(_store.Folder, "SELECT count(*) FROM uid_annotations"));
        await LocalStore.AssertWholeAsync(_store.Store);
    }

    [Fact]
    public async Task The_leftover_of_a_killed_run_is_written_over()
    {
        string path = new SaveImageOptions { Destination = Destination }.GetPath(First, ImageContent.Image);
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(UnfinishedFile.LeftoverPath(path), "half");

        _ = await SaveAsync([First]);

        Assert.Equal(path, Assert.Single(Directory.GetFiles(Destination, "*", SearchOption.AllDirectories)));
    }

    [Fact]
    public async Task Removing_takes_the_row_its_annotations_and_its_files()
    {
        Database.Execute(_store.Folder, $"INSERT INTO uid_annotations SELECT '2021-06-02 00:00:00.000000', '1', NULL, id, id, 'uid', '1-a', 0, '{{}}' FROM images");
        ImageReference missing = new("00000000", Pictures.Start);

        IReadOnlyList<Outcome<StickyImage>> outcomes = await _store.Store.RemoveImagesAsync([First, missing]);

        Assert.Equal(First.FileName, outcomes[0].Value?.FileName);
        Assert.Equal(("ImageNotFound", (object)missing), (outcomes[1].Error?.ErrorId, outcomes[1].Error?.Target));
        Assert.Equal(4, (await _store.AllAsync()).Count);
        Assert.Equal(4L, Database.Scalar(_store.Folder, "SELECT count(*) FROM uid_annotations"));
        await LocalStore.AssertWholeAsync(_store.Store);
    }

    [Fact]
    public async Task Removing_again_takes_the_files_that_a_killed_run_left()
    {
        Database.Execute(_store.Folder, "DELETE FROM images WHERE datetime = '2021-06-01 00:00:00.000000'");

        Assert.Equal("ImageNotFound", Assert.Single(await _store.Store.RemoveImagesAsync([First])).Error?.ErrorId);

        await LocalStore.AssertWholeAsync(_store.Store);
    }

    [Fact]
    public async Task A_row_whose_device_is_a_path_leads_nowhere_outside()
    {
        Database.Execute(_store.Folder, "UPDATE images SET device = '../../x' WHERE datetime = '2021-06-01 00:00:00.000000'");
        ImageReference hostile = First with { Device = "../../x" };

        Assert.Equal("InvalidDevice", Assert.Single(await SaveAsync([hostile])).Error?.ErrorId);
        Assert.Equal("", (await _store.AllAsync(ImageContent.Image)).Single(image => image.Device == "../../x").Url);
        Assert.True(Assert.Single(await _store.Store.RemoveImagesAsync([hostile])).Succeeded);

        Assert.Equal(["card", "store"], Directory.GetFileSystemEntries(Path.GetDirectoryName(_store.Folder)!).Select(Path.GetFileName).Order());
        Assert.Equal(4, (await _store.AllAsync()).Count);
    }

    [Fact]
    public async Task A_removed_picture_can_be_sent_again()
    {
        _ = await _store.Store.RemoveImagesAsync([First]);

        List<Outcome<SendImageResult>> outcomes = await _store.SendAsync(Directory.GetFiles(_store.Card, "*", SearchOption.AllDirectories));

        Assert.Equal(SendImageStatus.Added, Assert.Single(outcomes, outcome => outcome.Value!.Status != SendImageStatus.Skipped).Value!.Status);
        await LocalStore.AssertWholeAsync(_store.Store);
    }

    private async Task<List<Outcome<SavedImage>>> SaveAsync(
        ImageReference[] references, ImageContent[]? what = null, bool force = false, string? destination = null) =>
        await _store.Store.SaveImagesAsync(
            references.ToAsyncEnumerable(),
            new SaveImageOptions { Destination = destination ?? Destination, What = what ?? [ImageContent.Image], Force = force })
            .ToListAsync();
}
