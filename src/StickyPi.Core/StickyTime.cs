using System.Globalization;

namespace StickyPi.Core;

/// <summary>
/// The times of this product: always UTC, whatever the zone of the machine. A <see cref="DateTime"/> without a kind means UTC.
/// </summary>
public static class StickyTime
{
    /// <summary>The format in file names and of the existing API: <c>2020-06-20_21-33-24</c>.</summary>
    public const string FileFormat = "yyyy-MM-dd_HH-mm-ss";

    /// <summary>The format of SQLite's DATETIME columns as SQLAlchemy writes them: <c>2020-06-20 21:33:24.000000</c>.</summary>
    public const string DatabaseFormat = "yyyy-MM-dd HH:mm:ss.ffffff";

    /// <summary>Pictures from before this moment are refused: the platform did not exist.</summary>
    public static readonly DateTime Earliest = new(2019, 11, 1, 0, 0, 0, DateTimeKind.Utc);

    // Only shapes that mean the same day everywhere, and the one that PowerShell itself prints a DateTime with. A culture's own
    // short date is left out on purpose: 05/06/2020 must not be May here and June there.
    private static readonly string[] AcceptedFormats =
    [
        FileFormat,
        "yyyy-MM-dd",
        "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
        "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss K",
        "MM/dd/yyyy HH:mm:ss",
    ];

    /// <summary>The same moment in UTC: a time without a kind is taken for UTC, a local one is converted.</summary>
    /// <param name="value">Any time.</param>
    /// <returns>A time whose kind is UTC.</returns>
    public static DateTime ToUtc(DateTime value) => value.Kind switch
    {
        DateTimeKind.Utc => value,
        DateTimeKind.Local => value.ToUniversalTime(),
        _ => DateTime.SpecifyKind(value, DateTimeKind.Utc),
    };

    /// <summary>Writes a time as file names hold it, to the second.</summary>
    /// <param name="value">A time in UTC.</param>
    /// <returns>For example <c>2020-06-20_21-33-24</c>.</returns>
    public static string ToFileText(DateTime value) => value.ToString(FileFormat, CultureInfo.InvariantCulture);

    /// <summary>Reads a time as file names hold it.</summary>
    /// <param name="text">For example <c>2020-06-20_21-33-24</c>.</param>
    /// <param name="value">The time in UTC.</param>
    /// <returns>False where the text has another shape or names no real moment.</returns>
    public static bool TryParseFileText(ReadOnlySpan<char> text, out DateTime value) =>
        DateTime.TryParseExact(
            text,
            FileFormat,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out value);

    /// <summary>
    /// Reads a time as a user types it: ISO 8601 in its usual shapes, the shape of file names, or the invariant
    /// <c>MM/dd/yyyy HH:mm:ss</c> that PowerShell prints. Without an offset it means UTC.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="value">The time in UTC.</param>
    /// <returns>False where the text is no time.</returns>
    public static bool TryParse(string text, out DateTime value) =>
        DateTime.TryParseExact(
            text.Trim(),
            AcceptedFormats,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out value);
}
