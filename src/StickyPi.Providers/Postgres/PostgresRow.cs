using Npgsql;
using StickyPi.Core.Images;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Postgres;

/// <summary>A row as PostgreSQL sends it.</summary>
/// <param name="reader">A reader that stands on a row.</param>
internal readonly struct PostgresRow(NpgsqlDataReader reader) : ICatalogRow
{
    public bool IsNull(int column) => reader.IsDBNull(column);

    public int Int32(int column) => reader.IsDBNull(column) ? 0 : reader.GetInt32(column);

    public long Int64(int column) => reader.IsDBNull(column) ? 0 : reader.GetInt64(column);

    public long OrderedId(int column) => Int64(column);

    public double? Number(int column) => reader.IsDBNull(column) ? null : Recorded.Number(reader.GetDouble(column));

    public bool? Boolean(int column) => reader.IsDBNull(column) ? null : reader.GetBoolean(column);

    // Columns have no zone; they hold UTC.
    public DateTime Time(int column) => DateTime.SpecifyKind(reader.GetDateTime(column), DateTimeKind.Utc);

    public DateTime SearchedTime(int column) => Time(column);

    public string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public string? Text(int column, ref string? last)
    {
        string? text = Text(column);
        if (text is not null && text == last)
        {
            return last;
        }

        last = text ?? last;
        return text;
    }

    public byte[] Utf8(int column) => reader.IsDBNull(column) ? [] : reader.GetFieldValue<byte[]>(column);
}
