using Microsoft.Data.Sqlite;
using StickyPi.Core.Annotations;
using StickyPi.Core.Catalog;
using StickyPi.Providers.Rows;
using StickyPi.Providers.Sqlite;

namespace StickyPi.Tests;

/// <summary>Whether the SQLite that ships searches large tables by their indexes. Other versions of it plan differently.</summary>
public sealed class SqliteQueryPlanTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();

    public static TheoryData<string, string> Statements => new()
    {
        { "a page of a series", ImageRows.Page },
        { "the count of a series", ImageRows.Count },
        { "a picture", ImageRows.Find },
        { "the removal of a picture", ImageRows.Delete },
        { "the range of a device", ImageRows.DeviceRange },
        { "the last position of a device", ImageRows.LastLocated },
        { "the last temperature of a device", ImageRows.LastMeasured },
        {
            "a page of annotations",
            Annotations($"i.device = @device AND i.datetime >= @start AND i.datetime < @end ORDER BY i.datetime, {AnnotationRows.Order}")
        },
        { "the annotations of a picture", Annotations("i.device = @device AND i.datetime = @time ORDER BY " + AnnotationRows.Order) },
        { "an annotation by its row", Annotations("a.id = @id") },
        { "the place of an annotation", AnnotationRows.Place },
        { "the removal of an annotation", AnnotationRows.Delete },
        { "a tuboid", TuboidRows.Find },
        { "a page of tuboids", TuboidRows.Page },
        { "a page of tuboids with their labels", TuboidRows.LabelledPage },
        { "a series of tuboids", $"SELECT {TuboidSeriesRow.Columns} FROM tuboid_series s WHERE {TuboidSeriesRow.IsSeries}" },
        { "the labels of a tuboid", LabelRows.OfTuboid.Replace(" ORDER BY l.id", "", StringComparison.Ordinal) }, // few, and sorted
        { "the properties of something", PropertyRow.Find },
        { "a page of properties", PropertyRow.Page },
    };

    public async Task InitializeAsync()
    {
        await using ICatalog catalog = SqliteCatalog.Open(_folder["database.db"], create: true);
        Database.Execute(_folder.Path, Schema.Properties);
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(Statements))]
    public void No_table_is_read_as_a_whole_and_nothing_is_sorted_for(string what, string statement)
    {
        string[] plan = Plan(statement);

        Assert.Contains(plan, step => step.StartsWith("SEARCH ", StringComparison.Ordinal));
        Assert.False(plan.Any(IsSlow), $"SQLite takes a slow way to {what}:\n{string.Join('\n', plan)}");
    }

    [Fact]
    public void The_names_of_devices_are_found_by_one_search_each()
    {
        string[] plan = Plan(ImageRows.DeviceNames);

        Assert.Equal(2, plan.Count(step => step.StartsWith("SEARCH images USING COVERING INDEX", StringComparison.Ordinal)));
        Assert.DoesNotContain(plan, step => step.StartsWith("SCAN images", StringComparison.Ordinal));
    }

    private static string Annotations(string condition) =>
        $"SELECT {new AnnotationRows(new AnnotationQuery()).Columns} {AnnotationRows.From} WHERE {condition}";

    private static bool IsSlow(string step) =>
        (step.StartsWith("SCAN ", StringComparison.Ordinal) && step != "SCAN t") // the rows of a page
        || step.Contains("AUTOMATIC", StringComparison.Ordinal)
        || step.Contains("TEMP B-TREE FOR ORDER BY", StringComparison.Ordinal);

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
