using Microsoft.Data.Sqlite;
using StickyPi.Core.Tuboids;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Sqlite;

/// <summary>Looks up exact tuboids, one after the other, with one prepared statement.</summary>
internal sealed class TuboidFinder : IDisposable
{
    private readonly SqliteCommand _command;
    private readonly SqliteParameter _tuboidId;
    private readonly TuboidRows _rows = new();

    public TuboidFinder(SqliteConnection connection)
    {
        _command = connection.CreateCommand();
        _command.CommandText = TuboidRows.Find;
        _tuboidId = _command.Parameters.Add("@tuboid", SqliteType.Text);
    }

    public StickyTuboid? Find(string tuboidId)
    {
        _tuboidId.Value = tuboidId;
        using SqliteDataReader reader = _command.ExecuteReader();
        return reader.Read() ? _rows.Read(reader.Row()) : null;
    }

    public void Dispose() => _command.Dispose();
}
