using System.Globalization;
using System.Text;
using SQLitePCL;
using StickyPi.Core;
using StickyPi.Core.Images;

namespace StickyPi.Providers.Sqlite;

/// <summary>
/// Reads rows of the table <c>images</c>. It reads the columns as SQLite holds them, without making texts of times, which is most of
/// the cost of a row otherwise; values that recur from row to row are made once.
/// </summary>
internal sealed class ImageRows
{
    /// <summary>The columns, in the order in which <see cref="Read"/> takes them.</summary>
    public const string Columns =
        "id, device, datetime, md5, device_version, width, height, alt, lat, lng, temp, hum, no_flash_shutter_speed, "
        + "no_flash_exposure_time, no_flash_bv, no_flash_iso, datetime_created, api_version, api_user";

    private string? _device;
    private string? _deviceVersion;
    private string? _apiVersion;
    private string? _apiUser;

    /// <summary>Reads the row that a statement stands on.</summary>
    /// <param name="row">A statement over <see cref="Columns"/>.</param>
    /// <returns>The picture.</returns>
    public StickyImage Read(sqlite3_stmt row)
    {
        // A picture without these values, of firmware generation 2, has zeros there: the columns may not be null.
        double? exposure = Number(row, 13) is double seconds and not 0 ? seconds : null;
        return new StickyImage
        {
            Id = raw.sqlite3_column_int64(row, 0),
            Device = Text(row, 1, ref _device) ?? "",
            DateTime = Time(row, 2),
            Md5 = Text(row, 3) ?? "",
            DeviceVersion = Text(row, 4, ref _deviceVersion),
            Width = raw.sqlite3_column_int(row, 5),
            Height = raw.sqlite3_column_int(row, 6),
            Altitude = Number(row, 7),
            Latitude = Number(row, 8),
            Longitude = Number(row, 9),
            Temperature = Number(row, 10),
            Humidity = Number(row, 11),
            NoFlashShutterSpeed = exposure is null ? null : Number(row, 12),
            NoFlashExposureTime = exposure,
            NoFlashBrightness = exposure is null ? null : Number(row, 14),
            NoFlashIso = exposure is null ? null : Number(row, 15),
            CreatedAt = Time(row, 16),
            ApiVersion = Text(row, 17, ref _apiVersion),
            ApiUser = Text(row, 18, ref _apiUser),
        };
    }

    /// <summary>Reads a DATETIME column: <c>YYYY-MM-DD HH:MM:SS[.ffffff]</c>, UTC.</summary>
    /// <param name="row">A statement that stands on a row.</param>
    /// <param name="column">Which column.</param>
    /// <returns>The time, whose kind is UTC.</returns>
    /// <exception cref="StickyException"><c>InvalidRow</c>: the text is no time.</exception>
    public static DateTime Time(sqlite3_stmt row, int column)
    {
        ReadOnlySpan<byte> text = raw.sqlite3_column_blob(row, column);
        if (text.Length >= 19 && text[4] == '-' && text[7] == '-' && text[13] == ':' && text[16] == ':'
            && Digits(text[..4]) is var year and > 0
            && Digits(text[5..7]) is var month and >= 1 and <= 12
            && Digits(text[8..10]) is var day and >= 1 && day <= DateTime.DaysInMonth(year, month)
            && Digits(text[11..13]) is var hour and >= 0 and < 24
            && Digits(text[14..16]) is var minute and >= 0 and < 60
            && Digits(text[17..19]) is var second and >= 0 and < 60)
        {
            DateTime time = new(year, month, day, hour, minute, second, DateTimeKind.Utc);
            if (text.Length == 19)
            {
                return time;
            }

            if (text[19] == '.' && text.Length is > 20 and <= 26 && Digits(text[20..]) is var fraction and >= 0)
            {
                for (int digits = text.Length - 20; digits < 7; digits++)
                {
                    fraction *= 10;
                }

                return time.AddTicks(fraction);
            }
        }

        throw new StickyException(
            "InvalidRow",
            StickyErrorKind.InvalidData,
            $"The catalog holds '{Encoding.UTF8.GetString(text)}' where a time of the form YYYY-MM-DD HH:MM:SS.ffffff should be.",
            null,
            "Correct the row with the program that wrote it.");
    }

    /// <summary>Writes a time as DATETIME columns hold it.</summary>
    /// <param name="time">A time in UTC.</param>
    /// <returns>For example <c>2020-06-20 21:33:24.000000</c>.</returns>
    public static string ToText(DateTime time) => time.ToString(StickyTime.DatabaseFormat, CultureInfo.InvariantCulture);

    private static int Digits(ReadOnlySpan<byte> text)
    {
        int number = 0;
        foreach (byte c in text)
        {
            if (c is < (byte)'0' or > (byte)'9')
            {
                return -1;
            }

            number = (number * 10) + (c - '0');
        }

        return number;
    }

    private static double? Number(sqlite3_stmt row, int column) =>
        raw.sqlite3_column_type(row, column) == raw.SQLITE_NULL ? null : raw.sqlite3_column_double(row, column);

    private static string? Text(sqlite3_stmt row, int column) =>
        raw.sqlite3_column_type(row, column) == raw.SQLITE_NULL ? null : Encoding.UTF8.GetString(raw.sqlite3_column_blob(row, column));

    private static string? Text(sqlite3_stmt row, int column, ref string? last)
    {
        ReadOnlySpan<byte> text = raw.sqlite3_column_blob(row, column);
        if (last is not null && Ascii.Equals(text, last))
        {
            return last;
        }

        string? value = Text(row, column);
        last = value ?? last;
        return value;
    }
}
