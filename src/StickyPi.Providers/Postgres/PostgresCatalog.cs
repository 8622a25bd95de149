using System.Data;
using Npgsql;
using StickyPi.Core;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Core.Users;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Postgres;

/// <summary>
/// A catalog in a PostgreSQL database. Reads see what was committed and wait for nobody; whoever writes holds an advisory lock of the database,
/// so that there is one writer in all processes, as with SQLite.
/// </summary>
internal sealed partial class PostgresCatalog : ICatalog
{
    private const int DefaultPoolSize = 40;
    private const int PreparedStatements = 64;

    // What look-ups of several things ask for, in their order.
    private const string Wanted = "FROM unnest(@devices, @times) WITH ORDINALITY AS r (d, t, n)";

    private readonly NpgsqlDataSource _source;
    private readonly string _place;

    // Those of one process wait for each other without a connection each.
    private readonly SemaphoreSlim _writing = new(1, 1);

    private PostgresCatalog(NpgsqlDataSource source, string place)
    {
        _source = source;
        _place = place;
    }

    /// <summary>Opens a catalog, making its tables where the database is empty.</summary>
    /// <param name="connectionString">Which database.</param>
    /// <param name="create">Whether tables may be made.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <returns>The catalog.</returns>
    public static async ValueTask<ICatalog> OpenAsync(Secret connectionString, bool create, CancellationToken cancellationToken)
    {
        (NpgsqlDataSource source, string place) = CreateSource(connectionString);
        PostgresCatalog catalog = new(source, place);
        try
        {
            return await catalog.UseAsync(
                async connection =>
                {
                    await PostgresSchema.EnsureAsync(connection, place, create, cancellationToken).ConfigureAwait(false);
                    return catalog;
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await catalog.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask<IReadOnlyList<string>> GetDeviceNamesAsync(CancellationToken cancellationToken) => await QueryAsync(
        connection => connection.Command(ImageRows.DeviceNames), row => row.Text(0)!, cancellationToken).ConfigureAwait(false);

    public ValueTask<StickyDevice?> GetDeviceAsync(string device, CancellationToken cancellationToken) => UseAsync(
        async connection =>
        {
            // One view for the three queries.
            NpgsqlTransaction view = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken).ConfigureAwait(false);
            await using (view.ConfigureAwait(false))
            {
                (long count, DateTime first, DateTime last) = (await Query(ImageRows.DeviceRange)
                    .ReadAllAsync(row => row.Int64(0) is > 0 and var found ? (found, row.Time(1), row.Time(2)) : default, cancellationToken).ConfigureAwait(false))[0];
                if (count == 0)
                {
                    return null;
                }

                ImageRows rows = new();
                List<StickyImage> located = await Query(ImageRows.LastLocated).ReadAllAsync(rows.Read, cancellationToken).ConfigureAwait(false);
                List<StickyImage> measured = await Query(ImageRows.LastMeasured).ReadAllAsync(rows.Read, cancellationToken).ConfigureAwait(false);
                return new StickyDevice
                {
                    Device = device,
                    ImageCount = count,
                    FirstImage = first,
                    LastImage = last,
                    LastPosition = located.FirstOrDefault()?.Position,
                    LastTemperature = measured.FirstOrDefault()?.Temperature,
                };
            }

            NpgsqlCommand Query(string sql) => connection.Command(sql, ("@device", device));
        },
        cancellationToken);

    public async ValueTask<IReadOnlyList<StickyImage?>> FindImagesAsync(IReadOnlyList<ImageReference> references, CancellationToken cancellationToken)
    {
        if (references.Count == 0)
        {
            return [];
        }

        ImageRows rows = new();
        return await QueryAsync(
            connection => connection.Command(
                $"SELECT {ImageRows.Columns} {Wanted} LEFT JOIN images ON device = r.d AND datetime = r.t ORDER BY r.n", References(references)),
            row => row.IsNull(0) ? null : rows.Read(row),
            cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<StickyImage>> GetImagePageAsync(
        DeviceRange range, long skip, int count, CancellationToken cancellationToken) => await QueryAsync(
        connection => connection.Command(ImageRows.Page, [.. Range(range), ("@count", count), ("@skip", skip)]),
        new ImageRows().Read,
        cancellationToken).ConfigureAwait(false);

    public async ValueTask<long> CountImagesAsync(DeviceRange range, CancellationToken cancellationToken) => (await QueryAsync(
        connection => connection.Command(ImageRows.Count, Range(range)), row => row.Int64(0), cancellationToken).ConfigureAwait(false))[0];

    public async ValueTask<ICatalogTransaction> BeginWriteAsync(string? user, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await OnceMoreAsync<ICatalogTransaction>(
                () => PostgresCatalogTransaction.BeginAsync(_source, _place, user, _writing, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _ = _writing.Release();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static (NpgsqlDataSource Source, string Place) CreateSource(Secret connectionString)
    {
        try
        {
            NpgsqlConnectionStringBuilder options = new(System.Text.Encoding.UTF8.GetString(connectionString.Bytes))
            {
                // Neither values of rows nor the password are for messages, and no transaction is anybody else's.
                IncludeErrorDetail = false,
                PersistSecurityInfo = false,
                Enlist = false,
                Multiplexing = false,
            };
            options.ApplicationName ??= "StickyPi";
            if (!options.ContainsKey("Maximum Pool Size"))
            {
                options.MaxPoolSize = Math.Max(DefaultPoolSize, options.MinPoolSize);
            }

            if (!options.ContainsKey("Max Auto Prepare"))
            {
                options.MaxAutoPrepare = PreparedStatements;
            }

            string place = FormattableString.Invariant($"PostgreSQL database '{options.Database ?? options.Username}' at {options.Host}:{options.Port}");
            return (new NpgsqlDataSourceBuilder(options.ToString()).Build(), place);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidOperationException or KeyNotFoundException or NotSupportedException)
        {
            // What it says may quote a part of the password, and so may the cause.
            throw new StickyException(
                "InvalidConnectionString",
                StickyErrorKind.InvalidData,
                "The connection string of the PostgreSQL database cannot be understood.",
                null,
                "Write it as Npgsql reads it: Host=db.example.org;Database=stickypi;Username=stickypi;Password=…. A value with a semicolon or a quote goes in quotes.");
        }
    }

    private static (string, object?)[] Range(DeviceRange range) =>
        [("@device", range.Device), ("@start", range.StartTime), ("@end", range.EndTime)];

    private static (string, object?)[] References(IReadOnlyList<ImageReference> references) =>
    [
        ("@devices", references.Select(reference => reference.Device).ToArray()),
        ("@times", references.Select(reference => reference.DateTime).ToArray()),
    ];

    private ValueTask<List<T>> QueryAsync<T>(Func<NpgsqlConnection, NpgsqlCommand> make, Func<PostgresRow, T> read, CancellationToken cancellationToken) =>
        UseAsync(connection => make(connection).ReadAllAsync(read, cancellationToken), cancellationToken);

    private ValueTask<T> UseAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken) => OnceMoreAsync(
        async () =>
        {
            NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                return await work(connection).ConfigureAwait(false);
            }
        },
        cancellationToken);

    // When the server was started anew, every connection of the pool is broken, and each would fail somebody.
    private async ValueTask<T> OnceMoreAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        bool again = true;
        while (true)
        {
            try
            {
                return await work().ConfigureAwait(false);
            }
            catch (Exception e) when (again && PostgresErrors.IsBrokenConnection(e))
            {
                again = false;
                _source.Clear();
            }
            catch (Exception e) when (PostgresErrors.From(e, _place) is StickyException error)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw error;
            }
        }
    }
}
