using StickyPi.Core.Annotations;

namespace StickyPi.Providers.Rows;

/// <summary>Reads rows of the table <c>uid_annotations</c> together with those of their pictures.</summary>
/// <param name="query">Which rows count, and whether their JSON is read.</param>
internal sealed class AnnotationRows(AnnotationQuery query)
{
    /// <summary>The tables, to be narrowed and ordered.</summary>
    public const string From = "FROM images AS i JOIN uid_annotations AS a ON a.parent_image_id = i.id";

    /// <summary>The order of the annotations of one picture.</summary>
    public const string Order = "a.algo_name, a.algo_version";

    /// <summary>What there is where an annotation is to go: the number and the MD5 of the picture, whether the place is taken, and its size.</summary>
    public const string Place =
        """
        SELECT id, md5, EXISTS (SELECT 1 FROM uid_annotations WHERE parent_image_id = images.id AND algo_name = @name AND algo_version = @version),
            width, height
        FROM images WHERE device = @device AND datetime = @time
        """;

    /// <summary>Removes one annotation.</summary>
    public const string Delete =
        """
        DELETE FROM uid_annotations WHERE algo_name = @name AND algo_version = @version
            AND parent_image_id = (SELECT id FROM images WHERE device = @device AND datetime = @time)
        """;

    private const int JsonColumn = 11;

    private readonly Dictionary<(string Name, string Version), bool> _matches = [];
    private string? _device;
    private string? _algoName;
    private string? _algoVersion;
    private string? _apiVersion;
    private string? _apiUser;

    /// <summary>The columns, in the order in which <see cref="Read"/> takes them.</summary>
    public string Columns { get; } =
        "a.id, a.parent_image_id, i.device, i.datetime, i.md5, a.algo_name, a.algo_version, a.n_objects, a.datetime_created, a.api_version, a.api_user"
        + (query.What == AnnotationContent.Data ? ", a.json" : "");

    /// <summary>When the picture of the row was taken, which is read before anything else of it.</summary>
    /// <typeparam name="TRow">The kind of row.</typeparam>
    /// <param name="row">A row of <see cref="Columns"/>.</param>
    /// <returns>The time in UTC.</returns>
    public static DateTime ImageTime<TRow>(TRow row)
        where TRow : struct, ICatalogRow => row.SearchedTime(3);

    /// <summary>Reads a row.</summary>
    /// <typeparam name="TRow">The kind of row.</typeparam>
    /// <param name="row">A row of <see cref="Columns"/>.</param>
    /// <returns>The annotation, or null where it is not asked for.</returns>
    public StickyAnnotation? Read<TRow>(TRow row)
        where TRow : struct, ICatalogRow
    {
        string algoName = row.Text(5, ref _algoName) ?? "";
        string algoVersion = row.Text(6, ref _algoVersion) ?? "";
        if (!Matches(algoName, algoVersion))
        {
            return null;
        }

        StickyAnnotation annotation = new()
        {
            Id = row.Int64(0),
            ImageId = row.Int64(1),
            Device = row.Text(2, ref _device) ?? "",
            DateTime = ImageTime(row),
            Md5 = row.Text(4) ?? "",
            AlgoName = algoName,
            AlgoVersion = algoVersion,
            ObjectCount = row.Int32(7),
            CreatedAt = row.Time(8),
            ApiVersion = row.Text(9, ref _apiVersion),
            ApiUser = row.Text(10, ref _apiUser),
        };
        return query.What == AnnotationContent.Data ? annotation.WithJson(row.Utf8(JsonColumn)) : annotation;
    }

    // Algorithms are few and rows are many.
    private bool Matches(string algoName, string algoVersion)
    {
        if (query.AlgoNames.Count == 0 && query.AlgoVersions.Count == 0)
        {
            return true;
        }

        if (!_matches.TryGetValue((algoName, algoVersion), out bool matches))
        {
            matches = query.Matches(algoName, algoVersion);
            _matches.Add((algoName, algoVersion), matches);
        }

        return matches;
    }
}
