using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace StickyPi.Providers.Sqlite;

/// <summary>What the catalog needs beyond Microsoft.Data.Sqlite.</summary>
internal static class SqliteConnections
{
    // SQLite's own waiting is not used: the library that ships was built to sleep for whole seconds.
    private static readonly TimeSpan WaitStep = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(60);

    /// <summary>Opens a connection.</summary>
    /// <param name="connectionString">Which database.</param>
    /// <returns>The connection; disposing of it returns it to its pool.</returns>
    public static SqliteConnection Open(string connectionString)
    {
        SqliteConnection connection = new(connectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The row that a reader stands on, to be read without what Microsoft.Data.Sqlite does around it.</summary>
    /// <param name="reader">A reader that stands on a row.</param>
    /// <returns>The row.</returns>
    public static SqliteRow Row(this SqliteDataReader reader) => new(reader.Handle!);

    /// <summary>Runs statements without parameters or results.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="sql">The statements.</param>
    public static void Run(this SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        _ = command.ExecuteNonQuery();
    }

    /// <summary>Runs one statement, waiting while another process is in the way.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="sql">The statement.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="SqliteException">The statement failed, or the other process did not give way within a minute.</exception>
    public static void RunPatiently(this SqliteConnection connection, string sql, CancellationToken cancellationToken)
    {
        long deadline = Environment.TickCount64 + (long)WaitLimit.TotalMilliseconds;
        int code;
        while ((code = raw.sqlite3_exec(connection.Handle, sql)) is raw.SQLITE_BUSY or raw.SQLITE_LOCKED && Environment.TickCount64 < deadline)
        {
            // Waiters that wake at different times do not keep colliding.
            _ = cancellationToken.WaitHandle.WaitOne(WaitStep * (1 + Random.Shared.NextDouble()));
            cancellationToken.ThrowIfCancellationRequested();
        }

        SqliteException.ThrowExceptionForRC(code, connection.Handle);
    }
}
