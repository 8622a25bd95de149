using Microsoft.Data.Sqlite;
using StickyPi.Core.Properties;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Sqlite;

internal sealed partial class SqliteCatalog
{
    public ValueTask<IReadOnlyList<StickyPropertySet?>> FindPropertiesAsync(
        IReadOnlyList<PropertyTarget> targets, CancellationToken cancellationToken) => UseAsync(connection =>
    {
        if (!Schema.Has(connection, Schema.PropertiesTable))
        {
            return new StickyPropertySet?[targets.Count];
        }

        using PropertyFinder finder = new(connection);
        return (IReadOnlyList<StickyPropertySet?>)[.. targets.Select(finder.Find)];
    }, cancellationToken);

    public ValueTask<IReadOnlyList<StickyPropertySet>> GetPropertyPageAsync(
        StickyPropertyKind kind, string afterId, int count, CancellationToken cancellationToken) => UseAsync(connection =>
    {
        List<StickyPropertySet> page = [];
        if (Schema.Has(connection, Schema.PropertiesTable))
        {
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = PropertyRow.Page;
            _ = command.Parameters.AddWithValue("@kind", PropertyRow.NameOf(kind));
            _ = command.Parameters.AddWithValue("@after", afterId);
            _ = command.Parameters.AddWithValue("@count", count);
            using SqliteDataReader reader = command.ExecuteReader();
            while (reader.Read())
            {
                page.Add(PropertyRow.Read(reader.Row()));
            }
        }

        return (IReadOnlyList<StickyPropertySet>)page;
    }, cancellationToken);
}
