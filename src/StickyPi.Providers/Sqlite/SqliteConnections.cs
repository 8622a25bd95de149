using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace StickyPi.Providers.Sqlite;

/// <summary>What the catalog needs beyond Microsoft.Data.Sqlite.</summary>
internal static class SqliteConnections
{
    // SQLite's own waiting is not used: it cannot be cancelled, and where several write, it keeps one of them waiting for seconds.
    private static readonly TimeSpan WaitStep = TimeSpan.FromMilliseconds(4);

    /// <summary>A statement that reads next to nothing, to get the lock that reading takes.</summary>
    public const string AnyRead = "SELECT 1 FROM sqlite_master LIMIT 1";

    /// <summary>How long another program may be in the way, unless said otherwise.</summary>
    public static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(60);

    /// <summary>Opens a connection, or takes one from the pool.</summary>
    /// <param name="connectionString">Which database, and whether its connections are pooled.</param>
    /// <returns>The connection, outside of any transaction; to be given back by <see cref="Release"/>.</returns>
    public static SqliteConnection Open(string connectionString)
    {
        SqliteConnection connection = new(connectionString);
        try
        {
            connection.Open();

            // Triggers of other programs may hold "text" for 'text', as most builds of SQLite allow.
            SqliteException.ThrowExceptionForRC(
                raw.sqlite3_db_config(connection.Handle, raw.SQLITE_DBCONFIG_DQS_DML, 1, out _), connection.Handle);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Gives a connection back to its pool, or closes it where it must not be used again.</summary>
    /// <param name="connection">The connection, which the caller uses no more.</param>
    public static void Release(this SqliteConnection connection)
    {
        // The pool would hand on a connection whose transaction is still open. ClearPool closes it, and the others of the pool are opened
        // anew.
        if (raw.sqlite3_get_autocommit(connection.Handle) == 0)
        {
            SqliteConnection.ClearPool(connection);
        }

        connection.Dispose();
    }

    /// <summary>Closes the connections that wait in the pool, and those that are in use as soon as they are released.</summary>
    /// <param name="connectionString">Which database.</param>
    public static void ClearPool(string connectionString)
    {
        using SqliteConnection any = new(connectionString);
        SqliteConnection.ClearPool(any);
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
        SqliteException.ThrowExceptionForRC(raw.sqlite3_exec(connection.Handle, sql), connection.Handle);
    }

    /// <summary>Runs one statement, unless another process is in the way.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="sql">The statement.</param>
    /// <returns>Whether it was run.</returns>
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

    /// <summary>Waits a moment. Waiters that wake at different times do not keep colliding.</summary>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>A task that ends after it.</returns>
    public static Task WaitAsync(CancellationToken cancellationToken) => Task.Delay(WaitStep * (1 + Random.Shared.NextDouble()), cancellationToken);

    /// <summary>Waits a moment on this thread, likewise.</summary>
    public static void Wait() => Thread.Sleep(WaitStep * (1 + Random.Shared.NextDouble()));

    /// <summary>Runs one statement, waiting while another process is in the way, without a thread.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="sql">The statement.</param>
    /// <param name="deadline">Until when to wait, in the milliseconds of <see cref="Environment.TickCount64"/>; it is tried once at least.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>A task that ends when it was run.</returns>
    /// <exception cref="SqliteException">The statement failed, or the other process did not give way.</exception>
    public static async Task RunPatientlyAsync(this SqliteConnection connection, string sql, long deadline, CancellationToken cancellationToken)
    {
        while (!connection.TryRun(sql))
        {
            if (Environment.TickCount64 >= deadline)
            {
                SqliteException.ThrowExceptionForRC(raw.SQLITE_BUSY, connection.Handle);
            }

            await WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Runs one statement, waiting on this thread while another process is in the way.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="sql">The statement.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="SqliteException">The statement failed, or the other process did not give way.</exception>
    public static void RunPatiently(this SqliteConnection connection, string sql, TimeSpan patience, CancellationToken cancellationToken)
    {
        long deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        int code;
        while ((code = raw.sqlite3_exec(connection.Handle, sql)) is raw.SQLITE_BUSY or raw.SQLITE_LOCKED && Environment.TickCount64 < deadline)
        {
            _ = cancellationToken.WaitHandle.WaitOne(WaitStep * (1 + Random.Shared.NextDouble()));
            cancellationToken.ThrowIfCancellationRequested();
        }

        SqliteException.ThrowExceptionForRC(code, connection.Handle);
    }
}
