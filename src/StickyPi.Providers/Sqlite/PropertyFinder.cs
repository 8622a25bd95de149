using Microsoft.Data.Sqlite;
using StickyPi.Core.Properties;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Sqlite;

/// <summary>Looks up extra properties, one after the other, with one prepared statement.</summary>
internal sealed class PropertyFinder : IDisposable
{
    private readonly SqliteCommand _command;
    private readonly SqliteParameter _kind;
    private readonly SqliteParameter _target;

    public PropertyFinder(SqliteConnection connection)
    {
        _command = connection.CreateCommand();
        _command.CommandText = PropertyRow.Find;
        _kind = _command.Parameters.Add("@kind", SqliteType.Text);
        _target = _command.Parameters.Add("@target", SqliteType.Text);
    }

    public StickyPropertySet? Find(PropertyTarget target)
    {
        _kind.Value = PropertyRow.NameOf(target.Kind);
        _target.Value = target.Id;
        using SqliteDataReader reader = _command.ExecuteReader();
        return reader.Read() ? PropertyRow.Read(reader.Row()) : null;
    }

    public void Dispose() => _command.Dispose();
}
