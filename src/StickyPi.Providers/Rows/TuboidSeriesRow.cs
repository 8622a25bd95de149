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

    /// <summary>Reads a row.</summary>
    /// <typeparam name="TRow">The kind of row.</typeparam>
    /// <param name="row">A row of <see cref="Columns"/> and the number of tuboids.</param>
    /// <returns>The series.</returns>
    public static StickyTuboidSeries Read<TRow>(TRow row)
        where TRow : struct, ICatalogRow => new()
    {
        Id = row.Int64(0),
        Device = row.Text(1) ?? "",
        StartTime = row.Time(2),
        EndTime = row.Time(3),
        ImageCount = row.Int32(4),
        TuboidCount = row.Int32(5),
        AlgoName = row.Text(6) ?? "",
        AlgoVersion = row.Text(7) ?? "",
        CreatedAt = row.Time(8),
        ApiVersion = row.Text(9),
        ApiUser = row.Text(10),
        StoredTuboidCount = row.Int32(11),
    };
}
