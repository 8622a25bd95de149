using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using StickyPi.Providers.Sqlite;

namespace StickyPi.Tests;

public sealed class SqliteConnectionPoolTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly SqliteConnectionPool _pool;

    public SqliteConnectionPoolTests()
    {
        SqliteLibrary.EnsureLoaded();
        _pool = new SqliteConnectionPool(new SqliteConnectionStringBuilder { DataSource = _folder["a.db"], Pooling = false }.ToString());
    }

    public void Dispose()
    {
        _pool.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task No_connection_is_lent_to_two_at_a_time()
    {
        ConcurrentDictionary<nint, int> inUse = [];
        int shared = 0;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(user => Task.Run(() =>
        {
            for (int i = 0; i < 500; i++)
            {
                SqliteConnection connection = _pool.Rent();
                nint handle = connection.Handle!.DangerousGetHandle();
                if (!inUse.TryAdd(handle, user))
                {
                    _ = Interlocked.Increment(ref shared);
                }

                connection.Run("BEGIN");
                connection.Run("ROLLBACK");
                _ = inUse.TryRemove(handle, out _);
                _pool.Return(connection);
            }
        })));

        Assert.Equal(0, shared);
    }

    [Fact]
    public void A_connection_comes_again_unless_a_transaction_was_left_open_on_it()
    {
        SqliteConnection first = _pool.Rent();
        _pool.Return(first);
        Assert.Same(first, _pool.Rent());

        first.Run("BEGIN");
        _pool.Return(first);

        Assert.NotSame(first, _pool.Rent());
        Assert.Equal(System.Data.ConnectionState.Closed, first.State);
    }

    [Fact]
    public void What_comes_back_after_the_end_is_closed_so_that_the_file_can_go()
    {
        SqliteConnection late = _pool.Rent();
        SqliteConnection idle = _pool.Rent();
        _pool.Return(idle);

        _pool.Dispose();
        _pool.Return(late);

        Assert.Equal((System.Data.ConnectionState.Closed, System.Data.ConnectionState.Closed), (idle.State, late.State));
    }
}
