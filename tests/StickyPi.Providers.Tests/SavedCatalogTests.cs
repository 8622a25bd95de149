using System.Text.Json.Nodes;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Bundles;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Core.Labels;
using StickyPi.Core.Properties;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;
using StickyPi.Core.Tuboids;
using StickyPi.Core.Users;

namespace StickyPi.Tests;

/// <summary>A catalog that was saved from a store, opened by somebody who may have forgotten that it is one.</summary>
public sealed class SavedCatalogTests : IAsyncLifetime
{
    private const string Device = "5c173ff2";
    private static readonly ImageReference First = new(Device, Pictures.Start);

    private readonly LocalStore _store = new();
    private string[] _card = [];
    private Store _saved = null!;

    private string Folder => _store["saved"];

    public async Task InitializeAsync()
    {
        _card = Pictures.WriteSeries(_store.Card, Device, 3);
        _ = await _store.SendAsync(_card);
        _ = await _store.Store.SaveCatalogAsync(Store.GetDatabasePath(Folder));
        _saved = Store.OpenLocal(Folder, Pictures.Providers);
    }

    public async Task DisposeAsync()
    {
        await _saved.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_card_that_is_sent_to_it_by_mistake_never_seems_to_be_safe(bool force, bool simulate)
    {
        string added = Pictures.Write(_store.Card, "0a5bb6f4", Pictures.Start);
        SendImageOptions options = new() { Force = force, Simulate = simulate };

        StickyException error = await RefusedAsync(async () => await _saved.SendImagesAsync(_card.Append(added).ToAsyncEnumerable(), options).ToListAsync());

        Assert.Equal(StickyErrorKind.NotAllowed, error.Kind);
        Assert.Contains(Folder, error.Message, StringComparison.Ordinal);
        Assert.Equal("Connect to the store that it was saved from.", error.RecommendedAction);
        AssertNothingStored();
    }

    [Fact]
    public async Task It_takes_no_other_change_either()
    {
        string[] tuboids = Tuboids.WriteSeries(_store["found"], 2);
        PropertyTarget image = PropertyTarget.Of(First);
        using Secret password = new("correct horse battery");
        string bundle = Directory.CreateDirectory(Path.Combine(_store["bundle"], "data")).Parent!.FullName;
        await File.WriteAllTextAsync(Path.Combine(bundle, "data", "1.txt"), "text");
        await File.WriteAllTextAsync(Path.Combine(Folder, "stray.txt"), "text");

        _ = await RefusedAsync(async () => await _saved.SendTuboidsAsync(tuboids.ToAsyncEnumerable(), new() { AlgoName = "sim" }).ToListAsync());
        _ = await RefusedAsync(async () => await _saved.RemoveImagesAsync([First]));
        _ = await RefusedAsync(async () => await _saved.ChangePropertiesAsync(image, new PropertyChange { Merge = new JsonObject { ["x"] = 1 } }));
        _ = await RefusedAsync(async () => await _saved.AddUserAsync(new NewUser { UserName = "ada" }, password));
        _ = await RefusedAsync(async () => await _saved.SendStorageItemsAsync([bundle], new() { RelativeTo = bundle }));
        _ = await RefusedAsync(async () => await _saved.RemoveStorageItemsAsync(["stray.txt"]));
        _ = await RefusedAsync(async () => await _saved.SyncMlBundleAsync("b", bundle, new() { Direction = SyncDirection.Push }));

        File.Delete(Path.Combine(Folder, "stray.txt"));
        AssertNothingStored();
    }

    [Fact]
    public async Task It_answers_questions_and_can_be_saved_in_its_turn()
    {
        Assert.True(_saved.IsSnapshot);
        Assert.False(_store.Store.IsSnapshot);
        Assert.Equal(await _store.AllAsync(), await _saved.GetImageSeriesAsync(new ImageSeriesQuery()).ToListAsync());

        StickyCatalogFile again = await _saved.SaveCatalogAsync(Store.GetDatabasePath(_store["again"]));

        Assert.Equal(3, again.ImageCount);
        await using Store copy = Store.OpenLocal(_store["again"], Pictures.Providers);
        Assert.True(copy.IsSnapshot);
    }

    [Fact]
    public async Task What_would_be_pushed_to_it_can_be_compared()
    {
        string bundle = Directory.CreateDirectory(Path.Combine(_store["bundle"], "data")).Parent!.FullName;
        await File.WriteAllTextAsync(Path.Combine(bundle, "data", "1.txt"), "text");

        StickySyncSummary summary = await _saved.SyncMlBundleAsync("b", bundle, new() { Direction = SyncDirection.Push, Simulate = true });

        Assert.Equal("ml/b/data/1.txt", Assert.Single(summary.NotOnTarget).Key);
        AssertNothingStored();
    }

    [Fact]
    public async Task Who_wants_a_picture_of_it_is_sent_to_the_store_and_not_to_removing_it()
    {
        StickyException read = await Assert.ThrowsAsync<StickyException>(async () => await _saved.ReadImageAsync(First));
        StickyException opened = await Assert.ThrowsAsync<StickyException>(async () => await _saved.OpenImageAsync((await _saved.GetImagesAsync([First]))[0]!, ImageContent.Image));

        foreach (StickyException error in (StickyException[])[read, opened])
        {
            Assert.Equal(("StoredFileMissing", "Connect to the store that it was saved from."), (error.ErrorId, error.RecommendedAction));
        }
    }

    [Fact]
    public async Task A_lab_whose_catalog_was_lost_makes_a_saved_one_its_own_by_one_statement()
    {
        await _saved.DisposeAsync();
        await _store.Store.DisposeAsync();
        File.Copy(Store.GetDatabasePath(Folder), Store.GetDatabasePath(_store.Folder), overwrite: true);

        Database.Execute(_store.Folder, "PRAGMA application_id = 0");

        await _store.ReopenAsync();
        Assert.Equal(SendImageStatus.Added, Assert.Single(await _store.SendAsync(Pictures.Write(_store.Card, "0a5bb6f4", Pictures.Start))).Value?.Status);
        await LocalStore.AssertWholeAsync(_store.Store);
    }

    private static async Task<StickyException> RefusedAsync(Func<Task> change)
    {
        StickyException error = await Assert.ThrowsAsync<StickyException>(change);
        Assert.Equal("StoreIsCopy", error.ErrorId);
        return error;
    }

    private void AssertNothingStored() =>
        Assert.Equal([Store.GetDatabasePath(Folder)], Directory.GetFiles(Folder, "*", SearchOption.AllDirectories));
}
