using Microsoft.Data.Sqlite;
using StickyPi.Core.Tuboids;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Sqlite;

internal sealed partial class SqliteCatalogTransaction
{
    private TuboidSeriesFinder? _seriesFinder;
    private TuboidFinder? _tuboidFinder;
    private RowInserter? _series;
    private RowInserter? _tuboids;

    public StickyTuboidSeries? FindTuboidSeries(TuboidSeriesReference reference) => Guard(() =>
        (_seriesFinder ??= Owned(new TuboidSeriesFinder(connection))).Find(reference));

    public StickyTuboidSeries AddTuboidSeries(TuboidSeriesReference reference, int imageCount, int tuboidCount) => Guard(() =>
    {
        _series ??= Inserter(CatalogTable.TuboidSeries);
        _ = _series.Insert(
            reference.Device, reference.StartTime, reference.EndTime, imageCount, tuboidCount, reference.AlgoName, reference.AlgoVersion);
        return FindTuboidSeries(reference) ?? throw RowErrors.NotKept("tuboid_series");
    });

    public IReadOnlyList<string> RemoveTuboidSeries(StickyTuboidSeries series) => Guard(() =>
    {
        using SqliteCommand command = connection.CreateCommand();
        _ = command.Parameters.AddWithValue("@series", series.Id);
        command.CommandText = TuboidSeriesRow.TuboidIds;
        List<string> tuboids = [];
        using (SqliteDataReader reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                tuboids.Add(reader.GetString(0));
            }
        }

        command.CommandText = TuboidSeriesRow.Delete;
        _ = command.ExecuteNonQuery();
        return tuboids;
    });

    public StickyTuboid? FindTuboid(string tuboidId) => Guard(() =>
        (_tuboidFinder ??= Owned(new TuboidFinder(connection))).Find(tuboidId));

    public StickyTuboid AddTuboid(StickyTuboidSeries series, TuboidId id, TuboidMetadata metadata) => Guard(() =>
    {
        _tuboids ??= Inserter(CatalogTable.Tuboids);
        _ = _tuboids.Insert(series.Id, id.Text, id.Number, metadata.StartTime, metadata.EndTime, metadata.Shots.Count);
        return FindTuboid(id.Text) ?? throw RowErrors.NotKept("tiled_tuboids");
    });
}
