using Microsoft.Data.Sqlite;
using StickyPi.Core.Catalog;
using StickyPi.Core.Tuboids;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Sqlite;

internal sealed partial class SqliteCatalog
{
    public ValueTask<IReadOnlyList<TuboidSeriesRows>> GetTuboidSeriesAsync(
        DateTime startTime, DateTime endTime, CancellationToken cancellationToken) => UseAsync(connection =>
    {
        MisshapenTimes.ThrowIfAnySeries(connection);
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = TuboidSeriesRow.InRange;
        _ = command.Parameters.AddWithValue("@start", SqliteColumns.ToText(startTime));
        _ = command.Parameters.AddWithValue("@end", SqliteColumns.ToText(endTime));
        using SqliteDataReader reader = command.ExecuteReader();
        List<TuboidSeriesRows> series = [];
        while (reader.Read())
        {
            series.Add(TuboidSeriesRow.ReadWithRows(reader.Row()));
        }

        return (IReadOnlyList<TuboidSeriesRows>)series;
    }, cancellationToken);

    public ValueTask<IReadOnlyList<StickyTuboidSeries?>> FindTuboidSeriesAsync(
        IReadOnlyList<TuboidSeriesReference> references, CancellationToken cancellationToken) => UseAsync(connection =>
    {
        using TuboidSeriesFinder finder = new(connection);
        return (IReadOnlyList<StickyTuboidSeries?>)[.. references.Select(finder.Find)];
    }, cancellationToken);

    public ValueTask<IReadOnlyList<StickyTuboid>> GetTuboidPageAsync(
        TuboidSeriesRows series, int count, bool includeLabels, CancellationToken cancellationToken) => UseAsync(connection =>
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = includeLabels ? TuboidRows.LabelledPage : TuboidRows.Page;
        _ = command.Parameters.AddWithValue("@series", series.Series.Id);
        _ = command.Parameters.AddWithValue("@first", series.FirstId);
        _ = command.Parameters.AddWithValue("@last", series.LastId);
        _ = command.Parameters.AddWithValue("@count", count);
        using SqliteDataReader reader = command.ExecuteReader();
        TuboidRows rows = new(includeLabels);
        List<StickyTuboid> tuboids = [];
        while (reader.Read())
        {
            tuboids.Add(rows.Read(reader.Row()));
        }

        return (IReadOnlyList<StickyTuboid>)tuboids;
    }, cancellationToken);

    public ValueTask<IReadOnlyList<StickyTuboid?>> FindTuboidsAsync(IReadOnlyList<string> tuboidIds, CancellationToken cancellationToken) =>
        UseAsync(connection =>
        {
            using TuboidFinder finder = new(connection);
            return (IReadOnlyList<StickyTuboid?>)[.. tuboidIds.Select(finder.Find)];
        }, cancellationToken);
}
