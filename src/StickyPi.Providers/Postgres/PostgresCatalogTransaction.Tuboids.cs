using StickyPi.Core.Tuboids;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Postgres;

internal sealed partial class PostgresCatalogTransaction
{
    public StickyTuboidSeries? FindTuboidSeries(TuboidSeriesReference reference) =>
        Query(TuboidSeriesRow.Find, TuboidSeriesRow.Read, ParametersOf(reference)).FirstOrDefault();

    public StickyTuboidSeries AddTuboidSeries(TuboidSeriesReference reference, int imageCount, int tuboidCount)
    {
        _ = Insert(
            CatalogTable.TuboidSeries, "id", row => row.Int64(0),
            reference.Device, reference.StartTime, reference.EndTime, imageCount, tuboidCount, reference.AlgoName, reference.AlgoVersion);
        return FindTuboidSeries(reference) ?? throw RowErrors.NotKept("tuboid_series");
    }

    public IReadOnlyList<string> RemoveTuboidSeries(StickyTuboidSeries series)
    {
        List<string> tuboids = Query(TuboidSeriesRow.TuboidIds, row => row.Text(0)!, ("@series", series.Id));
        _ = Run(TuboidSeriesRow.Delete, ("@series", series.Id));
        return tuboids;
    }

    public StickyTuboid? FindTuboid(string tuboidId) => Query(TuboidRows.Find, new TuboidRows().Read, ("@tuboid", tuboidId)).FirstOrDefault();

    public StickyTuboid AddTuboid(StickyTuboidSeries series, TuboidId id, TuboidMetadata metadata)
    {
        _ = Insert(
            CatalogTable.Tuboids, "id", row => row.Int64(0),
            series.Id, id.Text, id.Number, metadata.StartTime, metadata.EndTime, metadata.Shots.Count);
        return FindTuboid(id.Text) ?? throw RowErrors.NotKept("tiled_tuboids");
    }

    private static (string, object?)[] ParametersOf(TuboidSeriesReference reference) =>
    [
        ("@device", reference.Device), ("@start", reference.StartTime), ("@end", reference.EndTime), ("@name", reference.AlgoName),
        ("@version", reference.AlgoVersion),
    ];
}
