using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace StickyPi.Providers.Sqlite;

/// <summary>
/// Open connections to one catalog that wait for their next use: opening a file and reading its schema anew takes longer than most
/// queries. The pool of Microsoft.Data.Sqlite is not used, because it now and then lends one connection to two threads at a time
/// (dotnet/efcore#39008), whose transactions are then one.
/// </summary>
/// <param name="connectionString">Which catalog; without pooling.</param>
internal sealed class SqliteConnectionPool(string connectionString) : IDisposable
{
    // More than work at a time on any machine; those that a burst has opened beyond are closed again.
    private const int MaxIdle = 32;

    private readonly Lock _gate = new();
    private readonly Stack<SqliteConnection> _idle = [];
    private bool _closed;

    /// <summary>Takes a connection that nobody uses, or opens one.</summary>
    /// <returns>The connection, outside of any transaction; the caller's alone until <see cref="Return"/>.</returns>
    public SqliteConnection Rent()
    {
        lock (_gate)
        {
            if (_idle.TryPop(out SqliteConnection? connection))
            {
                return connection;
            }
        }

        return SqliteConnections.Open(connectionString);
    }

    /// <summary>Gives a connection back.</summary>
    /// <param name="connection">The connection, which the caller uses no more.</param>
    public void Return(SqliteConnection connection)
    {
        // One whose transaction could not be ended must not pass it on.
        if (raw.sqlite3_get_autocommit(connection.Handle) != 0)
        {
            lock (_gate)
            {
                if (!_closed && _idle.Count < MaxIdle)
                {
                    _idle.Push(connection);
                    return;
                }
            }
        }

        connection.Dispose();
    }

    /// <summary>Closes those that nobody uses, and from now on each that comes back: an open one would keep Windows from moving the folder.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            while (_idle.TryPop(out SqliteConnection? connection))
            {
                connection.Dispose();
            }
        }
    }
}
