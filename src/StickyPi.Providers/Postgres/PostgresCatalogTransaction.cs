using Npgsql;
using StickyPi.Core;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Postgres;

/// <summary>Changes to a catalog in PostgreSQL, under its only write lock.</summary>
internal sealed partial class PostgresCatalogTransaction : ICatalogTransaction
{
    // As long as with SQLite.
    private const string LimitWaiting = "SET LOCAL lock_timeout = '60s'";

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly string _place;
    private readonly string? _user;
    private readonly SemaphoreSlim _writing;

    private PostgresCatalogTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction, string place, string? user, SemaphoreSlim writing)
    {
        _connection = connection;
        _transaction = transaction;
        _place = place;
        _user = user;
        _writing = writing;
    }

    /// <summary>Begins, waiting while another process writes.</summary>
    /// <param name="source">Where connections come from.</param>
    /// <param name="place">The database and its server, for errors.</param>
    /// <param name="user">Who writes.</param>
    /// <param name="writing">What those of this process wait for; it is held, and released by the transaction.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>The transaction.</returns>
    public static async Task<ICatalogTransaction> BeginAsync(
        NpgsqlDataSource source, string place, string? user, SemaphoreSlim writing, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            NpgsqlCommand command = connection.Command($"{LimitWaiting}; {PostgresSchema.LockWriting}");
            await using (command.ConfigureAwait(false))
            {
                command.CommandTimeout = 0;
                _ = await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }

            return new PostgresCatalogTransaction(connection, transaction, place, user, writing);
        }
        catch
        {
            // Rolls back what was begun.
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public StickyImage? FindImage(ImageReference reference) => Query(
        ImageRows.Find, new ImageRows().Read, ("@device", reference.Device), ("@time", reference.DateTime)).FirstOrDefault();

    public StickyImage AddImage(ImageMetadata metadata) => Insert(CatalogTable.Images, ImageRows.Columns, new ImageRows().Read, ImageRows.ValuesOf(metadata));

    public bool RemoveImage(ImageReference reference) =>
        Run(ImageRows.Delete, ("@device", reference.Device), ("@time", reference.DateTime)) > 0;

    public void Commit(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _ = Guard(() =>
        {
            _transaction.Commit();
            return true;
        });
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _transaction.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (PostgresErrors.From(e, _place) is not null)
        {
            // The server takes back what a connection that it lost had begun.
        }
        finally
        {
            await _connection.DisposeAsync().ConfigureAwait(false);
            _ = _writing.Release();
        }
    }

    private List<T> Query<T>(string sql, Func<PostgresRow, T> read, params (string Name, object? Value)[] values) =>
        Guard(() => _connection.Command(sql, values).ReadAll(read));

    private int Run(string sql, params (string Name, object? Value)[] values) => Guard(() => _connection.Command(sql, values).Run());

    // Returns the row as the database has it.
    private T Insert<T>(CatalogTable table, string columns, Func<PostgresRow, T> read, params object?[] values)
    {
        table.Check(values);
        List<T> rows = Query(
            $"{table.Insertion} RETURNING {columns}",
            read,
            [
                .. values.Select((value, i) => (CatalogTable.ParameterOf(i), value)),
                ("@created", DateTime.UtcNow),
                ("@version", CatalogTable.ApiVersion),
                ("@user", _user),
            ]);
        return rows.Count > 0 ? rows[0] : throw RowErrors.NotKept(table.Name);
    }

    private T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (PostgresErrors.From(e, _place) is StickyException error)
        {
            throw error;
        }
    }
}
