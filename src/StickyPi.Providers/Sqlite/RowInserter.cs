using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using StickyPi.Core;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Sqlite;

/// <summary>Inserts rows into one table with one prepared statement, and fills the columns that every table has.</summary>
internal sealed class RowInserter : IDisposable
{
    private static readonly string ApiVersion = typeof(RowInserter).Assembly.GetName().Version!.ToString(3);

    private readonly SqliteConnection _connection;
    private readonly string _table;
    private readonly string[] _columns;
    private readonly SqliteCommand _command;

    /// <summary>Prepares the statement.</summary>
    /// <param name="connection">A connection within a transaction.</param>
    /// <param name="user">Who inserts, or null.</param>
    /// <param name="table">The table.</param>
    /// <param name="columns">Its columns that <see cref="Insert"/> is given, separated by commas.</param>
    public RowInserter(SqliteConnection connection, string? user, string table, string columns)
    {
        _connection = connection;
        _table = table;
        _columns = columns.Split(',', StringSplitOptions.TrimEntries);
        _command = connection.CreateCommand();
        string[] names = [.. Enumerable.Range(0, _columns.Length).Select(i => string.Create(CultureInfo.InvariantCulture, $"@p{i}"))];
        _command.CommandText =
            $"INSERT INTO {table} (datetime_created, api_version, api_user, {columns}) VALUES (@created, @version, @user, {string.Join(", ", names)})";
        foreach (string name in names.Append("@created"))
        {
            _ = _command.Parameters.Add(new SqliteParameter(name, null));
        }

        _ = _command.Parameters.AddWithValue("@version", ApiVersion);
        _ = _command.Parameters.AddWithValue("@user", (object?)user ?? DBNull.Value);
    }

    /// <summary>Inserts a row.</summary>
    /// <param name="values">The values of the columns, in their order; times are in UTC.</param>
    /// <returns>The id of the row.</returns>
    /// <exception cref="StickyException"><c>InvalidText</c>: a text holds a character that no database keeps.</exception>
    public long Insert(params ReadOnlySpan<object?> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] is string text)
            {
                CatalogText.Check(text, _table, _columns[i]);
            }

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
