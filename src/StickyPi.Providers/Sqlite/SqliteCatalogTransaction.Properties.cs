using System.Text;
using Microsoft.Data.Sqlite;
using StickyPi.Core.Images;
using StickyPi.Core.Properties;
using StickyPi.Core.Tuboids;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Sqlite;

internal sealed partial class SqliteCatalogTransaction
{
    private PropertyFinder? _propertyFinder;
    private RowInserter? _properties;
    private bool _hasProperties;

    public StickyPropertySet? FindProperties(PropertyTarget target) => Guard(() =>
        HasProperties() ? (_propertyFinder ??= Owned(new PropertyFinder(connection))).Find(target) : null);

    public void SetProperties(PropertyTarget target, ReadOnlyMemory<byte>? json) => _ = Guard(() =>
    {
        if (HasProperties())
        {
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = PropertyRow.Delete;
            _ = command.Parameters.AddWithValue("@kind", PropertyRow.NameOf(target.Kind));
            _ = command.Parameters.AddWithValue("@target", target.Id);
            _ = command.ExecuteNonQuery();
        }

        if (json is not { } utf8)
        {
            return false;
        }

        if (!HasProperties())
        {
            connection.Run(Schema.Properties);
        }

        _properties ??= Inserter(CatalogTable.Properties);
        (long? imageId, long? seriesId, string? parentCreated) = FindParent(target);
        _ = _properties.Insert(PropertyRow.NameOf(target.Kind), target.Id, imageId, seriesId, parentCreated, Encoding.UTF8.GetString(utf8.Span));
        return true;
    });

    private bool HasProperties() => _hasProperties = _hasProperties || Schema.Has(connection, Schema.PropertiesTable);

    private (long? ImageId, long? SeriesId, string? Created) FindParent(PropertyTarget target)
    {
        using SqliteCommand command = connection.CreateCommand();
        if (target.TryGetImage(out ImageReference image))
        {
            command.CommandText = PropertyRow.Image;
            _ = command.Parameters.AddWithValue("@device", image.Device);
            _ = command.Parameters.AddWithValue("@time", SqliteColumns.ToText(image.DateTime));
        }
        else if (target.TryGetSeries(out TuboidSeriesReference series))
        {
            command.CommandText = PropertyRow.Series;
            _ = command.Parameters.AddWithValue("@device", series.Device);
            _ = command.Parameters.AddWithValue("@start", SqliteColumns.ToText(series.StartTime));
            _ = command.Parameters.AddWithValue("@end", SqliteColumns.ToText(series.EndTime));
            _ = command.Parameters.AddWithValue("@name", series.AlgoName);
            _ = command.Parameters.AddWithValue("@version", series.AlgoVersion);
        }
        else
        {
            return default;
        }

        using SqliteDataReader reader = command.ExecuteReader();
        if (!reader.Read())
        {
            throw PropertyRow.NoParent(target);
        }

        long id = reader.Row().Int64(0);
        return target.Kind == StickyPropertyKind.Image ? (id, null, reader.GetString(1)) : (null, id, reader.GetString(1));
    }
}
