using Microsoft.Data.Sqlite;
using SQLitePCL;
using StickyPi.Core.Tuboids;

namespace StickyPi.Providers.Sqlite;

/// <summary>Looks up exact series of tuboids, one after the other, with one prepared statement.</summary>
internal sealed class TuboidSeriesFinder : IDisposable
{
    /// <summary>The columns, in the order in which <see cref="Read"/> takes them; the number of tuboids of the series follows.</summary>
    public const string Columns =
        "s.id, s.device, s.start_datetime, s.end_datetime, s.n_images, s.n_tuboids, s.algo_name, s.algo_version, s.datetime_created, "
        + "s.api_version, s.api_user";

    private readonly SqliteCommand _command;

    public TuboidSeriesFinder(SqliteConnection connection)
    {
        _command = connection.CreateCommand();
        _command.CommandText =
            $"""
            SELECT {Columns}, (SELECT count(*) FROM tiled_tuboids WHERE parent_series_id = s.id) FROM tuboid_series s
            WHERE device = $device AND start_datetime = $start AND end_datetime = $end AND algo_name = $name AND algo_version = $version
            """;
        foreach (string name in (string[])["$device", "$start", "$end", "$name", "$version"])
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
        return reader.Read() ? Read(reader.Handle!) : null;
    }

    /// <summary>Reads the row that a statement stands on.</summary>
    /// <param name="row">A statement over <see cref="Columns"/> and the number of tuboids.</param>
    /// <returns>The series.</returns>
    public static StickyTuboidSeries Read(sqlite3_stmt row) => new()
    {
        Id = raw.sqlite3_column_int64(row, 0),
        Device = SqliteColumns.Text(row, 1) ?? "",
        StartTime = SqliteColumns.Time(row, 2),
        EndTime = SqliteColumns.Time(row, 3),
        ImageCount = raw.sqlite3_column_int(row, 4),
        TuboidCount = raw.sqlite3_column_int(row, 5),
        AlgoName = SqliteColumns.Text(row, 6) ?? "",
        AlgoVersion = SqliteColumns.Text(row, 7) ?? "",
        CreatedAt = SqliteColumns.Time(row, 8),
        ApiVersion = SqliteColumns.Text(row, 9),
        ApiUser = SqliteColumns.Text(row, 10),
        StoredTuboidCount = raw.sqlite3_column_int(row, 11),
    };

    public void Dispose() => _command.Dispose();
}
