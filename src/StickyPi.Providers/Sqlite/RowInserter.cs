using Microsoft.Data.Sqlite;
using SQLitePCL;
using StickyPi.Core;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Sqlite;

/// <summary>Inserts rows into one table with one prepared statement, and fills the columns that every table has.</summary>
internal sealed class RowInserter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly CatalogTable _table;
    private readonly SqliteCommand _command;

    /// <summary>Prepares the statement.</summary>
    /// <param name="connection">A connection within a transaction.</param>
    /// <param name="user">Who inserts, or null.</param>
    /// <param name="table">The table.</param>
    public RowInserter(SqliteConnection connection, string? user, CatalogTable table)
    {
        _connection = connection;
        _table = table;
        _command = connection.CreateCommand();
        _command.CommandText = table.Insertion;
        foreach (string name in Enumerable.Range(0, table.ColumnCount).Select(CatalogTable.ParameterOf).Append("@created"))
        {
            _ = _command.Parameters.Add(new SqliteParameter(name, null));
        }

        _ = _command.Parameters.AddWithValue("@version", CatalogTable.ApiVersion);
        _ = _command.Parameters.AddWithValue("@user", (object?)user ?? DBNull.Value);
    }

    /// <summary>Inserts a row.</summary>
    /// <param name="values">The values of the columns, in their order; times are in UTC.</param>
    /// <returns>The id of the row.</returns>
    /// <exception cref="StickyException"><c>InvalidText</c>: a text holds a character that not every database keeps.</exception>
    public long Insert(params ReadOnlySpan<object?> values)
    {
        _table.Check(values);
        for (int i = 0; i < values.Length; i++)
        {
            _command.Parameters[i].Value = values[i] switch
            {
                null => DBNull.Value,
                DateTime time => SqliteColumns.ToText(time),
                var other => other,
            };
        }

        _command.Parameters[values.Length].Value = SqliteColumns.ToText(DateTime.UtcNow);
        _ = _command.ExecuteNonQuery();
        return raw.sqlite3_last_insert_rowid(_connection.Handle);
    }

    public void Dispose() => _command.Dispose();
}
