using Microsoft.Data.Sqlite;
using StickyPi.Core.Labels;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Sqlite;

/// <summary>Looks up the labels of exact tuboids, one after the other, with one prepared statement.</summary>
internal sealed class LabelFinder : IDisposable
{
    private readonly SqliteCommand _command;
    private readonly SqliteParameter _tuboidId;
    private readonly LabelRows _rows = new();

    public LabelFinder(SqliteConnection connection)
    {
        _command = connection.CreateCommand();
        _command.CommandText = LabelRows.OfTuboid;
        _tuboidId = _command.Parameters.Add("@tuboid", SqliteType.Text);
    }

    public IEnumerable<StickyLabel> Find(string tuboidId)
    {
        _tuboidId.Value = tuboidId;
        using SqliteDataReader reader = _command.ExecuteReader();
        while (reader.Read())
        {
            yield return _rows.Read(reader.Row())!;
        }
    }

    public void Dispose() => _command.Dispose();
}
