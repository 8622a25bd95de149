using System.Globalization;
using System.Text;
using SQLitePCL;
using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Sqlite;

/// <summary>
/// A row as SQLite holds it. Columns are read without what Microsoft.Data.Sqlite does around them, which is most of the cost of a row.
/// </summary>
/// <param name="row">A statement that stands on a row.</param>
internal readonly struct SqliteRow(sqlite3_stmt row) : ICatalogRow
{
    private const int MostShown = 40;
    private const string WholeNumber = "a whole number";
    private const string TimeShape = "a time of the form YYYY-MM-DD HH:MM:SS.ffffff";

    public bool IsNull(int column) => raw.sqlite3_column_type(row, column) == raw.SQLITE_NULL;

    public int Int32(int column)
    {
        long number = Int64(column);
        return number is >= int.MinValue and <= int.MaxValue ? (int)number : throw Invalid(column, WholeNumber);
    }

    // SQLite itself reads texts as 0, and cuts fractions off.
    public long Int64(int column) => raw.sqlite3_column_type(row, column) switch
    {
        raw.SQLITE_INTEGER or raw.SQLITE_NULL => raw.sqlite3_column_int64(row, column),
        raw.SQLITE_TEXT => WholeNumberOfText(column) ?? throw Invalid(column, WholeNumber),
        _ => throw Invalid(column, WholeNumber),
    };

    // SQLite compares texts by their letters: a page of texts that begins after '9' leaves out '10'.
    public long OrderedId(int column) =>
        raw.sqlite3_column_type(row, column) == raw.SQLITE_TEXT ? throw Invalid(column, "a whole number that is not stored as text") : Int64(column);

    public double? Number(int column) => raw.sqlite3_column_type(row, column) switch
    {
        raw.SQLITE_FLOAT or raw.SQLITE_INTEGER => Recorded.Number(raw.sqlite3_column_double(row, column)),
        raw.SQLITE_NULL => null,
        raw.SQLITE_TEXT => NumberOfText(column),
        _ => throw Invalid(column, "a number"),
    };

    // Null stands for a default. A value that is neither of the two must not do so, since it decides about rights.
    public bool? Boolean(int column) => IsNull(column)
        ? null
        : (raw.sqlite3_column_type(row, column) == raw.SQLITE_TEXT ? WholeNumberOfText(column) : Number(column)) switch
        {
            0 => false,
            1 => true,
            _ => throw Invalid(column, "a 0 or a 1"),
        };

    public DateTime Time(int column) => SqliteColumns.Time(raw.sqlite3_column_blob(row, column)) ?? throw Invalid(column, TimeShape);

    public DateTime SearchedTime(int column) =>
        raw.sqlite3_column_type(row, column) == raw.SQLITE_TEXT && SqliteColumns.SearchedTime(raw.sqlite3_column_blob(row, column)) is DateTime time
            ? time
            : throw Invalid(column, TimeShape);

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

    // Tables that 'sqlite3 .import' makes keep each number as a text. Only the text that the number is written as is read.
    private long? WholeNumberOfText(int column) =>
        Text(column) is string text
        && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
        && number.ToString(CultureInfo.InvariantCulture) == text ? number : null;

    // Columns of measurements may be null, for which such tables and some programs have an empty text.
    private double? NumberOfText(int column)
    {
        const NumberStyles Exact = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        string text = Text(column)!;
        return string.IsNullOrWhiteSpace(text) ? null
            : double.TryParse(text, Exact, CultureInfo.InvariantCulture, out double number) ? Recorded.Number(number)
            : throw Invalid(column, "a number");
    }

    private StickyException Invalid(int column, string wanted)
    {
        bool isBlob = raw.sqlite3_column_type(row, column) == raw.SQLITE_BLOB;
        ReadOnlySpan<byte> bytes = raw.sqlite3_column_blob(row, column);
        string value = isBlob ? $"x'{Convert.ToHexString(bytes[..Math.Min(bytes.Length, MostShown)])}'" : $"'{Encoding.UTF8.GetString(bytes)}'";
        string name = $"{NameOf(column)}{Place(column)}";
        return new StickyException(
            "InvalidRow",
            StickyErrorKind.ReadFailed,
            $"The catalog holds {(value.Length > MostShown ? value[..MostShown] + "…" : value)} as {name}, where "
                + $"{wanted} should be.",
            name,
            "Correct the row with the program that wrote it.");
    }

    // Which row of which table it is, where the statement reads its number as well.
    private string Place(int column)
    {
        string? table = raw.sqlite3_column_table_name(row, column).utf8_to_string();
        for (int i = 0; table is not null && i < raw.sqlite3_column_count(row); i++)
        {
            if (raw.sqlite3_column_table_name(row, i).utf8_to_string() == table && NameOf(i) == "id")
            {
                return string.Create(CultureInfo.InvariantCulture, $" of row {raw.sqlite3_column_int64(row, i)} of {table}");
            }
        }

        return table is null ? "" : $" of a row of {table}";
    }

    private string? NameOf(int column) => raw.sqlite3_column_origin_name(row, column).utf8_to_string() ?? raw.sqlite3_column_name(row, column).utf8_to_string();
}
