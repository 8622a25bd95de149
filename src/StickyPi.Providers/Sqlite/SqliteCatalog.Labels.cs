using Microsoft.Data.Sqlite;
using StickyPi.Core.Labels;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Sqlite;

internal sealed partial class SqliteCatalog
{
    public ValueTask<IReadOnlyList<StickyLabel>> GetLabelPageAsync(long afterId, int count, CancellationToken cancellationToken) =>
        UseAsync(connection =>
        {
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = LabelRows.Page;
            _ = command.Parameters.AddWithValue("@after", afterId);
            _ = command.Parameters.AddWithValue("@count", count);
            using SqliteDataReader reader = command.ExecuteReader();
            LabelRows rows = new();
            List<StickyLabel> labels = [];
            while (reader.Read())
            {
                labels.Add(rows.Read(reader.Row())!);
            }

            return (IReadOnlyList<StickyLabel>)labels;
        }, cancellationToken);

    public ValueTask<IReadOnlyList<StickyLabel>> FindLabelsAsync(IReadOnlyList<string> tuboidIds, CancellationToken cancellationToken) =>
        UseAsync(connection =>
        {
            using LabelFinder finder = new(connection);
            return (IReadOnlyList<StickyLabel>)[.. tuboidIds.SelectMany(finder.Find)];
        }, cancellationToken);
}
