using StickyPi.Core.Catalog;
using StickyPi.Core.Labels;
using StickyPi.Core.Tuboids;

namespace StickyPi.Tests;

public abstract partial class CatalogContract
{
    [SkippableFact]
    public async Task Series_are_found_by_their_range_and_by_their_identity()
    {
        TuboidSeriesReference[] references =
        [
            Series(), Series() with { Device = "00000001", EndTime = Tuboids.End.AddTicks(10) }, Series() with { StartTime = Tuboids.Start.AddHours(1) },
        ];
        await WriteAsync(rows => Assert.All(references, reference => Assert.Equal(reference, rows.AddTuboidSeries(reference, 10, 20).Reference)), "ada");

        StickyTuboidSeries?[] found = [.. await Catalog.FindTuboidSeriesAsync([references[2], Series() with { AlgoName = "SIM" }, references[0]], default)];
        Assert.Equal([references[2], null, references[0]], found.Select(series => series?.Reference));
        Assert.Equal((10, 20, 0, "ada"), (found[0]!.ImageCount, found[0]!.TuboidCount, found[0]!.StoredTuboidCount, found[0]!.ApiUser));
        Assert.Equal([references[0], references[2]], await InRangeAsync(Tuboids.Start, Tuboids.End));
        Assert.Equal([references[1], references[0], references[2]], await InRangeAsync(DateTime.MinValue, DateTime.MaxValue));
        Assert.Equal([references[2]], await InRangeAsync(Tuboids.Start.AddTicks(10), DateTime.MaxValue));
        Assert.Empty(await Catalog.FindTuboidSeriesAsync([], default));

        async Task<IEnumerable<TuboidSeriesReference>> InRangeAsync(DateTime start, DateTime end) =>
            (await Catalog.GetTuboidSeriesAsync(start, end, default)).Select(rows => rows.Series.Reference);
    }

    [SkippableFact]
    public async Task Tuboids_come_page_by_page_once_or_once_for_each_label()
    {
        const int Count = 10;
        await WriteAsync(
            rows =>
            {
                StickyTuboidSeries series = rows.AddTuboidSeries(Series(), 1, Count);
                StickyTuboidSeries other = rows.AddTuboidSeries(Series() with { Device = "00000001" }, 1, Count);
                for (int i = 0; i < Count; i++)
                {
                    StickyTuboid tuboid = rows.AddTuboid(series, TuboidId.Parse(Tuboids.Id(i)), Shots());
                    _ = rows.AddTuboid(other, TuboidId.Parse(Tuboids.Id(i, "00000001")), Shots());
                    for (int j = 0; j < i % 3; j++)
                    {
                        _ = rows.AddLabel(tuboid.Id, Label(i) with { AlgoVersion = $"{j}" });
                    }
                }
            },
            "ada");
        TuboidSeriesRows all = (await Catalog.GetTuboidSeriesAsync(Tuboids.Start, Tuboids.End, default)).Single(rows => rows.Series.Device == Tuboids.Device);
        Assert.Equal(Count, all.Series.StoredTuboidCount);

        List<StickyTuboid> tuboids = await AllAsync(includeLabels: false);
        List<StickyTuboid> labelled = await AllAsync(includeLabels: true);

        Assert.Equal(Enumerable.Range(0, Count).Select(i => Tuboids.Id(i)), tuboids.Select(tuboid => tuboid.TuboidId));
        Assert.All(tuboids, tuboid => Assert.Equal((Tuboids.Start, Tuboids.End, 2, "ada"), (tuboid.StartTime, tuboid.EndTime, tuboid.ShotCount, tuboid.ApiUser)));
        Assert.All(tuboids, tuboid => Assert.Equal((Tuboids.Device, "sim", Tuboids.Version), (tuboid.Device, tuboid.SeriesAlgoName, tuboid.SeriesAlgoVersion)));
        Assert.Equal(
            ["0", "1 0", "2 0", "2 1", "3", "4 0", "5 0", "5 1", "6", "7 0", "8 0", "8 1", "9"],
            labelled.Select(tuboid => FormattableString.Invariant($"{tuboid.IdInSeries} {tuboid.ItcLabel?.AlgoVersion}").TrimEnd()));

        async Task<List<StickyTuboid>> AllAsync(bool includeLabels)
        {
            List<StickyTuboid> found = [];
            TuboidSeriesRows rest = all;
            while (await Catalog.GetTuboidPageAsync(rest, 3, includeLabels, default) is { Count: > 0 } page)
            {
                found.AddRange(page);
                rest = rest with { FirstId = page[^1].Id + 1 };
            }

            return found;
        }
    }

    [SkippableFact]
    public async Task Removing_a_series_removes_its_tuboids_and_their_labels_and_tells_which()
    {
        await WriteAsync(rows =>
        {
            foreach (string device in (string[])[Tuboids.Device, "00000001"])
            {
                StickyTuboidSeries series = rows.AddTuboidSeries(Series() with { Device = device }, 1, 2);
                for (int i = 0; i < 2; i++)
                {
                    StickyTuboid tuboid = rows.AddTuboid(series, TuboidId.Parse(Tuboids.Id(i, device)), Shots());
                    _ = rows.AddLabel(tuboid.Id, Label(i) with { TuboidId = tuboid.TuboidId });
                }
            }
        });

        await WriteAsync(rows =>
        {
            Assert.Equal([Tuboids.Id(0), Tuboids.Id(1)], rows.RemoveTuboidSeries(rows.FindTuboidSeries(Series())!).Order(StringComparer.Ordinal));
            Assert.Null(rows.FindTuboidSeries(Series()));
        });

        Assert.Equal([null, Tuboids.Id(0, "00000001")], (await Catalog.FindTuboidsAsync([Tuboids.Id(0), Tuboids.Id(0, "00000001")], default)).Select(t => t?.TuboidId));
        Assert.Equal(
            [Tuboids.Id(0, "00000001"), Tuboids.Id(1, "00000001")], (await Catalog.GetLabelPageAsync(0, 10, default)).Select(label => label.TuboidId));
    }

    [SkippableFact]
    public async Task Labels_come_page_by_page_and_by_exact_tuboids()
    {
        await WriteAsync(
            rows =>
            {
                StickyTuboidSeries series = rows.AddTuboidSeries(Series(), 1, 3);
                StickyTuboid[] tuboids = [.. Enumerable.Range(0, 3).Select(i => rows.AddTuboid(series, TuboidId.Parse(Tuboids.Id(i)), Shots()))];
                foreach ((int tuboid, string version) in ((int, string)[])[(2, "a"), (0, "a"), (2, "b"), (0, "b")])
                {
                    StickyLabel label = rows.AddLabel(
                        tuboids[tuboid].Id, Label(tuboid) with { AlgoVersion = version, Order = "Diptera", Family = " ", Genus = "", Species = "domestica" });
                    Assert.Equal((Tuboids.Id(tuboid), tuboids[tuboid].Id, 3, "ada"), (label.TuboidId, label.TuboidRowId, label.Label, label.ApiUser));
                    Assert.Equal(("Diptera", null, null, "domestica"), (label.Order, label.Family, label.Genus, label.Species));
                }

                Assert.Equal(["a", "b", null, null], ((string[])["a", "b", "B", "c"]).Select(version => FindLabel(rows, 2, version)?.AlgoVersion));
                Assert.Null(FindLabel(rows, 1, "a"));
            },
            "ada");

        Assert.Equal(["0a", "0b", "2a", "2b"], Names(await Catalog.FindLabelsAsync([Tuboids.Id(0), Tuboids.Id(1), "absent", Tuboids.Id(2)], default)));
        IReadOnlyList<StickyLabel> first = await Catalog.GetLabelPageAsync(0, 3, default);
        Assert.Equal(["2a", "0a", "2b"], Names(first));
        Assert.Equal(["0b"], Names(await Catalog.GetLabelPageAsync(first[^1].Id, 3, default)));

        static StickyLabel? FindLabel(ICatalogTransaction rows, int tuboid, string version) =>
            rows.FindLabel(Tuboids.Id(tuboid), Label(tuboid).AlgoName, version);

        static IEnumerable<string> Names(IEnumerable<StickyLabel> labels) => labels.Select(label => label.TuboidId[^1] + label.AlgoVersion);
    }
}
