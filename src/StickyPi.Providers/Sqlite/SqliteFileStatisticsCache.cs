using Microsoft.Data.Sqlite;
using SQLitePCL;
using StickyPi.Core;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;

namespace StickyPi.Providers.Sqlite;

/// <summary>
/// The cache of file statistics in a SQLite file of its own, shared by all processes that use the store. It may be lost at any time,
/// so it is not made safe against power cuts, and a damaged file is deleted.
/// </summary>
internal sealed class SqliteFileStatisticsCache(string path) : IFileStatisticsCache
{
    private const string Creation =
        """
        PRAGMA synchronous = OFF;
        CREATE TABLE IF NOT EXISTS files (path TEXT NOT NULL PRIMARY KEY, size INTEGER NOT NULL, mtime INTEGER NOT NULL,
            device TEXT NOT NULL, datetime INTEGER NOT NULL, md5 TEXT NOT NULL) WITHOUT ROWID
        """;

    private const int BusyMilliseconds = 2000;

    private readonly Lock _gate = new();
    private SqliteConnection? _connection;

    public IReadOnlyList<FileStatistics?> Find(IReadOnlyList<FileStamp> files)
    {
        FileStatistics?[] found = new FileStatistics?[files.Count];
        Use(create: false, connection =>
        {
            using SqliteTransaction transaction = connection.BeginTransaction(deferred: true);
            using SqliteStatement statement = new(connection, "SELECT device, datetime, md5 FROM files WHERE path = ?1 AND size = ?2 AND mtime = ?3");
            for (int i = 0; i < found.Length; i++)
            {
                statement.Bind(1, files[i].Path);
                statement.Bind(2, files[i].Size);
                statement.Bind(3, files[i].LastWriteTime.Ticks);
                if (statement.Step())
                {
                    SqliteRow row = statement.Row;
                    DateTime taken = new(row.Int64(1), DateTimeKind.Utc);
                    found[i] = new FileStatistics(new ImageReference(row.Text(0)!, taken), row.Text(2)!);
                }

                statement.Reset();
            }
        });
        return found;
    }

    public void Remember(IReadOnlyList<(FileStamp File, FileStatistics Statistics)> files)
    {
        if (files.Count == 0)
        {
            return;
        }

        Use(create: true, connection =>
        {
            using SqliteTransaction transaction = connection.BeginTransaction();
            using SqliteCommand command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = "INSERT OR REPLACE INTO files VALUES ($path, $size, $mtime, $device, $datetime, $md5)";
            foreach (string name in (string[])["$path", "$size", "$mtime", "$device", "$datetime", "$md5"])
            {
                _ = command.Parameters.Add(new SqliteParameter(name, null));
            }

            foreach ((FileStamp file, FileStatistics statistics) in files)
            {
                object[] values =
                [
                    file.Path, file.Size, file.LastWriteTime.Ticks,
                    statistics.Reference.Device, statistics.Reference.DateTime.Ticks, statistics.Md5,
                ];
                for (int i = 0; i < values.Length; i++)
                {
                    command.Parameters[i].Value = values[i];
                }

                _ = command.ExecuteNonQuery();
            }

            transaction.Commit();
        });
    }

    public void Clear()
    {
        lock (_gate)
        {
            Close();
            try
            {
                File.Delete(path);
            }
            catch (DirectoryNotFoundException)
            {
                // Nothing was remembered yet.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new StickyException(
                    "CacheNotCleared",
                    StickyErrorKind.WriteFailed,
                    $"The cache '{path}' cannot be deleted: {OneLine.Quote(e)}.",
                    path,
                    "Wait until no other program sends pictures to this store, and try again.",
                    e);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            Close();
        }

        return ValueTask.CompletedTask;
    }

    private void Use(bool create, Action<SqliteConnection> work)
    {
        lock (_gate)
        {
            try
            {
                if (Connect(create) is SqliteConnection connection)
                {
                    work(connection);
                }
            }
            catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_ERROR)
            {
                Close();
                TryDelete();
            }
            catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
            {
                // The disk is full, or the store may not be written to: then files are simply read again the next time.
                Close();
            }
        }
    }

    private SqliteConnection? Connect(bool create)
    {
        if (_connection is null && (create || File.Exists(path)))
        {
            _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            SqliteLibrary.EnsureLoaded();
            _connection = SqliteConnections.Open(new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Pooling = false,
                DefaultTimeout = 2,
            }.ToString());
            _ = raw.sqlite3_busy_timeout(_connection.Handle, BusyMilliseconds);
            _connection.Run(Creation);
        }

        return _connection;
    }

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private void TryDelete()
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It stays unusable, and files are read again each time.
        }
    }
}
