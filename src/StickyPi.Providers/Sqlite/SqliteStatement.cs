using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace StickyPi.Providers.Sqlite;

/// <summary>
/// A prepared statement that is run again and again. Microsoft.Data.Sqlite makes a reader for each run, which takes longer than finding
/// one row.
/// </summary>
/// <param name="connection">Where.</param>
/// <param name="sql">The statement; its parameters are numbered from 1.</param>
internal sealed class SqliteStatement(SqliteConnection connection, string sql) : IDisposable
{
    private readonly sqlite3 _database = connection.Handle!;
    private sqlite3_stmt? _statement;

    /// <summary>The row that <see cref="Step"/> found, until the next call.</summary>
    public SqliteRow Row => new(_statement!);

    /// <summary>Sets a parameter.</summary>
    /// <param name="parameter">Its number.</param>
    /// <param name="value">What it shall be.</param>
    public void Bind(int parameter, string value) => Check(raw.sqlite3_bind_text(Prepare(), parameter, value));

    /// <inheritdoc cref="Bind(int, string)"/>
    public void Bind(int parameter, long value) => Check(raw.sqlite3_bind_int64(Prepare(), parameter, value));

    /// <summary>Goes to the first row, or the next.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="SqliteException">The statement failed; it does not wait for other programs.</exception>
    public bool Step()
    {
        int code = raw.sqlite3_step(Prepare());
        if (code is not (raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            Reset();
            SqliteException.ThrowExceptionForRC(code, _database);
        }

        return code == raw.SQLITE_ROW;
    }

    /// <summary>Makes it ready to be run again.</summary>
    public void Reset()
    {
        if (_statement is not null)
        {
            _ = raw.sqlite3_reset(_statement);
        }
    }

    public void Dispose() => _statement?.Dispose();

    private sqlite3_stmt Prepare()
    {
        if (_statement is null)
        {
            Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
        }

        return _statement;
    }

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, _database);
}
