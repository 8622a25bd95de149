using Microsoft.Data.Sqlite;
using SQLitePCL;
using StickyPi.Core;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Sqlite;

/// <summary>
/// A catalog in a SQLite file. The journal mode of the file is left as it is, so that other programs find what they know; no read
/// lock is held between calls, which is why a slow reader never keeps a writer from committing.
/// </summary>
internal sealed partial class SqliteCatalog : ICatalog
{
    // Who waits longer than this is one of a bounded number; the others are told at once that the catalog is locked.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);
    private const int MaxWaiting = 64;

    private readonly string _path;
    private readonly TimeSpan _patience;
    private readonly SqliteFile _file;
    private readonly SemaphoreSlim _writing = new(1, 1);

    private readonly CommitGate _commits = new();

    private volatile bool _isClosed;
    private int _waiting;

    private SqliteCatalog(string path, TimeSpan? patience)
    {
        _path = path;
        _patience = patience ?? SqliteConnections.WaitLimit;
        _file = new SqliteFile(path, Check);
    }

    /// <summary>Opens a catalog, making its tables where the file is new or empty.</summary>
    /// <param name="path">The file.</param>
    /// <param name="create">Whether tables may be made.</param>
    /// <param name="patience">How long to wait where another program keeps the file locked; null for a minute.</param>
    /// <returns>The catalog.</returns>
    public static SqliteCatalog Open(string path, bool create, TimeSpan? patience = null)
    {
        SqliteLibrary.EnsureLoaded();
        SqliteCatalog catalog = new(path, patience);
        try
        {
            catalog._file.Begin(create, catalog._patience);
            return catalog;
        }
        catch (Exception e)
        {
            catalog._file.Close();
            throw e is SqliteException error ? SqliteErrors.ToStickyException(error, path) : e;
        }
    }

    private bool Check(SqliteConnection connection)
    {
        bool isWhole = Schema.Check(connection, _path);
        IsSnapshot = SnapshotFile.Is(connection);
        return isWhole;
    }

    public ValueTask<IReadOnlyList<string>> GetDeviceNamesAsync(CancellationToken cancellationToken) => UseAsync(connection =>
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = ImageRows.DeviceNames;
        using SqliteDataReader reader = command.ExecuteReader();
        List<string> names = [];
        while (reader.Read())
        {
            names.Add(reader.GetString(0));
        }

        return (IReadOnlyList<string>)names;
    }, cancellationToken);

    public ValueTask<StickyDevice?> GetDeviceAsync(string device, CancellationToken cancellationToken) => UseAsync(connection =>
    {
        using SqliteCommand command = connection.CreateCommand();
        _ = command.Parameters.AddWithValue("@device", device);
        command.CommandText = ImageRows.DeviceRange;
        long count;
        DateTime first;
        DateTime last;
        using (SqliteDataReader reader = command.ExecuteReader())
        {
            _ = reader.Read();
            count = reader.GetInt64(0);
            if (count == 0)
            {
                return null;
            }

            first = reader.Row().SearchedTime(1);
            last = reader.Row().SearchedTime(2);
        }

        StickyImage? located = Last(ImageRows.LastLocated);
        StickyImage? measured = Last(ImageRows.LastMeasured);
        return new StickyDevice
        {
            Device = device,
            ImageCount = count,
            FirstImage = first,
            LastImage = last,
            LastPosition = located?.Position,
            LastTemperature = measured?.Temperature,
        };

        StickyImage? Last(string query)
        {
            command.CommandText = query;
            return ReadAll(command).FirstOrDefault();
        }
    }, cancellationToken);

    public ValueTask<IReadOnlyList<StickyImage?>> FindImagesAsync(IReadOnlyList<ImageReference> references, CancellationToken cancellationToken)
    {
        if (references.Count == 0)
        {
            return new([]);
        }

        return UseAsync(connection =>
        {
            using ImageFinder finder = new(connection);
            StickyImage?[] images = new StickyImage?[references.Count];
            for (int i = 0; i < images.Length; i++)
            {
                images[i] = finder.Find(references[i]);
            }

            return (IReadOnlyList<StickyImage?>)images;
        }, cancellationToken);
    }

    public ValueTask<IReadOnlyList<StickyImage>> GetImagePageAsync(
        DeviceRange range, long skip, int count, CancellationToken cancellationToken) => UseAsync(connection =>
    {
        MisshapenTimes.ThrowIfNear(connection, range);
        using SqliteCommand command = InRangeCommand(connection, range);
        command.CommandText = ImageRows.Page;
        _ = command.Parameters.AddWithValue("@count", count);
        _ = command.Parameters.AddWithValue("@skip", skip);
        return (IReadOnlyList<StickyImage>)ReadAll(command);
    }, cancellationToken);

    public ValueTask<long> CountImagesAsync(DeviceRange range, CancellationToken cancellationToken) => UseAsync(connection =>
    {
        MisshapenTimes.ThrowIfNear(connection, range);
        using SqliteCommand command = InRangeCommand(connection, range);
        command.CommandText = ImageRows.Count;
        return (long)command.ExecuteScalar()!;
    }, cancellationToken);

    public async ValueTask<ICatalogTransaction> BeginWriteAsync(string? user, CancellationToken cancellationToken)
    {
        if (IsSnapshot)
        {
            throw StickyException.StoreIsCopy(_path);
        }

        long deadline = Environment.TickCount64 + (long)_patience.TotalMilliseconds;
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        SqliteConnection? connection = null;
        try
        {
            while ((connection = _file.Connect()) is null)
            {
                if (Environment.TickCount64 >= deadline)
                {
                    throw SqliteErrors.Locked(_path, cause: null);
                }

                await SqliteConnections.WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            await connection.RunPatientlyAsync("BEGIN IMMEDIATE", deadline, cancellationToken).ConfigureAwait(false);
            return new SqliteCatalogTransaction(connection, _path, user, Release, _writing, _commits, _patience);
        }
        catch (Exception e)
        {
            Release(connection);
            _ = _writing.Release();
            throw e is SqliteException error ? ToStickyException(error) : e;
        }
    }

    // An open file would keep Windows from moving its folder.
    public ValueTask DisposeAsync()
    {
        _isClosed = true;
        _file.Close();
        return ValueTask.CompletedTask;
    }

    // What began when the catalog was closed already would leave its connection in the pool, where nobody closes it.
    private void Release(SqliteConnection? connection)
    {
        connection?.Release();
        if (_isClosed)
        {
            _file.Close();
        }
    }

    private static SqliteCommand InRangeCommand(SqliteConnection connection, DeviceRange range)
    {
        SqliteCommand command = connection.CreateCommand();
        _ = command.Parameters.AddWithValue("@device", range.Device);
        _ = command.Parameters.AddWithValue("@start", SqliteColumns.ToText(range.StartTime));
        _ = command.Parameters.AddWithValue("@end", SqliteColumns.ToText(range.EndTime));
        return command;
    }

    private static List<StickyImage> ReadAll(SqliteCommand command)
    {
        using SqliteDataReader reader = command.ExecuteReader();
        ImageRows rows = new();
        List<StickyImage> images = [];
        while (reader.Read())
        {
            images.Add(rows.Read(reader.Row()));
        }

        return images;
    }

    // Whoever waits, for other programs or for a commit of this one, takes no thread of the pool from those who need none.
    private async ValueTask<T> UseAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken)
    {
        long start = Environment.TickCount64;
        bool counted = false;
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (TryUse(read, out T? result, out Task? committed))
                {
                    return result!;
                }

                if (committed is not null)
                {
                    // This process commits, and waits for other programs itself: what that takes says nothing of them.
                    long before = Environment.TickCount64;
                    await committed.WaitAsync(cancellationToken).ConfigureAwait(false);
                    start += Environment.TickCount64 - before;
                    continue;
                }

                long waited = Environment.TickCount64 - start;
                if (waited > Grace.TotalMilliseconds && !counted)
                {
                    counted = true;
                    if (Interlocked.Increment(ref _waiting) > MaxWaiting)
                    {
                        throw SqliteErrors.Locked(_path, cause: null);
                    }
                }

                if (waited > _patience.TotalMilliseconds)
                {
                    throw SqliteErrors.Locked(_path, cause: null);
                }

                await SqliteConnections.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            if (counted)
            {
                _ = Interlocked.Decrement(ref _waiting);
            }
        }
    }

    // One transaction, so that the file is locked and checked for changes once and not for each statement. False while somebody is in the way.
    private bool TryUse<T>(Func<SqliteConnection, T> read, out T? result, out Task? committed)
    {
        result = default;
        if (!_commits.TryBeginRead(out committed))
        {
            return false;
        }

        SqliteConnection? connection = null;
        try
        {
            connection = _file.Connect();
            if (connection is null)
            {
                return false;
            }

            connection.Run("BEGIN");
            try
            {
                if (!connection.TryRun(SqliteConnections.AnyRead))
                {
                    return false;
                }

                result = read(connection);
                _file.ThrowIfChanged();
                return true;
            }
            finally
            {
                connection.Run("ROLLBACK");
            }
        }
        catch (SqliteException e)
        {
            throw ToStickyException(e);
        }
        finally
        {
            Release(connection);
            _commits.EndRead();
        }
    }

    // What cannot be read now may have been put in its place, or mended there, by the next time: nothing of it is kept open.
    private StickyException ToStickyException(SqliteException error)
    {
        if (error.SqliteErrorCode is raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT or raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY)
        {
            _file.Close();
        }

        return SqliteErrors.ToStickyException(error, _path);
    }
}
