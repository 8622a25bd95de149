using Microsoft.Data.Sqlite;
using SQLitePCL;
using StickyPi.Core.Annotations;

namespace StickyPi.Providers.Sqlite;

/// <summary>Reads rows of the table <c>uid_annotations</c> together with those of their pictures.</summary>
/// <param name="query">Which rows count, and whether their JSON is read.</param>
internal sealed class AnnotationRows(AnnotationQuery query)
{
    /// <summary>The tables, to be narrowed and ordered.</summary>
    public const string From = "FROM images AS i JOIN uid_annotations AS a ON a.parent_image_id = i.id";

    /// <summary>The order of the annotations of one picture.</summary>
    public const string Order = "a.algo_name, a.algo_version";

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
    /// <param name="row">A statement over <see cref="Columns"/>.</param>
    /// <returns>The time in UTC.</returns>
    public static DateTime ImageTime(sqlite3_stmt row) => SqliteColumns.Time(row, 3);

    /// <summary>Reads the row that a statement stands on.</summary>
    /// <param name="row">A statement over <see cref="Columns"/>.</param>
    /// <returns>The annotation, or null where it is not asked for.</returns>
    public StickyAnnotation? Read(sqlite3_stmt row)
    {
        string algoName = SqliteColumns.Text(row, 5, ref _algoName) ?? "";
        string algoVersion = SqliteColumns.Text(row, 6, ref _algoVersion) ?? "";
        if (!Matches(algoName, algoVersion))
        {
            return null;
        }

        StickyAnnotation annotation = new()
        {
            Id = raw.sqlite3_column_int64(row, 0),
            ImageId = raw.sqlite3_column_int64(row, 1),
            Device = SqliteColumns.Text(row, 2, ref _device) ?? "",
            DateTime = ImageTime(row),
            Md5 = SqliteColumns.Text(row, 4) ?? "",
            AlgoName = algoName,
            AlgoVersion = algoVersion,
            ObjectCount = raw.sqlite3_column_int(row, 7),
            CreatedAt = SqliteColumns.Time(row, 8),
            ApiVersion = SqliteColumns.Text(row, 9, ref _apiVersion),
            ApiUser = SqliteColumns.Text(row, 10, ref _apiUser),
        };
        return query.What == AnnotationContent.Data ? annotation.WithJson(raw.sqlite3_column_blob(row, JsonColumn).ToArray()) : annotation;
    }

    /// <summary>Reads all rows of a statement that count.</summary>
    /// <param name="command">A statement over <see cref="Columns"/>.</param>
    /// <param name="annotations">Where they go.</param>
    public void ReadAll(SqliteCommand command, List<StickyAnnotation> annotations)
    {
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            if (Read(reader.Handle!) is StickyAnnotation annotation)
            {
                annotations.Add(annotation);
            }
        }
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
