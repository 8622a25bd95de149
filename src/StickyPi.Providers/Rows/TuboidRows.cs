using StickyPi.Core.Labels;
using StickyPi.Core.Tuboids;

namespace StickyPi.Providers.Rows;

/// <summary>Reads rows of <c>tiled_tuboids</c> with their series and, where they are wanted, their labels.</summary>
internal sealed class TuboidRows
{
    /// <summary>The columns, in the order in which <see cref="Read"/> takes them.</summary>
    public const string Columns =
        "t.id, t.tuboid_id, t.id_in_series, t.start_datetime, t.end_datetime, t.n_shots, t.datetime_created, t.api_version, t.api_user, "
        + "s.id, s.device, s.start_datetime, s.end_datetime, s.n_images, s.n_tuboids, s.algo_name, s.algo_version";

    /// <summary>Finds one tuboid.</summary>
    public const string Find =
        $"SELECT {Columns} FROM tiled_tuboids t JOIN tuboid_series s ON s.id = t.parent_series_id WHERE t.tuboid_id = @tuboid";

    /// <summary>One page of the tuboids of a series.</summary>
    public const string Page = $"SELECT {Columns} {OfPage} WHERE s.id = t.parent_series_id ORDER BY t.id";

    /// <summary>One page of the tuboids of a series with their labels.</summary>
    public const string LabelledPage =
        $"""
        SELECT {Columns}, {LabelRows.Columns} {OfPage} LEFT JOIN itc_labels l ON l.parent_tuboid_id = t.id
        WHERE s.id = t.parent_series_id ORDER BY t.id, l.id
        """;

    // CROSS JOIN keeps SQLite from turning the order of the tables round.
    private const string OfPage =
        """
        FROM (SELECT * FROM tiled_tuboids WHERE id >= @first AND id <= @last AND parent_series_id = @series ORDER BY id LIMIT @count) t
        CROSS JOIN tuboid_series s
        """;

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

    /// <summary>Reads a row.</summary>
    /// <typeparam name="TRow">The kind of row.</typeparam>
    /// <param name="row">A row of <see cref="Columns"/>.</param>
    /// <returns>The tuboid, without urls.</returns>
    public StickyTuboid Read<TRow>(TRow row)
        where TRow : struct, ICatalogRow
    {
        StickyLabel? label = _labels?.Read(row);
        return new StickyTuboid
        {
            Id = row.OrderedId(0),
            TuboidId = row.Text(1) ?? "",
            IdInSeries = row.Int32(2),
            StartTime = row.Time(3),
            EndTime = row.Time(4),
            ShotCount = row.Int32(5),
            CreatedAt = row.Time(6),
            ApiVersion = row.Text(7, ref _apiVersion),
            ApiUser = row.Text(8, ref _apiUser),
            SeriesRowId = row.Int64(9),
            Device = row.Text(10, ref _device) ?? "",
            SeriesStartTime = row.SearchedTime(11),
            SeriesEndTime = row.SearchedTime(12),
            SeriesImageCount = row.Int32(13),
            SeriesTuboidCount = row.Int32(14),
            SeriesAlgoName = row.Text(15, ref _algoName) ?? "",
            SeriesAlgoVersion = row.Text(16, ref _algoVersion) ?? "",
            ItcLabel = label,
        };
    }
}
