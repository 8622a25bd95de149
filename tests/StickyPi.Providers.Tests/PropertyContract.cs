using System.Text.Json.Nodes;
using StickyPi.Core;
using StickyPi.Core.Bundles;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Core.Properties;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;
using StickyPi.Core.Tuboids;

namespace StickyPi.Tests;

/// <summary>Extra properties and snapshots of a store, whichever database its rows are in.</summary>
public abstract class PropertyContract : IAsyncLifetime
{
    private const string Device = "5c173ff2";

    private static readonly PropertyTarget Image = PropertyTarget.Of(new ImageReference(Device, Pictures.Start));

    protected TestFolder Folder { get; } = new();

    protected Store Store { get; private set; } = null!;

    public async Task InitializeAsync() => Store = await OpenAsync();

    public async Task DisposeAsync()
    {
        if (Store is not null)
        {
            await Store.DisposeAsync();
        }

        await EndAsync();
        Folder.Dispose();
    }

    // RFC 7396, appendix A, as far as targets are objects.
    [SkippableTheory]
    [InlineData("{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}")]
    [InlineData("{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}")]
    [InlineData("{\"a\":\"b\"}", "{\"a\":null}", "{}")]
    [InlineData("{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}")]
    [InlineData("{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}")]
    [InlineData("{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}")]
    [InlineData("{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}", "{\"a\":{\"b\":\"d\"}}")]
    [InlineData("{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}")]
    [InlineData("{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}")]
    [InlineData("{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}")]
    [InlineData("{\"a\":{\"b\":{\"x\":1,\"y\":2}},\"z\":0}", "{\"a\":{\"b\":{\"y\":null,\"w\":[null]}}}", "{\"z\":0,\"a\":{\"b\":{\"x\":1,\"w\":[null]}}}")]
    public async Task A_merge_is_that_of_rfc_7396(string before, string merge, string after)
    {
        await SendAsync();
        _ = await ChangeAsync(Image, new PropertyChange { Replace = Json(before) });

        StickyPropertySet changed = (await ChangeAsync(Image, new PropertyChange { Merge = Json(merge) })).Value!;

        Assert.True(JsonNode.DeepEquals(Json(after), changed.Properties), changed.Properties.ToJsonString());
        Assert.True(JsonNode.DeepEquals(changed.Properties, (await GetAsync(Image)).Value!.Properties));
        Assert.Equal(after == "{}", changed.UpdatedAt is null);
    }

    [SkippableFact]
    public async Task A_change_may_replace_remove_and_set_and_stays_as_it_was_given()
    {
        await SendAsync();
        PropertyChange change = new() { Replace = Json("{\"a\":1,\"b\":2,\"c\":null}"), Merge = Json("{\"d\":{\"e\":1}}"), Remove = ["b", "absent"], Set = Json("{\"f\":null,\"c\":{\"x\":1}}") };
        string given = change.Replace.ToJsonString() + change.Merge.ToJsonString();

        StickyPropertySet set = (await Store.As("ada").ChangePropertiesAsync(Image, change)).Value!;
        StickyPropertySet unchanged = (await Store.As("eve").ChangePropertiesAsync(Image, new PropertyChange { Merge = Json("{\"a\":1}"), Set = Json("{\"c\":{\"x\":1}}") })).Value!;

        Assert.True(JsonNode.DeepEquals(Json("{\"a\":1,\"c\":{\"x\":1},\"d\":{\"e\":1},\"f\":null}"), set.Properties), set.Properties.ToJsonString());
        Assert.Equal(given, change.Replace.ToJsonString() + change.Merge.ToJsonString());
        Assert.Equal((set.UpdatedAt, "ada"), (unchanged.UpdatedAt, unchanged.ApiUser));

        StickyPropertySet emptied = (await ChangeAsync(Image, new PropertyChange { Replace = [] })).Value!;
        Assert.Equal((0, null), (emptied.Properties.Count, emptied.UpdatedAt));
        Assert.Empty(await Store.ListPropertiesAsync(StickyPropertyKind.Image, []).ToListAsync());
    }

    [SkippableFact]
    public async Task Several_who_change_different_names_at_once_lose_nothing()
    {
        await SendAsync();

        Outcome<StickyPropertySet>[] outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(async () =>
            await ChangeAsync(Image, new PropertyChange { Merge = new JsonObject { [$"n{i}"] = i } }))));

        Assert.All(outcomes, outcome => Assert.True(outcome.Succeeded));
        Assert.Equal(Enumerable.Range(0, 20), (await GetAsync(Image)).Value!.Properties.Select(pair => (int)pair.Value!).Order());
    }

    [SkippableFact]
    public async Task What_is_too_large_too_deep_or_no_proper_json_is_refused_and_nothing_changes()
    {
        await SendAsync();
        _ = await ChangeAsync(Image, new PropertyChange { Replace = Json("{\"a\":1}") });
        JsonObject deep = [];
        for (int i = 0; i < 31; i++)
        {
            deep = new JsonObject { ["d"] = deep };
        }

        Assert.True((await ChangeAsync(Image, new PropertyChange { Replace = deep })).Succeeded);
        _ = await ChangeAsync(Image, new PropertyChange { Replace = Json("{\"a\":1}") });
        JsonObject large = new() { ["x"] = new string('ü', (PropertyRules.MaxSize - 8) / 2) };
        Assert.True((await ChangeAsync(Image, new PropertyChange { Replace = large })).Succeeded);
        _ = await ChangeAsync(Image, new PropertyChange { Replace = Json("{\"a\":1}") });
        JsonObject[] wrong =
        [
            new JsonObject { ["x"] = new string('ü', PropertyRules.MaxSize / 2) },
            new JsonObject { ["d"] = deep.DeepClone() },
            Json("{\"x\":{\"a\":1,\"a\":2}}"),
            new JsonObject { ["x"] = double.NaN },
            Json("{\"x\":1e400}"),
            Json("{\"x\":{\"y\":[1, -1E+999]}}"),
        ];

        foreach (JsonObject value in wrong)
        {
            foreach (PropertyChange change in (PropertyChange[])[new() { Replace = value }, new() { Merge = value }])
            {
                StickyException error = (await ChangeAsync(Image, change)).Error!;
                Assert.Equal(("InvalidProperties", StickyErrorKind.InvalidData), (error.ErrorId, error.Kind));
            }
        }

        // Two halves that fit are too much together.
        Assert.True((await ChangeAsync(Image, new PropertyChange { Merge = new JsonObject { ["x"] = new string('x', 600_000) } })).Succeeded);
        Assert.Equal("InvalidProperties", (await ChangeAsync(Image, new PropertyChange { Merge = new JsonObject { ["y"] = new string('y', 600_000) } })).Error?.ErrorId);
        Assert.Equal(["a", "x"], (await GetAsync(Image)).Value!.Properties.Select(pair => pair.Key));
    }

    [SkippableFact]
    public async Task Each_target_is_looked_for_and_each_that_is_not_there_has_its_own_error()
    {
        await SendAsync();
        TuboidSeriesReference series = await SendTuboidsAsync();
        await PushBundleAsync("uid");
        PropertyTarget[] there =
        [
            Image, new(StickyPropertyKind.Image, $"{Device.ToUpperInvariant()}.2021-06-01_00-00-00.jpg"), new(StickyPropertyKind.Device, Device.ToUpperInvariant()),
            PropertyTarget.Of(series), new(StickyPropertyKind.Bundle, "uid"),
        ];
        PropertyTarget[] absent =
        [
            new(StickyPropertyKind.Image, $"{Device}.2021-06-01_00-00-01"), new(StickyPropertyKind.Device, "00000001"),
            PropertyTarget.Of(series with { AlgoName = "other" }), new(StickyPropertyKind.Bundle, "Uid"),
        ];
        PropertyTarget[] wrong =
        [
            new(StickyPropertyKind.Image, ""), new(StickyPropertyKind.Image, "../../etc/passwd"), new(StickyPropertyKind.Image, $"{Device}.2021-13-01_00-00-00"),
            new(StickyPropertyKind.Device, "trap one"), new(StickyPropertyKind.Device, "\0"), new(StickyPropertyKind.Series, $"{Device}.2021-06-01_00-00-00"),
            new(StickyPropertyKind.Bundle, "a/b"), new(StickyPropertyKind.Bundle, ".."), new((StickyPropertyKind)9, "x"),
        ];

        IReadOnlyList<Outcome<StickyPropertySet>> outcomes = await Store.GetPropertiesAsync([.. there, .. absent, .. wrong]);

        Assert.All(outcomes.Take(there.Length), outcome => Assert.Empty(outcome.Value!.Properties));
        Assert.Equal([Image.Id, Image.Id, Device, there[3].Id, "uid"], outcomes.Take(there.Length).Select(outcome => outcome.Value!.Id));
        Assert.Equal(
            ["ImageNotFound", "DeviceNotFound", "TuboidSeriesNotFound", "BundleNotFound"],
            outcomes.Skip(there.Length).Take(absent.Length).Select(outcome => outcome.Error?.ErrorId));
        Assert.All(outcomes.TakeLast(wrong.Length), outcome => Assert.Equal("InvalidPropertyTarget", outcome.Error?.ErrorId));
        foreach ((PropertyTarget target, Outcome<StickyPropertySet> expected) in there.Concat(absent).Concat(wrong).Zip(outcomes))
        {
            Outcome<StickyPropertySet> changed = await ChangeAsync(target, new PropertyChange { Merge = Json("{\"x\":1}") });
            Assert.Equal((expected.Error?.ErrorId, expected.Value?.Id), (changed.Error?.ErrorId, changed.Value?.Id));
        }

        Assert.All((await Store.GetPropertiesAsync(there)), outcome => Assert.Equal("{\"x\":1}", outcome.Value!.Properties.ToJsonString()));
        Assert.Empty(await Store.GetPropertiesAsync([]));
    }

    [SkippableFact]
    public async Task What_has_properties_is_listed_by_patterns_page_by_page()
    {
        string[] paths = Pictures.WriteSeries(Folder["card"], Device, 70);
        await SendAsync(paths);
        foreach (string path in paths)
        {
            _ = await ChangeAsync(new PropertyTarget(StickyPropertyKind.Image, Path.GetFileName(path)), new PropertyChange { Merge = Json("{\"x\":1}") });
        }

        List<StickyPropertySet> all = await Store.ListPropertiesAsync(StickyPropertyKind.Image, []).ToListAsync();

        Assert.Equal(paths.Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal), all.Select(properties => properties.Id));
        Assert.Equal(3, await Store.ListPropertiesAsync(StickyPropertyKind.Image, [$"{Device}.2021-06-01_07-*"]).CountAsync());
        Assert.Empty(await Store.ListPropertiesAsync(StickyPropertyKind.Device, []).ToListAsync());
    }

    [SkippableFact]
    public async Task What_newer_firmware_says_lands_in_the_properties_of_the_picture()
    {
        ImageReference reference = new("0a5bb6f4", Pictures.Start);
        string path = QuickStart.SampleCamera.Write(Folder["card"], reference, Pictures.Camera.TakeSecondGeneration(Pictures.Start, 18.5));
        await SendAsync([path, Pictures.Write(Folder["card"], Device, Pictures.Start)]);

        StickyPropertySet properties = (await GetAsync(PropertyTarget.Of(reference))).Value!;

        Assert.True(
            JsonNode.DeepEquals(Json("{\"battery\":87,\"luminosity\":120.25,\"lastSync\":\"2021-06-01_00-00-00\",\"buttonPressed\":false}"), properties.Properties),
            properties.Properties.ToJsonString());
        Assert.Empty((await GetAsync(Image)).Value!.Properties);

        _ = await ChangeAsync(PropertyTarget.Of(reference), new PropertyChange { Merge = Json("{\"note\":\"wet\",\"battery\":1}") });
        await SendAsync([path]);
        Assert.Equal("wet", (string?)(await GetAsync(PropertyTarget.Of(reference))).Value!.Properties["note"]);

        Assert.All(await Store.RemoveImagesAsync([reference]), outcome => Assert.True(outcome.Succeeded));
        Assert.Equal("ImageNotFound", (await GetAsync(PropertyTarget.Of(reference))).Error?.ErrorId);
        await SendAsync([path]);
        Assert.Equal(87, (int?)(await GetAsync(PropertyTarget.Of(reference))).Value!.Properties["battery"]);
    }

    [SkippableFact]
    public async Task The_properties_of_a_bundle_go_with_it()
    {
        PropertyTarget target = new(StickyPropertyKind.Bundle, "uid");
        await PushBundleAsync("uid");
        Assert.True((await ChangeAsync(target, new PropertyChange { Merge = Json("{\"x\":1}") })).Succeeded);
        Assert.Equal("uid", Assert.Single(await Store.ListPropertiesAsync(StickyPropertyKind.Bundle, []).ToListAsync()).Id);

        _ = await Store.RemoveMlBundleAsync("uid");
        Assert.Empty(await Store.ListPropertiesAsync(StickyPropertyKind.Bundle, []).ToListAsync());
        await PushBundleAsync("uid");

        Assert.Empty((await GetAsync(target)).Value!.Properties);
    }

    [SkippableFact]
    public async Task A_saved_catalog_is_a_store_of_its_own_and_replaces_an_earlier_one()
    {
        await SendAsync();
        _ = await ChangeAsync(Image, new PropertyChange { Merge = Json("{\"x\":1}") });
        string file = Store.GetDatabasePath(Folder["copy"]);
        _ = Directory.CreateDirectory(Folder["copy"]);
        await File.WriteAllTextAsync(file, "an earlier one");

        StickyCatalogFile saved = await Store.SaveCatalogAsync(file);

        Assert.Equal((file, 1L, new FileInfo(file).Length, Store.Location), (saved.Path, saved.ImageCount, saved.Size, saved.Source));
        Assert.Equal(DateTimeKind.Utc, saved.CreatedAt.Kind);
        Assert.Equal([file], Directory.GetFiles(Folder["copy"]));
        await using Store copy = Store.OpenLocal(Folder["copy"], Pictures.Providers, create: false);
        Assert.Equal(
            await Store.GetImageSeriesAsync(new ImageSeriesQuery()).ToListAsync(), await copy.GetImageSeriesAsync(new ImageSeriesQuery()).ToListAsync());
        Assert.Equal(1, (int?)(await copy.GetPropertiesAsync([Image]))[0].Value!.Properties["x"]);
    }

    [SkippableFact]
    public async Task A_catalog_that_cannot_be_saved_leaves_nothing_behind()
    {
        await SendAsync();
        _ = Directory.CreateDirectory(Folder["taken"]);
        await File.WriteAllTextAsync(Folder["file"], "text");

        foreach (string path in (string[])[Folder["taken"], Path.Combine(Folder["file"], "copy.db")])
        {
            Assert.Equal("FileNotWritten", (await Assert.ThrowsAsync<StickyException>(async () => await Store.SaveCatalogAsync(path))).ErrorId);
        }

        using CancellationTokenSource stop = new();
        await stop.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.SaveCatalogAsync(Folder["copy.db"], stop.Token));
        Assert.Equal([Folder["file"]], Directory.GetFiles(Folder.Path));
    }

    /// <summary>Opens the store below <see cref="Folder"/>.</summary>
    protected abstract Task<Store> OpenAsync();

    /// <summary>Removes what does not lie below <see cref="Folder"/>.</summary>
    protected abstract Task EndAsync();

    protected async Task SendAsync(string[]? paths = null)
    {
        paths ??= [Pictures.Write(Folder["card"], Device, Pictures.Start)];
        Assert.All(await Store.SendImagesAsync(paths.ToAsyncEnumerable(), new SendImageOptions()).ToListAsync(), outcome => Assert.True(outcome.Succeeded, outcome.Error?.Message));
    }

    private async Task<TuboidSeriesReference> SendTuboidsAsync()
    {
        List<Outcome<SendTuboidResult>> sent = await Store.SendTuboidsAsync(
            Tuboids.WriteSeries(Folder["tuboids"], 1).ToAsyncEnumerable(), new SendTuboidOptions { AlgoName = "siamese.matcher", ImageCount = 1 }).ToListAsync();
        return Assert.Single(sent).Value!.Tuboid.Series;
    }

    private async Task PushBundleAsync(string name)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Folder["bundles"], name, "config")).Parent!.FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "config", "config.yaml"), "x: 1");
        StickySyncSummary summary = await Store.SyncMlBundleAsync(
            name, folder, new SyncMlBundleOptions { Direction = SyncDirection.Push, Refuse = (error, _) => throw error });
        _ = Assert.Single(summary.Synced);
    }

    private ValueTask<Outcome<StickyPropertySet>> ChangeAsync(PropertyTarget target, PropertyChange change) => Store.ChangePropertiesAsync(target, change);

    private async Task<Outcome<StickyPropertySet>> GetAsync(PropertyTarget target) => Assert.Single(await Store.GetPropertiesAsync([target]));

    private static JsonObject Json(string text) => (JsonObject)JsonNode.Parse(text)!;
}

/// <summary>The contract, on SQLite.</summary>
public sealed class SqlitePropertyTests : PropertyContract
{
    protected override Task<Store> OpenAsync() => Task.FromResult(Store.OpenLocal(Folder["store"], Pictures.Providers));

    protected override Task EndAsync() => Task.CompletedTask;
}

/// <summary>The contract, on a real PostgreSQL.</summary>
public sealed class PostgresPropertyTests : PropertyContract
{
    private PostgresDatabase? _database;

    protected override async Task<Store> OpenAsync()
    {
        _database = await PostgresServer.CreateDatabaseAsync();
        using StickyPi.Core.Users.Secret database = _database.Secret;
        return await Store.OpenAsync(new StoreOptions { Folder = Folder["store"], Database = database }, Pictures.Providers);
    }

    protected override async Task EndAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }
}
