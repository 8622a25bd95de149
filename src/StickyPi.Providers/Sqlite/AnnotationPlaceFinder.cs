using Microsoft.Data.Sqlite;
using StickyPi.Core.Annotations;
using StickyPi.Core.Catalog;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Sqlite;

/// <summary>Looks at the places of annotations, one after the other, with one prepared statement.</summary>
internal sealed class AnnotationPlaceFinder : IDisposable
{
    private readonly SqliteCommand _command;
    private readonly SqliteParameter[] _parameters;

    public AnnotationPlaceFinder(SqliteConnection connection)
    {
        _command = connection.CreateCommand();
        _command.CommandText = AnnotationRows.Place;
        _parameters = [.. ((string[])["@device", "@time", "@name", "@version"]).Select(name => _command.Parameters.Add(name, SqliteType.Text))];
    }

    public AnnotationPlace Find(AnnotationReference reference)
    {
        string[] values = [reference.Image.Device, SqliteColumns.ToText(reference.Image.DateTime), reference.AlgoName, reference.AlgoVersion];
        for (int i = 0; i < values.Length; i++)
        {
            _parameters[i].Value = values[i];
        }

        using SqliteDataReader reader = _command.ExecuteReader();
        return reader.Read()
            ? new AnnotationPlace(reader.Row().Int64(0), reader.GetString(1), reader.GetBoolean(2), reader.Row().Int32(3), reader.Row().Int32(4))
            : default;
    }

    public void Dispose() => _command.Dispose();
}
