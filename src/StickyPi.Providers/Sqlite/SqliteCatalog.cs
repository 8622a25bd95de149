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
    private static readonly TimeSpan LockStep = TimeSpan.FromMilliseconds(50);

    private readonly string _path;
    private readonly string _connectionString;
    private readonly SemaphoreSlim _writing = new(1, 1);

    // SQLite lets nobody read while somebody commits. Between processes that takes trying again; within one it need not.
    private readonly ReaderWriterLockSlim _committing = new();

    private volatile bool _isClosed;

    private SqliteCatalog(string path)
    {
        _path = path;
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, ForeignKeys = true, Pooling = true }.ToString();
    }

    /// <summary>Opens a catalog, making its tables where the file is new or empty.</summary>
    /// <param name="path">The file.</param>
    /// <param name="create">Whether tables may be made.</param>
    /// <returns>The catalog.</returns>
    public static SqliteCatalog Open(string path, bool create)
    {
        SqliteLibrary.EnsureLoaded();
        SqliteCatalog catalog = new(path);

        // The pool belongs to the process, and may hold connections to a file that was deleted and that this one replaces.
        SqliteConnections.ClearPool(catalog._connectionString);
        SqliteConnection? connection = null;
        try
        {
            connection = SqliteConnections.Open(catalog._connectionString);
            Schema.Ensure(connection, path, create);
            catalog.IsSnapshot = SnapshotFile.Is(connection);
            connection.Release();
            return catalog;
        }
        catch (Exception e)
        {
            connection?.Release();
            SqliteConnections.ClearPool(catalog._connectionString);
            throw e is SqliteException error ? SqliteErrors.ToStickyException(error, path) : e;
        }
    }

    public ValueTask<IReadOnlyList<string>> GetDeviceNamesAsync(CancellationToken cancellationToken) => new(Use(connection =>
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
    }, cancellationToken));

    public ValueTask<StickyDevice?> GetDeviceAsync(string device, CancellationToken cancellationToken) => new(Use(connection =>
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

            first = reader.Row().Time(1);
            last = reader.Row().Time(2);
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
    }, cancellationToken));

    public ValueTask<IReadOnlyList<StickyImage?>> FindImagesAsync(IReadOnlyList<ImageReference> references, CancellationToken cancellationToken)
    {
        if (references.Count == 0)
        {
            return new([]);
        }

        return new(Use(connection =>
        {
            using ImageFinder finder = new(connection);
            StickyImage?[] images = new StickyImage?[references.Count];
            for (int i = 0; i < images.Length; i++)
            {
                images[i] = finder.Find(references[i]);
            }

            return (IReadOnlyList<StickyImage?>)images;
        }, cancellationToken));
    }

    public ValueTask<IReadOnlyList<StickyImage>> GetImagePageAsync(
        DeviceRange range, long skip, int count, CancellationToken cancellationToken) => new(Use(connection =>
    {
        using SqliteCommand command = InRangeCommand(connection, range);
        command.CommandText = ImageRows.Page;
        _ = command.Parameters.AddWithValue("@count", count);
        _ = command.Parameters.AddWithValue("@skip", skip);
        return (IReadOnlyList<StickyImage>)ReadAll(command);
    }, cancellationToken));

    public ValueTask<long> CountImagesAsync(DeviceRange range, CancellationToken cancellationToken) => new(Use(connection =>
    {
        using SqliteCommand command = InRangeCommand(connection, range);
        command.CommandText = ImageRows.Count;
        return (long)command.ExecuteScalar()!;
    }, cancellationToken));

    public async ValueTask<ICatalogTransaction> BeginWriteAsync(string? user, CancellationToken cancellationToken)
    {
        if (IsSnapshot)
        {
            throw StickyException.StoreIsCopy(_path);
        }

        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        SqliteConnection? connection = null;
        try
        {
            connection = SqliteConnections.Open(_connectionString);
            connection.RunPatiently("BEGIN IMMEDIATE", cancellationToken);
            return new SqliteCatalogTransaction(connection, _path, user, Release, _writing, _committing);
        }
        catch (Exception e)
        {
            Release(connection);
            _ = _writing.Release();
            throw e is SqliteException error ? SqliteErrors.ToStickyException(error, _path) : e;
        }
    }

    // An open file would keep Windows from moving its folder.
    public ValueTask DisposeAsync()
    {
        _isClosed = true;
        SqliteConnections.ClearPool(_connectionString);
        return ValueTask.CompletedTask;
    }

    // What began when the catalog was closed already would leave its connection in the pool, where nobody closes it.
    private void Release(SqliteConnection? connection)
    {
        connection?.Release();
        if (_isClosed)
        {
            SqliteConnections.ClearPool(_connectionString);
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

    // One transaction, so that the file is locked and checked for changes once and not for each statement; its first statement waits
    // for other programs in a way that can be stopped, which those of Microsoft.Data.Sqlite can't.
    private T Use<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken)
    {
        while (!_committing.TryEnterReadLock(LockStep))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        SqliteConnection? connection = null;
        try
        {
            connection = SqliteConnections.Open(_connectionString);
            connection.Run("BEGIN");
            try
            {
                connection.RunPatiently("SELECT 1 FROM sqlite_master LIMIT 1", cancellationToken);
                return read(connection);
            }
            finally
            {
                connection.Run("ROLLBACK");
            }
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.ToStickyException(e, _path);
        }
        finally
        {
            Release(connection);
            _committing.ExitReadLock();
        }
    }
}
