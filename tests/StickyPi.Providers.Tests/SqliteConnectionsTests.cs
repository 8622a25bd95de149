using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using StickyPi.Providers.Sqlite;

namespace StickyPi.Tests;

/// <summary>What is relied on of the pool of Microsoft.Data.Sqlite; trials/SqlitePool asks more of it, for longer.</summary>
public sealed class SqliteConnectionsTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly string _database;

    public SqliteConnectionsTests()
    {
        SqliteLibrary.EnsureLoaded();
        _database = new SqliteConnectionStringBuilder { DataSource = _folder["a.db"], Pooling = true }.ToString();
    }

    public void Dispose()
    {
        SqliteConnections.ClearPool(_database);
        _folder.Dispose();
    }

    [Fact]
    public async Task A_reader_waits_for_the_end_of_a_commit_of_its_own_process()
    {
        using CommitGate gate = new();
        using ManualResetEventSlim end = new();
        Task committing = Task.Factory.StartNew(() => gate.Commit(end.Wait), TaskCreationOptions.LongRunning);
        Task? committed;
        while (gate.TryBeginRead(out committed))
        {
            gate.EndRead();
        }

        Assert.False(committed!.IsCompleted);
        end.Set();
        await committed;
        Assert.True(gate.TryBeginRead(out committed));
        Assert.Null(committed);
        gate.EndRead();
        await committing;

        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => Task.Run(() => gate.Commit(() => throw new InvalidOperationException())));
        Assert.True(gate.TryBeginRead(out _));
        gate.EndRead();
    }

    [SkippableFact]
    public void A_wal_file_that_is_changed_while_it_is_opened_as_unchanging_is_opened_once_more()
    {
        Skip.If(OperatingSystem.IsWindows(), "What is in the way there is another thing.");
        string path = _folder["wal.db"];
        Run("PRAGMA journal_mode = WAL; CREATE TABLE a (b)");
        File.SetLastWriteTimeUtc(path, Pictures.Start);
        _ = Directory.CreateDirectory(path + "-wal");
        int checks = 0;
        SqliteFile file = new(path, _ =>
        {
            if (checks++ == 0)
            {
                Directory.Delete(path + "-wal");
                Run("INSERT INTO a VALUES (1)");
            }

            return true;
        });

        file.Begin(create: false, TimeSpan.FromSeconds(10));

        Assert.Equal(2, checks);
        SqliteConnection connection = file.Connect()!;
        connection.Run("INSERT INTO a VALUES (2)");
        connection.Release();
        file.Close();

        void Run(string sql)
        {
            using SqliteConnection other = SqliteConnections.Open($"Data Source={path};Pooling=False");
            other.Run(sql);
        }
    }

    [Fact]
    public void No_connection_is_lent_to_two_at_a_time()
    {
        const int Users = 32;
        ConcurrentDictionary<nint, int> inUse = [];
        int shared = 0;
        long begin = Stopwatch.GetTimestamp();
        bool stop = false;

        // The pool of 10.0.11 erred when many opened at once and it was empty, so all wait for each other and empty it after each wave.
        using Barrier opening = new(Users, _ => stop = Stopwatch.GetElapsedTime(begin) > TimeSpan.FromSeconds(2.5));
        using Barrier opened = new(Users);
        using Barrier released = new(Users, _ =>
        {
            SqliteConnections.ClearPool(_database);
            inUse.Clear();
        });
        Thread[] threads = [.. Enumerable.Range(0, Users).Select(user => new Thread(() => OpenInWaves(user)))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.Equal(0, shared);

        void OpenInWaves(int user)
        {
            while (true)
            {
                opening.SignalAndWait();
                if (stop)
                {
                    return;
                }

                SqliteConnection connection = SqliteConnections.Open(_database);
                if (!inUse.TryAdd(connection.Handle!.DangerousGetHandle(), user))
                {
                    _ = Interlocked.Increment(ref shared);
                }

                opened.SignalAndWait();
                connection.Release();
                released.SignalAndWait();
            }
        }
    }

    [Fact]
    public void A_connection_comes_again_unless_a_transaction_was_left_open_on_it()
    {
        SqliteConnection first = SqliteConnections.Open(_database);
        sqlite3 handle = first.Handle!;
        first.Release();
        SqliteConnection again = SqliteConnections.Open(_database);
        Assert.Same(handle, again.Handle);

        again.Run("BEGIN");
        again.Release();

        SqliteConnection other = SqliteConnections.Open(_database);
        Assert.NotSame(handle, other.Handle);
        Assert.True(handle.IsClosed);
        other.Release();
    }

    [Fact]
    public void What_comes_back_after_the_end_is_closed_so_that_the_file_can_go()
    {
        SqliteConnection late = SqliteConnections.Open(_database);
        SqliteConnection idle = SqliteConnections.Open(_database);
        sqlite3[] handles = [late.Handle!, idle.Handle!];
        idle.Release();

        SqliteConnections.ClearPool(_database);
        Assert.Equal([false, true], handles.Select(handle => handle.IsClosed));
        late.Release();

        Assert.Equal([true, true], handles.Select(handle => handle.IsClosed));
    }
}
