using SQLitePCL;
using StickyPi.Core.Labels;

namespace StickyPi.Providers.Sqlite;

/// <summary>Reads rows of <c>itc_labels</c> with the ids of their tuboids.</summary>
/// <param name="first">Which column of a row is the first of <see cref="Columns"/>.</param>
internal sealed class LabelRows(int first = 0)
{
    /// <summary>The columns, in the order in which <see cref="Read"/> takes them.</summary>
    public const string Columns =
        "l.id, t.tuboid_id, l.parent_tuboid_id, l.algo_name, l.algo_version, l.label, l.pattern, l.type, l.\"order\", l.family, l.genus, l.species, "
        + "l.datetime_created, l.api_version, l.api_user";

    private string? _tuboidId;
    private string? _algoName;
    private string? _algoVersion;
    private string? _pattern;
    private string? _type;
    private string? _order;
    private string? _family;
    private string? _genus;
    private string? _species;
    private string? _apiVersion;
    private string? _apiUser;

    /// <summary>Reads the row that a statement stands on.</summary>
    /// <param name="row">A statement over <see cref="Columns"/>.</param>
    /// <returns>The label, or null where a join found none.</returns>
    public StickyLabel? Read(sqlite3_stmt row) => raw.sqlite3_column_type(row, first) == raw.SQLITE_NULL
        ? null
        : new StickyLabel
        {
            Id = raw.sqlite3_column_int64(row, first),
            TuboidId = SqliteColumns.Text(row, first + 1, ref _tuboidId) ?? "",
            TuboidRowId = raw.sqlite3_column_int64(row, first + 2),
            AlgoName = SqliteColumns.Text(row, first + 3, ref _algoName) ?? "",
            AlgoVersion = SqliteColumns.Text(row, first + 4, ref _algoVersion) ?? "",
            Label = raw.sqlite3_column_int(row, first + 5),
            Pattern = SqliteColumns.Text(row, first + 6, ref _pattern) ?? "",
            Type = SqliteColumns.Text(row, first + 7, ref _type) ?? "",
            Order = SqliteColumns.Text(row, first + 8, ref _order),
            Family = SqliteColumns.Text(row, first + 9, ref _family),
            Genus = SqliteColumns.Text(row, first + 10, ref _genus),
            Species = SqliteColumns.Text(row, first + 11, ref _species),
            CreatedAt = SqliteColumns.Time(row, first + 12),
            ApiVersion = SqliteColumns.Text(row, first + 13, ref _apiVersion),
            ApiUser = SqliteColumns.Text(row, first + 14, ref _apiUser),
        };
}
