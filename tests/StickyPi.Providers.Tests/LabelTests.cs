using StickyPi.Core;
using StickyPi.Core.Labels;
using StickyPi.Core.Stores;
using StickyPi.Core.Tuboids;

namespace StickyPi.Tests;

public sealed class LabelTests : IAsyncLifetime
{
    private readonly LocalStore _store = new();

    public async Task InitializeAsync()
    {
        string[] folders = Tuboids.WriteSeries(_store["in"], 3);
        _ = await _store.Store.SendTuboidsAsync(folders.ToAsyncEnumerable(), new() { AlgoName = "sim", Parallelism = 1 }).ToListAsync();
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task A_label_is_stored_as_the_schema_says_and_read_back()
    {
        NewLabel label = Label(0) with { Pattern = "^Insecta\\.(Diptera|O'x)_%.*", Order = "Diptera", Family = "Muscidae", Genus = "Musca", Species = "" };

        StickyLabel added = Assert.Single(await AddAsync(label)).Value!;

        Assert.Equal(
            "1|itc|1111-abce|3|^Insecta\\.(Diptera|O'x)_%.*|Insecta|Diptera|Muscidae|Musca||1",
            CatalogFileTests.Sqlite3(
                _store.Folder,
                "SELECT parent_tuboid_id, algo_name, algo_version, label, pattern, type, \"order\", family, genus, species, species IS NULL FROM itc_labels"));
        Assert.Equal(added, Assert.Single(await GetAsync(new())));
        Assert.Equal((Tuboids.Id(0), 1L, 3, "Musca"), (added.TuboidId, added.TuboidRowId, added.Label, added.Genus));
        Assert.Equal(DateTimeKind.Utc, added.CreatedAt.Kind);
        Assert.Null(added.ApiUser);
    }

    [Fact]
    public async Task The_same_algorithm_version_labels_a_tuboid_once()
    {
        List<Outcome<StickyLabel>> outcomes = await AddAsync(
            Label(0), Label(0) with { Label = 9 }, Label(0) with { AlgoVersion = "2" }, Label(0) with { AlgoName = "person" }, Label(1));

        Assert.Equal([null, "LabelExists", null, null, null], outcomes.Select(outcome => outcome.Error?.ErrorId));
        Assert.Equal(StickyErrorKind.Conflict, outcomes[1].Error?.Kind);
        Assert.Equal("LabelExists", Assert.Single(await AddAsync(Label(1))).Error?.ErrorId);
        Assert.Equal(4, (await GetAsync(new())).Count);
    }

    [Theory]
    [InlineData("nope")]
    [InlineData("%")]
    [InlineData("' OR '1'='1")]
    [InlineData("")]
    public async Task A_tuboid_that_is_not_there_takes_no_label_and_has_none(string tuboidId)
    {
        _ = await AddAsync(Label(0));

        Assert.Equal("TuboidNotFound", Assert.Single(await AddAsync(Label(0) with { TuboidId = tuboidId, AlgoName = "x" })).Error?.ErrorId);
        Assert.Empty(await GetAsync(new() { TuboidIds = [tuboidId] }));
    }

    [Fact]
    public async Task What_there_is_no_room_for_or_is_empty_is_refused_by_name()
    {
        string long33 = new('x', 33);
        (NewLabel Label, string Field)[] bad =
        [
            (Label(0) with { AlgoName = long33 }, "AlgoName"),
            (Label(0) with { AlgoName = " " }, "AlgoName"),
            (Label(0) with { AlgoName = "\u200B" }, "AlgoName"),
            (Label(0) with { AlgoVersion = new('x', 47) }, "AlgoVersion"),
            (Label(0) with { AlgoVersion = "" }, "AlgoVersion"),
            (Label(0) with { Pattern = new('x', 129) }, "Pattern"),
            (Label(0) with { Pattern = "" }, "Pattern"),
            (Label(0) with { Type = long33 }, "Type"),
            (Label(0) with { Type = "" }, "Type"),
            (Label(0) with { Order = long33 }, "Order"),
            (Label(0) with { Family = long33 }, "Family"),
            (Label(0) with { Genus = long33 }, "Genus"),
            (Label(0) with { Species = long33 }, "Species"),
            (Label(0) with { Species = "x\u202ey" }, "Species"),
            (Label(0) with { Genus = "Dros\u200bophila" }, "Genus"),
            (Label(0) with { Family = "Cole\u0301ides" }, "Family"),
            (Label(0) with { Type = "\u001b]0;x\u0007" }, "Type"),
        ];

        List<Outcome<StickyLabel>> outcomes = await AddAsync([.. bad.Select(b => b.Label), Label(1)]);

        Assert.All(bad.Zip(outcomes), pair =>
        {
            Assert.Equal("InvalidLabel", pair.Second.Error?.ErrorId);
            Assert.Contains($"its {pair.First.Field} ", pair.Second.Error!.Message, StringComparison.Ordinal);
        });
        Assert.True(outcomes[^1].Succeeded);
        Assert.True(Assert.Single(await AddAsync(Label(2) with
        {
            AlgoName = long33[1..],
            AlgoVersion = new('x', 46),
            Pattern = new('x', 128),
            Type = long33[1..],
            Species = long33[1..],
        })).Succeeded);
    }

    [Fact]
    public async Task Labels_come_by_tuboid_and_by_patterns_of_their_algorithm()
    {
        _ = await AddAsync(
            Label(0), Label(1), Label(0) with { AlgoName = "per_son%", AlgoVersion = "v'1" }, Label(2) with { AlgoName = "perXson" });

        Assert.Equal([Tuboids.Id(0), Tuboids.Id(1), Tuboids.Id(0), Tuboids.Id(2)], (await GetAsync(new())).Select(label => label.TuboidId));
        Assert.Equal(
            [(Tuboids.Id(1), "itc"), (Tuboids.Id(0), "itc"), (Tuboids.Id(0), "per_son%")],
            (await GetAsync(new() { TuboidIds = [Tuboids.Id(1), Tuboids.Id(0), Tuboids.Id(1)] })).Select(label => (label.TuboidId, label.AlgoName)));
        Assert.Equal(["per_son%", "perXson"], (await GetAsync(new() { AlgoNames = ["PER*"] })).Select(label => label.AlgoName));
        Assert.Equal("per_son%", Assert.Single(await GetAsync(new() { AlgoNames = ["per_son%"] })).AlgoName);
        Assert.Equal("per_son%", Assert.Single(await GetAsync(new() { AlgoVersions = ["v'?"] })).AlgoName);
        Assert.Empty(await GetAsync(new() { TuboidIds = [] }));
    }

    [Fact]
    public async Task Tuboids_come_once_for_each_label_and_once_without()
    {
        _ = await AddAsync(Label(0), Label(0) with { AlgoVersion = "2", Label = 8 }, Label(2) with { Order = "Diptera" });

        List<StickyTuboid> tuboids = await _store.Store.GetTuboidsAsync(new() { IncludeLabels = true, What = TuboidContent.Data }).ToListAsync();

        Assert.Equal(
            [(Tuboids.Id(0), 3), (Tuboids.Id(0), 8), (Tuboids.Id(1), null), (Tuboids.Id(2), (int?)3)],
            tuboids.Select(tuboid => (tuboid.TuboidId, tuboid.ItcLabel?.Label)));
        Assert.Equal(("Insecta", "Diptera", null), (tuboids[3].LabelType, tuboids[3].LabelOrder, tuboids[3].LabelFamily));
        Assert.True(File.Exists(tuboids[1].TuboidUrl));
        Assert.All(await _store.Store.GetTuboidsAsync(new()).ToListAsync(), tuboid => Assert.Null(tuboid.ItcLabel));

        int asked = 0;
        List<Outcome<StickyTuboid>> saved = await _store.Store.SaveTuboidsAsync(
            tuboids.ToAsyncEnumerable(), new() { Destination = _store["out"], Confirm = (_, _) => new(++asked > 0) }).ToListAsync();
        Assert.Equal(tuboids.Select(tuboid => tuboid.ItcLabel), saved.Select(outcome => outcome.Value!.ItcLabel));
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task Thousands_of_labels_are_added_and_read_in_pages()
    {
        NewLabel[] labels = [.. Enumerable.Range(0, 5000).Select(i => Label(i % 3) with { AlgoVersion = $"{i}", Label = i })];

        List<Outcome<StickyLabel>> outcomes = await AddAsync(labels);

        Assert.Equal(labels.Select(label => label.Label), outcomes.Select(outcome => outcome.Value!.Label));
        Assert.Equal(labels.Select(label => label.Label), (await GetAsync(new())).Select(label => label.Label));
        Assert.Equal(5000, await _store.Store.GetTuboidsAsync(new() { IncludeLabels = true }).CountAsync());
    }

    [Fact]
    public async Task Rows_that_another_program_wrote_are_read()
    {
        Database.Execute(_store.Folder, """
            INSERT INTO itc_labels VALUES ('2021-06-02 10:00:00.000001', '0.1.0', 'lab', 41, 2, 'insect_tuboid_classifier', '1111-abce', 1, 'Insecta.*',
                'Insecta', 'test', NULL, 'genus', NULL)
            """);

        StickyLabel label = Assert.Single(await GetAsync(new() { TuboidIds = [Tuboids.Id(1)] }));

        Assert.Equal(
            new StickyLabel
            {
                Id = 41,
                TuboidId = Tuboids.Id(1),
                TuboidRowId = 2,
                AlgoName = "insect_tuboid_classifier",
                AlgoVersion = "1111-abce",
                Label = 1,
                Pattern = "Insecta.*",
                Type = "Insecta",
                Order = "test",
                Genus = "genus",
                ApiVersion = "0.1.0",
                ApiUser = "lab",
                CreatedAt = new DateTime(2021, 6, 2, 10, 0, 0, DateTimeKind.Utc).AddMicroseconds(1),
            },
            label);
    }

    private static NewLabel Label(int number) => new()
    {
        TuboidId = Tuboids.Id(number),
        AlgoName = "itc",
        AlgoVersion = "1111-abce",
        Label = 3,
        Pattern = "^Insecta.*",
        Type = "Insecta",
    };

    private async Task<List<Outcome<StickyLabel>>> AddAsync(params NewLabel[] labels) =>
        await _store.Store.AddLabelsAsync(labels.ToAsyncEnumerable()).ToListAsync();

    private async Task<List<StickyLabel>> GetAsync(LabelQuery query) => await _store.Store.GetLabelsAsync(query).ToListAsync();
}
