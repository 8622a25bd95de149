using SQLitePCL;
using StickyPi.Core.Labels;
using StickyPi.Core.Tuboids;

namespace StickyPi.Providers.Sqlite;

/// <summary>Reads rows of <c>tiled_tuboids</c> with their series and, where they are wanted, their labels.</summary>
internal sealed class TuboidRows
{
    /// <summary>The columns, in the order in which <see cref="Read"/> takes them.</summary>
    public const string Columns =
        "t.id, t.tuboid_id, t.id_in_series, t.start_datetime, t.end_datetime, t.n_shots, t.datetime_created, t.api_version, t.api_user, "
        + "s.id, s.device, s.start_datetime, s.end_datetime, s.n_images, s.n_tuboids, s.algo_name, s.algo_version";

    private const int ColumnCount = 17;

    private readonly LabelRows? _labels;
    private string? _apiVersion;
    private string? _apiUser;
    private string? _device;
    private string? _algoName;
    private string? _algoVersion;

    /// <summary>Prepares for rows.</summary>
    /// <param name="withLabels">Whether <see cref="LabelRows.Columns"/> follow, which are null for a tuboid without label.</param>
    public TuboidRows(bool withLabels = false) => _labels = withLabels ? new LabelRows(ColumnCount) : null;

    /// <summary>Reads the row that a statement stands on.</summary>
    /// <param name="row">A statement over <see cref="Columns"/>.</param>
    /// <returns>The tuboid, without urls.</returns>
    public StickyTuboid Read(sqlite3_stmt row)
    {
        StickyLabel? label = _labels?.Read(row);
        return new StickyTuboid
        {
            Id = raw.sqlite3_column_int64(row, 0),
            TuboidId = SqliteColumns.Text(row, 1) ?? "",
            IdInSeries = raw.sqlite3_column_int(row, 2),
            StartTime = SqliteColumns.Time(row, 3),
            EndTime = SqliteColumns.Time(row, 4),
            ShotCount = raw.sqlite3_column_int(row, 5),
            CreatedAt = SqliteColumns.Time(row, 6),
            ApiVersion = SqliteColumns.Text(row, 7, ref _apiVersion),
            ApiUser = SqliteColumns.Text(row, 8, ref _apiUser),
            SeriesRowId = raw.sqlite3_column_int64(row, 9),
            Device = SqliteColumns.Text(row, 10, ref _device) ?? "",
            SeriesStartTime = SqliteColumns.Time(row, 11),
            SeriesEndTime = SqliteColumns.Time(row, 12),
            SeriesImageCount = raw.sqlite3_column_int(row, 13),
            SeriesTuboidCount = raw.sqlite3_column_int(row, 14),
            SeriesAlgoName = SqliteColumns.Text(row, 15, ref _algoName) ?? "",
            SeriesAlgoVersion = SqliteColumns.Text(row, 16, ref _algoVersion) ?? "",
            ItcLabel = label,
        };
    }
}
