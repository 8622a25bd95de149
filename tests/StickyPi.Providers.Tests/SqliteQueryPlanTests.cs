using System.Reflection;
using Microsoft.Data.Sqlite;
using StickyPi.Core.Annotations;
using StickyPi.Core.Catalog;
using StickyPi.Providers.Rows;
using StickyPi.Providers.Sqlite;

namespace StickyPi.Tests;

/// <summary>Whether the SQLite that ships searches large tables by their indexes. Other versions of it plan differently.</summary>
public sealed class SqliteQueryPlanTests : IAsyncLifetime
{
    private const string RowsOfThePage = "SCAN t";

    // The tables are those of the Python client, which has no such index.
    private const string NoIndexBySeries = "SCAN tiled_tuboids";

    // The labels of one tuboid, or the series that begin at one moment.
    private const string FewAreSorted = "USE TEMP B-TREE FOR ORDER BY";
    private const string FewAreSortedLast = "USE TEMP B-TREE FOR LAST TERM OF ORDER BY";

    private readonly TestFolder _folder = new();

    /// <summary>What each statement is for, the statement, and the slow steps that it is meant to take.</summary>
    public static TheoryData<string, string, string[]> Statements => new()
    {
        { "a page of a series", ImageRows.Page, [] },
        { "the count of a series", ImageRows.Count, [] },
        { "the times of another shape near a series", MisshapenTimes.NearRange, [] },
        { "a picture", ImageRows.Find, [] },
        { "the removal of a picture", ImageRows.Delete, [] },
        { "the range of a device", ImageRows.DeviceRange, [] },
        { "the last position of a device", ImageRows.LastLocated, [] },
        { "the last temperature of a device", ImageRows.LastMeasured, [] },
        {
            "a page of annotations",
            Annotations($"i.device = @device AND i.datetime >= @start AND i.datetime < @end ORDER BY i.datetime, {AnnotationRows.Order}"),
            []
        },
        { "the annotations of a picture", Annotations("i.device = @device AND i.datetime = @time ORDER BY " + AnnotationRows.Order), [] },
        { "an annotation by its row", Annotations("a.id = @id"), [] },
        { "the place of an annotation", AnnotationRows.Place, [] },
        { "the removal of an annotation", AnnotationRows.Delete, [] },
        { "a tuboid", TuboidRows.Find, [] },
        { "a page of tuboids", TuboidRows.Page, [RowsOfThePage] },
        { "a page of tuboids with their labels", TuboidRows.LabelledPage, [RowsOfThePage, FewAreSortedLast] },
        { "a series of tuboids", TuboidSeriesRow.Find, [NoIndexBySeries] },
        { "the removal of a series of tuboids", TuboidSeriesRow.Delete, [NoIndexBySeries] },
        {
            // The tuboids are counted once for all series, and series are few.
            "the series in a range of time",
            TuboidSeriesRow.InRange,
            [
                NoIndexBySeries,
                "USE TEMP B-TREE FOR GROUP BY",
                "SCAN s USING INDEX sqlite_autoindex_tuboid_series_1",
                "SEARCH t USING AUTOMATIC COVERING INDEX (parent_series_id=?) LEFT-JOIN",
                FewAreSortedLast,
            ]
        },
        { "the tuboids of a series", TuboidSeriesRow.TuboidIds, [NoIndexBySeries] },
        { "the labels of a tuboid", LabelRows.OfTuboid, [FewAreSorted] },
        { "a label", LabelRows.Find, [] },
        { "a page of labels", LabelRows.Page, [] },
        { "the properties of something", PropertyRow.Find, [] },
        { "a page of properties", PropertyRow.Page, [] },
        { "the removal of properties", PropertyRow.Delete, [] },
        { "the picture that properties belong to", PropertyRow.Image, [] },
        { "the series that properties belong to", PropertyRow.Series, [] },
        { "all users", UserRows.All, ["SCAN users"] },
        { "the change of a user", UserRows.Update("email"), [] },
        { "the removal of a user", UserRows.Delete, [] },
        { "a revoked token", RevokedTokens.Find, [] },
        { "a token that is not revoked any more", RevokedTokens.Delete, [] },
        { "the removal of expired tokens", RevokedTokens.DeleteExpired, ["SCAN revoked_tokens"] },
        { "the secret of tokens", TokenSecret.Find, [] },
    };

    public async Task InitializeAsync()
    {
        await using ICatalog catalog = SqliteCatalog.Open(_folder["database.db"], create: true);
        Database.Execute(_folder.Path, Schema.Properties + Schema.RevokedTokens + Schema.ServerSecrets);
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(Statements))]
    public void No_table_is_read_as_a_whole_and_nothing_is_sorted_for(string what, string statement, string[] meant)
    {
        string[] plan = Plan(statement);

        Assert.NotEmpty(plan);
        Assert.True(
            meant.SequenceEqual(plan.Where(IsSlow)),
            $"SQLite takes another way than is meant to {what}:\n{string.Join('\n', plan)}");
    }

    [Fact]
    public void The_names_of_devices_are_found_by_one_search_each()
    {
        string[] plan = Plan(ImageRows.DeviceNames);

        Assert.Equal(2, plan.Count(step => step.StartsWith("SEARCH images USING COVERING INDEX", StringComparison.Ordinal)));
        Assert.DoesNotContain(plan, step => step.StartsWith("SCAN images", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_statement_that_reads_changes_or_removes_rows_is_asked_for_its_plan()
    {
        string[] statements =
        [
            .. typeof(ImageRows).Assembly.GetTypes().Where(type => type.Namespace == typeof(ImageRows).Namespace)
                .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public))
                .Where(field => field.IsLiteral && field.FieldType == typeof(string))
                .Select(field => (string)field.GetRawConstantValue()!)
                .Where(text => text.Split(' ')[0] is "SELECT" or "UPDATE" or "DELETE" or "WITH"),
        ];

        Assert.NotEmpty(statements);
        Assert.Empty(statements.Except([ImageRows.DeviceNames, .. Statements.Select(row => (string)row[1])]));
    }

    private static string Annotations(string condition) =>
        $"SELECT {new AnnotationRows(new AnnotationQuery()).Columns} {AnnotationRows.From} WHERE {condition}";

    private static bool IsSlow(string step) =>
        step.StartsWith("SCAN ", StringComparison.Ordinal)
        || step.Contains("AUTOMATIC", StringComparison.Ordinal)
        || step.Contains("TEMP B-TREE", StringComparison.Ordinal);

    private string[] Plan(string statement)
    {
        using SqliteConnection connection = new($"Data Source={_folder["database.db"]};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + statement;
        using SqliteDataReader reader = command.ExecuteReader();
        List<string> steps = [];
        while (reader.Read())
        {
            steps.Add(reader.GetString(3));
        }

        return [.. steps];
    }
}
