using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace StickyPi.Providers.Sqlite;

/// <summary>What the catalog needs beyond Microsoft.Data.Sqlite.</summary>
internal static class SqliteConnections
{
    // SQLite waits this long by itself, in growing steps, while another process writes; Microsoft.Data.Sqlite then repeats.
    private const int BusyMilliseconds = 2000;

    /// <summary>Opens a connection that waits for other processes.</summary>
    /// <param name="connectionString">Which database.</param>
    /// <returns>The connection; disposing of it returns it to its pool.</returns>
    public static SqliteConnection Open(string connectionString)
    {
        SqliteConnection connection = new(connectionString);
        try
        {
            connection.Open();
            _ = raw.sqlite3_busy_timeout(connection.Handle, BusyMilliseconds);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs statements without parameters or results.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="sql">The statements.</param>
    public static void Run(this SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        _ = command.ExecuteNonQuery();
    }

    /// <summary>Runs one statement without the repetitions of Microsoft.Data.Sqlite, for callers that can be cancelled in between.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="sql">The statement.</param>
    /// <returns>False where another connection is in the way.</returns>
    /// <exception cref="SqliteException">Any other failure.</exception>
    public static bool TryRun(this SqliteConnection connection, string sql)
    {
        int code = raw.sqlite3_exec(connection.Handle, sql);
        if (code is raw.SQLITE_BUSY or raw.SQLITE_LOCKED)
        {
            return false;
        }

        SqliteException.ThrowExceptionForRC(code, connection.Handle);
        return true;
    }
}
