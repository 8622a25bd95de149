using Microsoft.Data.Sqlite;
using StickyPi.Core.Tuboids;

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
        _series ??= Inserter("tuboid_series", "device, start_datetime, end_datetime, n_images, n_tuboids, algo_name, algo_version");
        _ = _series.Insert(
            reference.Device, reference.StartTime, reference.EndTime, imageCount, tuboidCount, reference.AlgoName, reference.AlgoVersion);
        return FindTuboidSeries(reference)!;
    });

    public IReadOnlyList<string> RemoveTuboidSeries(StickyTuboidSeries series) => Guard(() =>
    {
        using SqliteCommand command = connection.CreateCommand();
        _ = command.Parameters.AddWithValue("@series", series.Id);
        command.CommandText = "SELECT tuboid_id FROM tiled_tuboids WHERE parent_series_id = @series";
        List<string> tuboids = [];
        using (SqliteDataReader reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                tuboids.Add(reader.GetString(0));
            }
        }

        command.CommandText = "DELETE FROM tuboid_series WHERE id = @series";
        _ = command.ExecuteNonQuery();
        return tuboids;
    });

    public StickyTuboid? FindTuboid(string tuboidId) => Guard(() =>
        (_tuboidFinder ??= Owned(new TuboidFinder(connection))).Find(tuboidId));

    public StickyTuboid AddTuboid(StickyTuboidSeries series, TuboidId id, TuboidMetadata metadata) => Guard(() =>
    {
        _tuboids ??= Inserter("tiled_tuboids", "parent_series_id, tuboid_id, id_in_series, start_datetime, end_datetime, n_shots");
        _ = _tuboids.Insert(series.Id, id.Text, id.Number, metadata.StartTime, metadata.EndTime, metadata.Shots.Count);
        return FindTuboid(id.Text)!;
    });
}
