using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;

namespace StickyPi.Providers.Sqlite;

/// <summary>Changes to a SQLite catalog, under its only write lock.</summary>
internal sealed class SqliteCatalogTransaction(
    SqliteConnection connection, string path, SemaphoreSlim writing, ReaderWriterLockSlim committing) : ICatalogTransaction
{
    private const int DeviceVersionLength = 8;

    private static readonly string ApiVersion = typeof(SqliteCatalogTransaction).Assembly.GetName().Version!.ToString(3);

    private readonly ImageFinder _finder = new(connection);
    private SqliteCommand? _insert;
    private bool _ended;

    public StickyImage? FindImage(ImageReference reference) => Guard(() => _finder.Find(reference));

    public StickyImage AddImage(ImageMetadata metadata) => Guard(() =>
    {
        SqliteCommand insert = _insert ??= CreateInsert();
        object?[] values =
        [
            metadata.Device, ImageRows.ToText(metadata.DateTime), metadata.Md5,
            metadata.DeviceVersion is { Length: > DeviceVersionLength } version ? version[..DeviceVersionLength] : metadata.DeviceVersion,
            metadata.Width, metadata.Height, metadata.Altitude, metadata.Latitude, metadata.Longitude, metadata.Temperature, metadata.Humidity,
            metadata.NoFlashShutterSpeed ?? 0, metadata.NoFlashExposureTime ?? 0, metadata.NoFlashBrightness ?? 0, metadata.NoFlashIso ?? 0,
            ImageRows.ToText(DateTime.UtcNow), ApiVersion, null,
        ];
        for (int i = 0; i < values.Length; i++)
        {
            insert.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        _ = insert.ExecuteNonQuery();
        return _finder.Find(new ImageReference(metadata.Device, metadata.DateTime))!;
    });

    public bool RemoveImage(ImageReference reference) => Guard(() =>
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "DELETE FROM images WHERE device = $device AND datetime = $time";
        _ = command.Parameters.AddWithValue("$device", reference.Device);
        _ = command.Parameters.AddWithValue("$time", ImageRows.ToText(reference.DateTime));
        return command.ExecuteNonQuery() > 0;
    });

    public void Commit(CancellationToken cancellationToken) => _ = Guard(() =>
    {
        committing.EnterWriteLock();
        try
        {
            connection.RunPatiently("COMMIT", cancellationToken);
            return _ended = true;
        }
        finally
        {
            committing.ExitWriteLock();
        }
    });

    public ValueTask DisposeAsync()
    {
        _finder.Dispose();
        _insert?.Dispose();
        try
        {
            if (!_ended)
            {
                connection.Run("ROLLBACK");
            }
        }
        catch (SqliteException)
        {
            // A full disk makes SQLite roll back by itself, and there is nothing left to take back.
        }
        finally
        {
            connection.Dispose();
            _ = writing.Release();
        }

        return ValueTask.CompletedTask;
    }

    private SqliteCommand CreateInsert()
    {
        string columns = ImageRows.Columns[(ImageRows.Columns.IndexOf(',', StringComparison.Ordinal) + 1)..];
        int count = columns.Split(',').Length;
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"INSERT INTO images ({columns}) VALUES ({string.Join(", ", Enumerable.Range(0, count).Select(Name))})";
        for (int i = 0; i < count; i++)
        {
            _ = command.Parameters.Add(new SqliteParameter(Name(i), null));
        }

        return command;

        static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"$p{i}");
    }

    private T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.ToStickyException(e, path);
        }
    }
}
