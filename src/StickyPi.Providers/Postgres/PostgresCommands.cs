using Npgsql;
using NpgsqlTypes;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Postgres;

/// <summary>Parameters and rows of commands, as the catalog needs them.</summary>
internal static class PostgresCommands
{
    /// <summary>Makes a command.</summary>
    /// <param name="connection">Where it runs.</param>
    /// <param name="sql">The statement.</param>
    /// <param name="values">The names of its parameters, and their values.</param>
    /// <returns>The command.</returns>
    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        NpgsqlCommand command = new(sql, connection);
        foreach ((string name, object? value) in values)
        {
            _ = command.Parameters.Add(Parameter(name, value));
        }

        return command;
    }

    /// <summary>Makes a parameter.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">
    /// Its value. A text that no row can hold becomes null, which equals nothing: whoever looks for it finds nothing, as in SQLite.
    /// </param>
    /// <returns>The parameter.</returns>
    public static NpgsqlParameter Parameter(string name, object? value) => value switch
    {
        null => new NpgsqlParameter(name, DBNull.Value),
        string text => new NpgsqlParameter(name, NpgsqlDbType.Text) { Value = (object?)Storable(text) ?? DBNull.Value },
        DateTime time => new NpgsqlParameter(name, NpgsqlDbType.Timestamp) { Value = WithoutZone(time) },
        string[] texts => new NpgsqlParameter(name, NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = texts.Select(Storable).ToArray() },
        DateTime[] times => new NpgsqlParameter(name, NpgsqlDbType.Array | NpgsqlDbType.Timestamp) { Value = times.Select(WithoutZone).ToArray() },
        long[] numbers => new NpgsqlParameter(name, NpgsqlDbType.Array | NpgsqlDbType.Bigint) { Value = numbers },
        ReadOnlyMemory<byte> utf8 => new NpgsqlParameter(name, NpgsqlDbType.Text) { Value = utf8 },
        _ => new NpgsqlParameter(name, value),
    };

    /// <summary>Runs a query.</summary>
    /// <typeparam name="T">The type of what is read.</typeparam>
    /// <param name="command">The query.</param>
    /// <param name="read">Reads a row.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    /// <returns>What was read of each row.</returns>
    public static async Task<List<T>> ReadAllAsync<T>(this NpgsqlCommand command, Func<PostgresRow, T> read, CancellationToken cancellationToken)
    {
        await using (command.ConfigureAwait(false))
        {
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                List<T> all = [];
                PostgresRow row = new(reader);
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    all.Add(read(row));
                }

                return all;
            }
        }
    }

    /// <summary>Runs a query, within a transaction.</summary>
    /// <typeparam name="T">The type of what is read.</typeparam>
    /// <param name="command">The query.</param>
    /// <param name="read">Reads a row.</param>
    /// <returns>What was read of each row.</returns>
    public static List<T> ReadAll<T>(this NpgsqlCommand command, Func<PostgresRow, T> read)
    {
        using (command)
        {
            using NpgsqlDataReader reader = command.ExecuteReader();
            List<T> all = [];
            PostgresRow row = new(reader);
            while (reader.Read())
            {
                all.Add(read(row));
            }

            return all;
        }
    }

    /// <summary>Runs a statement without result, within a transaction.</summary>
    /// <param name="command">The statement.</param>
    /// <returns>How many rows it changed.</returns>
    public static int Run(this NpgsqlCommand command)
    {
        using (command)
        {
            return command.ExecuteNonQuery();
        }
    }

    private static string? Storable(string? text) => text is not null && CatalogText.CanBeStored(text) ? text : null;

    private static DateTime WithoutZone(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Unspecified);
}
