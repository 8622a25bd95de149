using System.Data;
using Microsoft.Data.Sqlite;
using Npgsql;
using StickyPi.Providers.Rows;
using StickyPi.Providers.Sqlite;

namespace StickyPi.Providers.Postgres;

internal sealed partial class PostgresCatalog
{
    public async ValueTask<long> SaveSnapshotAsync(string path, CancellationToken cancellationToken)
    {
        SnapshotFile.Create(path);
        try
        {
            using SqliteConnection copy = SnapshotFile.Open(path);
            Schema.Create(copy, TimeSpan.Zero);
            copy.Run(Schema.Properties);
            _ = await UseAsync(connection => CopyAsync(connection, copy, cancellationToken), cancellationToken).ConfigureAwait(false);
            return SnapshotFile.Finish(copy);
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.ToStickyException(e, path);
        }
    }

    private static async Task<bool> CopyAsync(NpgsqlConnection connection, SqliteConnection copy, CancellationToken cancellationToken)
    {
        // A copy that broke off is begun anew.
        copy.Run("BEGIN");
        try
        {
            NpgsqlTransaction view = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken).ConfigureAwait(false);
            await using (view.ConfigureAwait(false))
            {
                foreach (CatalogTable table in CatalogTable.Public)
                {
                    await CopyAsync(connection, copy, table, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch
        {
            copy.Run("ROLLBACK");
            throw;
        }

        copy.Run("COMMIT");
        return true;
    }

    private static async Task CopyAsync(NpgsqlConnection connection, SqliteConnection copy, CatalogTable table, CancellationToken cancellationToken)
    {
        NpgsqlCommand query = connection.Command($"SELECT {table.AllColumns} FROM {table.Name} ORDER BY id");
        query.CommandTimeout = 0;
        await using (query.ConfigureAwait(false))
        {
            NpgsqlDataReader reader = await query.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                using SqliteCommand insertion = copy.CreateCommand();
                string[] parameters = [.. Enumerable.Range(0, reader.FieldCount).Select(CatalogTable.ParameterOf)];
                insertion.CommandText = $"INSERT INTO {table.Name} ({table.AllColumns}) VALUES ({string.Join(", ", parameters)})";
                foreach (string parameter in parameters)
                {
                    _ = insertion.Parameters.Add(new SqliteParameter(parameter, null));
                }

                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    for (int i = 0; i < parameters.Length; i++)
                    {
                        insertion.Parameters[i].Value = reader.GetValue(i) is DateTime time ? SqliteColumns.ToText(time) : reader.GetValue(i);
                    }

                    _ = insertion.ExecuteNonQuery();
                }
            }
        }
    }
}
