using System.Text;
using SQLitePCL;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Sqlite;

/// <summary>
/// A row as SQLite holds it. Columns are read without what Microsoft.Data.Sqlite does around them, which is most of the cost of a row.
/// </summary>
/// <param name="row">A statement that stands on a row.</param>
internal readonly struct SqliteRow(sqlite3_stmt row) : ICatalogRow
{
    public bool IsNull(int column) => raw.sqlite3_column_type(row, column) == raw.SQLITE_NULL;

    public int Int32(int column) => raw.sqlite3_column_int(row, column);

    public long Int64(int column) => raw.sqlite3_column_int64(row, column);

    public double? Number(int column) => IsNull(column) ? null : raw.sqlite3_column_double(row, column);

    public bool? Boolean(int column) => IsNull(column) ? null : raw.sqlite3_column_double(row, column) != 0;

    public DateTime Time(int column) => SqliteColumns.Time(raw.sqlite3_column_blob(row, column));

    public string? Text(int column) => IsNull(column) ? null : Encoding.UTF8.GetString(raw.sqlite3_column_blob(row, column));

    public string? Text(int column, ref string? last)
    {
        ReadOnlySpan<byte> text = raw.sqlite3_column_blob(row, column);
        if (last is not null && Ascii.Equals(text, last))
        {
            return last;
        }

        string? value = Text(column);
        last = value ?? last;
        return value;
    }

    public byte[] Utf8(int column) => raw.sqlite3_column_blob(row, column).ToArray();
}
