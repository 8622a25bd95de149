using StickyPi.Core.Catalog;
using StickyPi.Core.Tuboids;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Postgres;

internal sealed partial class PostgresCatalog
{
    public async ValueTask<IReadOnlyList<TuboidSeriesRows>> GetTuboidSeriesAsync(
        DateTime startTime, DateTime endTime, CancellationToken cancellationToken) => await QueryAsync(
        connection => connection.Command(TuboidSeriesRow.InRange, ("@start", startTime), ("@end", endTime)),
        TuboidSeriesRow.ReadWithRows,
        cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<StickyTuboidSeries?>> FindTuboidSeriesAsync(
        IReadOnlyList<TuboidSeriesReference> references, CancellationToken cancellationToken) => references.Count == 0 ? [] : await QueryAsync(
        connection => connection.Command(
            $"""
            SELECT {TuboidSeriesRow.Columns}, {TuboidSeriesRow.StoredCount}
            FROM unnest(@devices, @starts, @ends, @names, @versions) WITH ORDINALITY AS r (device, start, "end", name, version, n)
            LEFT JOIN tuboid_series s ON s.device = r.device AND s.start_datetime = r.start AND s.end_datetime = r."end"
                AND s.algo_name = r.name AND s.algo_version = r.version
            ORDER BY r.n
            """,
            ("@devices", references.Select(reference => reference.Device).ToArray()),
            ("@starts", references.Select(reference => reference.StartTime).ToArray()),
            ("@ends", references.Select(reference => reference.EndTime).ToArray()),
            ("@names", references.Select(reference => reference.AlgoName).ToArray()),
            ("@versions", references.Select(reference => reference.AlgoVersion).ToArray())),
        row => row.IsNull(0) ? null : TuboidSeriesRow.Read(row),
        cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<StickyTuboid>> GetTuboidPageAsync(
        TuboidSeriesRows series, int count, bool includeLabels, CancellationToken cancellationToken) => await QueryAsync(
        connection => connection.Command(
            includeLabels ? TuboidRows.LabelledPage : TuboidRows.Page,
            ("@series", series.Series.Id),
            ("@first", series.FirstId),
            ("@last", series.LastId),
            ("@count", count)),
        new TuboidRows(includeLabels).Read,
        cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<StickyTuboid?>> FindTuboidsAsync(IReadOnlyList<string> tuboidIds, CancellationToken cancellationToken)
    {
        TuboidRows rows = new();
        return await QueryAsync(
            connection => connection.Command(
                $"""
                SELECT {TuboidRows.Columns} FROM unnest(@tuboids) WITH ORDINALITY AS r (id, n)
                LEFT JOIN tiled_tuboids t ON t.tuboid_id = r.id LEFT JOIN tuboid_series s ON s.id = t.parent_series_id ORDER BY r.n
                """,
                ("@tuboids", tuboidIds.ToArray())),
            row => row.IsNull(0) ? null : rows.Read(row),
            cancellationToken).ConfigureAwait(false);
    }
}
