using System.Globalization;
using StickyPi.Core;

namespace StickyPi.Providers.Sqlite;

/// <summary>Reads and writes times as the columns of SQLite hold them.</summary>
internal static class SqliteColumns
{
    /// <summary>How many characters of a time are its date.</summary>
    public const int DateLength = 10;

    /// <summary>How many characters of a time lead to its minute, included.</summary>
    public const int MinuteLength = 16;

    /// <summary>Reads a DATETIME column: <c>YYYY-MM-DD HH:MM:SS[.ffffff]</c>, UTC.</summary>
    /// <param name="text">What it holds, in UTF-8.</param>
    /// <returns>The time, whose kind is UTC; null where the text is no time.</returns>
    public static DateTime? Time(ReadOnlySpan<byte> text)
    {
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

        return null;
    }

    /// <summary>
    /// Reads a DATETIME column that rows are searched by. SQLite compares times as texts: a row with a time of any other shape than that of
    /// <see cref="ToText"/> is not found, or is found by another time.
    /// </summary>
    /// <param name="text">What it holds, in UTF-8.</param>
    /// <returns>The time, whose kind is UTC; null where the text is no time of that shape.</returns>
    public static DateTime? SearchedTime(ReadOnlySpan<byte> text) =>
        text.Length == StickyTime.DatabaseFormat.Length && text[DateLength] == ' ' ? Time(text) : null;

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
}
