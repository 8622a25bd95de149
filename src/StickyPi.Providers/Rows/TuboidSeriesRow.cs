using StickyPi.Core.Catalog;
using StickyPi.Core.Tuboids;

namespace StickyPi.Providers.Rows;

/// <summary>Reads rows of the table <c>tuboid_series</c>, which are few.</summary>
internal static class TuboidSeriesRow
{
    /// <summary>The columns, in the order in which <see cref="Read"/> takes them; <see cref="StoredCount"/> follows.</summary>
    public const string Columns =
        "s.id, s.device, s.start_datetime, s.end_datetime, s.n_images, s.n_tuboids, s.algo_name, s.algo_version, s.datetime_created, "
        + "s.api_version, s.api_user";

    /// <summary>The column that follows: how many tuboids of the series there are.</summary>
    public const string StoredCount = "(SELECT count(*) FROM tiled_tuboids WHERE parent_series_id = s.id)";

    /// <summary>Finds one series.</summary>
    public const string Find = $"SELECT {Columns}, {StoredCount} FROM tuboid_series s WHERE {IsSeries}";

    /// <summary>
    /// The series within a range of time, with the numbers of the first and the last of their tuboids. Their table has no index by series in
    /// SQLite: it is read once for all series, and then only between the first and the last row of each.
    /// </summary>
    public const string InRange =
        $"""
        SELECT {Columns}, coalesce(t.count, 0), coalesce(t.first, 0), coalesce(t.last, 0)
        FROM tuboid_series s
        LEFT JOIN (SELECT parent_series_id, count(*) AS count, min(id) AS first, max(id) AS last FROM tiled_tuboids GROUP BY parent_series_id) t
            ON t.parent_series_id = s.id
        WHERE s.start_datetime >= @start AND s.end_datetime <= @end
        ORDER BY s.device, s.start_datetime, s.id
        """;

    /// <summary>The ids of the tuboids of a series.</summary>
    public const string TuboidIds = "SELECT tuboid_id FROM tiled_tuboids WHERE parent_series_id = @series";

    /// <summary>Removes one series.</summary>
    public const string Delete = "DELETE FROM tuboid_series WHERE id = @series";

    /// <summary>Which series, by its identity.</summary>
    public const string IsSeries =
        "device = @device AND start_datetime = @start AND end_datetime = @end AND algo_name = @name AND algo_version = @version";

    /// <summary>Reads a row.</summary>
    /// <typeparam name="TRow">The kind of row.</typeparam>
    /// <param name="row">A row of <see cref="Columns"/> and the number of tuboids.</param>
    /// <returns>The series.</returns>
    public static StickyTuboidSeries Read<TRow>(TRow row)
        where TRow : struct, ICatalogRow => new()
        {
            Id = row.Int64(0),
            Device = row.Text(1) ?? "",
            StartTime = row.SearchedTime(2),
            EndTime = row.SearchedTime(3),
            ImageCount = row.Int32(4),
            TuboidCount = row.Int32(5),
            AlgoName = row.Text(6) ?? "",
            AlgoVersion = row.Text(7) ?? "",
            CreatedAt = row.Time(8),
            ApiVersion = row.Text(9),
            ApiUser = row.Text(10),
            StoredTuboidCount = row.Int32(11),
        };

    /// <summary>Reads a row with the numbers of its tuboids.</summary>
    /// <typeparam name="TRow">The kind of row.</typeparam>
    /// <param name="row">A row of <see cref="InRange"/>.</param>
    /// <returns>The series and where its tuboids are.</returns>
    public static TuboidSeriesRows ReadWithRows<TRow>(TRow row)
        where TRow : struct, ICatalogRow => new(Read(row), row.OrderedId(12), row.OrderedId(13));
}
