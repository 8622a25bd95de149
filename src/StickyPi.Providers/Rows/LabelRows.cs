using StickyPi.Core.Labels;

namespace StickyPi.Providers.Rows;

/// <summary>Reads rows of <c>itc_labels</c> with the ids of their tuboids.</summary>
/// <param name="first">Which column of a row is the first of <see cref="Columns"/>.</param>
internal sealed class LabelRows(int first = 0)
{
    /// <summary>The columns, in the order in which <see cref="Read"/> takes them.</summary>
    public const string Columns =
        "l.id, t.tuboid_id, l.parent_tuboid_id, l.algo_name, l.algo_version, l.label, l.pattern, l.type, l.\"order\", l.family, l.genus, l.species, "
        + "l.datetime_created, l.api_version, l.api_user";

    /// <summary>Finds the labels of one tuboid.</summary>
    public const string OfTuboid =
        $"SELECT {Columns} FROM tiled_tuboids t JOIN itc_labels l ON l.parent_tuboid_id = t.id WHERE t.tuboid_id = @tuboid ORDER BY l.id";

    /// <summary>Finds the label that one version of an algorithm gave to a tuboid.</summary>
    public const string Find =
        $"""
        SELECT {Columns} FROM tiled_tuboids t JOIN itc_labels l ON l.parent_tuboid_id = t.id
        WHERE t.tuboid_id = @tuboid AND l.algo_name = @name AND l.algo_version = @version
        """;

    /// <summary>One page of all labels. CROSS JOIN keeps SQLite from turning the order of the tables round.</summary>
    public const string Page =
        $"""
        SELECT {Columns} FROM itc_labels l CROSS JOIN tiled_tuboids t
        WHERE t.id = l.parent_tuboid_id AND l.id > @after ORDER BY l.id LIMIT @count
        """;

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

    /// <summary>The values of <see cref="CatalogTable.Labels"/>.</summary>
    /// <param name="tuboidRowId">The number of the row of the tuboid.</param>
    /// <param name="label">The label.</param>
    /// <returns>The values.</returns>
    public static object?[] ValuesOf(long tuboidRowId, NewLabel label) =>
    [
        tuboidRowId, label.AlgoName, label.AlgoVersion, label.Label, label.Pattern, label.Type,
        Taxon(label.Order), Taxon(label.Family), Taxon(label.Genus), Taxon(label.Species),
    ];

    /// <summary>Reads a row.</summary>
    /// <typeparam name="TRow">The kind of row.</typeparam>
    /// <param name="row">A row of <see cref="Columns"/>.</param>
    /// <returns>The label, or null where a join found none.</returns>
    public StickyLabel? Read<TRow>(TRow row)
        where TRow : struct, ICatalogRow => row.IsNull(first)
        ? null
        : new StickyLabel
        {
            Id = row.OrderedId(first),
            TuboidId = row.Text(first + 1, ref _tuboidId) ?? "",
            TuboidRowId = row.Int64(first + 2),
            AlgoName = row.Text(first + 3, ref _algoName) ?? "",
            AlgoVersion = row.Text(first + 4, ref _algoVersion) ?? "",
            Label = row.Int32(first + 5),
            Pattern = row.Text(first + 6, ref _pattern) ?? "",
            Type = row.Text(first + 7, ref _type) ?? "",
            Order = row.Text(first + 8, ref _order),
            Family = row.Text(first + 9, ref _family),
            Genus = row.Text(first + 10, ref _genus),
            Species = row.Text(first + 11, ref _species),
            CreatedAt = row.Time(first + 12),
            ApiVersion = row.Text(first + 13, ref _apiVersion),
            ApiUser = row.Text(first + 14, ref _apiUser),
        };

    private static string? Taxon(string? name) => string.IsNullOrWhiteSpace(name) ? null : name;
}
