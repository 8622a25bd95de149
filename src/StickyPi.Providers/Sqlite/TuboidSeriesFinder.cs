using Microsoft.Data.Sqlite;
using StickyPi.Core.Tuboids;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Sqlite;

/// <summary>Looks up exact series of tuboids, one after the other, with one prepared statement.</summary>
internal sealed class TuboidSeriesFinder : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _command;

    public TuboidSeriesFinder(SqliteConnection connection)
    {
        _connection = connection;
        _command = connection.CreateCommand();
        _command.CommandText = TuboidSeriesRow.Find;
        foreach (string name in (string[])["@device", "@start", "@end", "@name", "@version"])
        {
            _ = _command.Parameters.Add(name, SqliteType.Text);
        }
    }

    public StickyTuboidSeries? Find(TuboidSeriesReference reference)
    {
        string[] values =
        [
            reference.Device, SqliteColumns.ToText(reference.StartTime), SqliteColumns.ToText(reference.EndTime), reference.AlgoName,
            reference.AlgoVersion,
        ];
        for (int i = 0; i < values.Length; i++)
        {
            _command.Parameters[i].Value = values[i];
        }

        using SqliteDataReader reader = _command.ExecuteReader();
        if (reader.Read())
        {
            return TuboidSeriesRow.Read(reader.Row());
        }

        MisshapenTimes.ThrowIfAnySeries(_connection);
        return null;
    }

    public void Dispose() => _command.Dispose();
}
