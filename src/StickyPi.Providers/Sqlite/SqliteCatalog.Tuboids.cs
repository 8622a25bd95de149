using Microsoft.Data.Sqlite;
using StickyPi.Core.Catalog;
using StickyPi.Core.Tuboids;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Sqlite;

internal sealed partial class SqliteCatalog
{
    // tiled_tuboids has no index by series: it is read once for all series, and then only between the first and the last row of each.
    private const string SeriesInRange =
        $"""
        SELECT {TuboidSeriesRow.Columns}, coalesce(t.count, 0), coalesce(t.first, 0), coalesce(t.last, 0)
        FROM tuboid_series s
        LEFT JOIN (SELECT parent_series_id, count(*) AS count, min(id) AS first, max(id) AS last FROM tiled_tuboids GROUP BY parent_series_id) t
            ON t.parent_series_id = s.id
        WHERE s.start_datetime >= @start AND s.end_datetime <= @end
        ORDER BY s.device, s.start_datetime, s.id
        """;

    // CROSS JOIN keeps SQLite from turning the order of the tables round.
    private const string Page =
        $"""
        FROM (SELECT * FROM tiled_tuboids WHERE id >= @first AND id <= @last AND parent_series_id = @series ORDER BY id LIMIT @count) t
        CROSS JOIN tuboid_series s ON s.id = t.parent_series_id
        """;

    public ValueTask<IReadOnlyList<TuboidSeriesRows>> GetTuboidSeriesAsync(
        DateTime startTime, DateTime endTime, CancellationToken cancellationToken) => new(Use(connection =>
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = SeriesInRange;
        _ = command.Parameters.AddWithValue("@start", SqliteColumns.ToText(startTime));
        _ = command.Parameters.AddWithValue("@end", SqliteColumns.ToText(endTime));
        using SqliteDataReader reader = command.ExecuteReader();
        List<TuboidSeriesRows> series = [];
        while (reader.Read())
        {
            SqliteRow row = reader.Row();
            series.Add(new TuboidSeriesRows(TuboidSeriesRow.Read(row), row.Int64(12), row.Int64(13)));
        }

        return (IReadOnlyList<TuboidSeriesRows>)series;
    }, cancellationToken));

    public ValueTask<IReadOnlyList<StickyTuboidSeries?>> FindTuboidSeriesAsync(
        IReadOnlyList<TuboidSeriesReference> references, CancellationToken cancellationToken) => new(Use(connection =>
    {
        using TuboidSeriesFinder finder = new(connection);
        return (IReadOnlyList<StickyTuboidSeries?>)[.. references.Select(finder.Find)];
    }, cancellationToken));

    public ValueTask<IReadOnlyList<StickyTuboid>> GetTuboidPageAsync(
        TuboidSeriesRows series, int count, bool includeLabels, CancellationToken cancellationToken) => new(Use(connection =>
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = includeLabels
            ? $"SELECT {TuboidRows.Columns}, {LabelRows.Columns} {Page} LEFT JOIN itc_labels l ON l.parent_tuboid_id = t.id ORDER BY t.id, l.id"
            : $"SELECT {TuboidRows.Columns} {Page} ORDER BY t.id";
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
    }, cancellationToken));

    public ValueTask<IReadOnlyList<StickyTuboid?>> FindTuboidsAsync(IReadOnlyList<string> tuboidIds, CancellationToken cancellationToken) =>
        new(Use(connection =>
        {
            using TuboidFinder finder = new(connection);
            return (IReadOnlyList<StickyTuboid?>)[.. tuboidIds.Select(finder.Find)];
        }, cancellationToken));
}
