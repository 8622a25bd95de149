// Does the connection pool of Microsoft.Data.Sqlite lend one connection to two threads at a time (dotnet/efcore#39008)?
// StickyPi relies on it not to. Run this after each raise of the package: 10.0.11 did it 19 times in 20 seconds, 10.0.15 never.
//
//   dotnet run --configuration Release --project trials/SqlitePool [-- <seconds> <threads>]
//
// It ends with 1 if a connection was lent twice.
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
int seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 20;
int threads = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 32;

Batteries_V2.Init();
string folder = Directory.CreateTempSubdirectory("sqlite-pool-").FullName;
string connectionString = new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, "a.db"), Pooling = true }.ToString();
try
{
    using (SqliteConnection connection = new(connectionString))
    {
        connection.Open();
        Run(connection, "CREATE TABLE numbers (number INTEGER)");
    }

    Version? provider = typeof(SqliteConnection).Assembly.GetName().Version;
    Console.WriteLine($"Microsoft.Data.Sqlite {provider}, SQLite {raw.sqlite3_libversion().utf8_to_string()}");
    long inWaves = Measure("All open at once, and the pool is emptied before the next time", inWaves: true);
    long alone = Measure("Each opens, reads and closes on its own", inWaves: false);
    return inWaves + alone > 0 ? 1 : 0;
}
finally
{
    SqliteConnection.ClearAllPools();
    Directory.Delete(folder, recursive: true);
}

long Measure(string what, bool inWaves)
{
    const int RoundsAlone = 100;
    long opened = 0;
    long lentTwice = 0;
    ConcurrentDictionary<nint, int> inUse = [];
    ConcurrentDictionary<string, int> errors = [];
    long started = Stopwatch.GetTimestamp();
    bool stop = false;

    // All threads stop after the same round, or the others would wait for those that have gone.
    using Barrier begin = new(threads, _ => stop = Stopwatch.GetElapsedTime(started).TotalSeconds > seconds);
    using Barrier end = new(threads);
    Thread[] workers = [.. Enumerable.Range(0, threads).Select(number => new Thread(() => Work(number)))];
    Array.ForEach(workers, worker => worker.Start());
    Array.ForEach(workers, worker => worker.Join());
    Console.WriteLine($"{what}: {threads} threads, {opened:N0} opened, {lentTwice:N0} lent twice, {errors.Values.Sum():N0} errors");
    foreach ((string message, int times) in errors.OrderByDescending(error => error.Value).Take(3))
    {
        Console.WriteLine($"  {times:N0} times: {message}");
    }

    return lentTwice;

    void Work(int number)
    {
        for (int round = 0; ; round++)
        {
            if (inWaves || round % RoundsAlone == 0)
            {
                begin.SignalAndWait();
                if (stop)
                {
                    return;
                }
            }

            using (SqliteConnection connection = new(connectionString))
            {
                connection.Open();
                _ = Interlocked.Increment(ref opened);
                nint handle = connection.Handle!.DangerousGetHandle();
                bool isOurs = inUse.TryAdd(handle, number);
                if (!isOurs)
                {
                    _ = Interlocked.Increment(ref lentTwice);
                }

                try
                {
                    Run(connection, "BEGIN; SELECT count(*) FROM numbers; ROLLBACK");
                }
                catch (SqliteException e)
                {
                    _ = errors.AddOrUpdate(e.Message, 1, (_, times) => times + 1);
                }

                if (inWaves)
                {
                    // Nobody gives a connection back before all have looked at theirs.
                    end.SignalAndWait();
                }

                if (isOurs)
                {
                    _ = inUse.TryRemove(handle, out _);
                }
            }

            if (inWaves)
            {
                end.SignalAndWait();
                if (number == 0)
                {
                    using SqliteConnection any = new(connectionString);
                    SqliteConnection.ClearPool(any);
                }
            }
        }
    }
}

static void Run(SqliteConnection connection, string sql)
{
    using SqliteCommand command = connection.CreateCommand();
    command.CommandText = sql;
    _ = command.ExecuteNonQuery();
}
