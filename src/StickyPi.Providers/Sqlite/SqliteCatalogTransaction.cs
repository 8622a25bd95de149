using Microsoft.Data.Sqlite;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Sqlite;

/// <summary>Changes to a SQLite catalog, under its only write lock.</summary>
internal sealed partial class SqliteCatalogTransaction(
    SqliteConnection connection,
    string path,
    string? user,
    Action<SqliteConnection> release,
    SemaphoreSlim writing,
    CommitGate commits,
    TimeSpan patience) : ICatalogTransaction
{
    private readonly ImageFinder _finder = new(connection);
    private readonly List<IDisposable> _statements = [];
    private RowInserter? _images;
    private bool _ended;

    public StickyImage? FindImage(ImageReference reference) => Guard(() => _finder.Find(reference));

    public StickyImage AddImage(ImageMetadata metadata) => Guard(() =>
    {
        _images ??= Inserter(CatalogTable.Images);
        _ = _images.Insert(ImageRows.ValuesOf(metadata));
        return _finder.Find(new ImageReference(metadata.Device, metadata.DateTime)) ?? throw RowErrors.NotKept("images");
    });

    public bool RemoveImage(ImageReference reference) => Guard(() =>
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = ImageRows.Delete;
        _ = command.Parameters.AddWithValue("@device", reference.Device);
        _ = command.Parameters.AddWithValue("@time", SqliteColumns.ToText(reference.DateTime));
        return command.ExecuteNonQuery() > 0;
    });

    public void Commit(CancellationToken cancellationToken) => _ = Guard(() =>
    {
        commits.Commit(() => connection.RunPatiently("COMMIT", patience, cancellationToken));
        return _ended = true;
    });

    public ValueTask DisposeAsync()
    {
        _finder.Dispose();
        _statements.ForEach(statement => statement.Dispose());
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
            release(connection);
            _ = writing.Release();
        }

        return ValueTask.CompletedTask;
    }

    private RowInserter Inserter(CatalogTable table) => Owned(new RowInserter(connection, user, table));

    private T Owned<T>(T statement)
        where T : IDisposable
    {
        _statements.Add(statement);
        return statement;
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
