namespace StickyPi.Core.Images;

/// <summary>
/// Tells what a device measured from the values that its firmware writes where nothing was measured. They are in picture files, and in the
/// rows that the Python client of 2023 made of such files.
/// </summary>
internal static class Recorded
{
    /// <summary>No temperature is as low, in degrees Celsius. The firmware writes −300 where its sensor failed.</summary>
    public const double AbsoluteZero = -273.15;

    /// <summary>No temperature of a device is as high, in degrees Celsius; it keeps infinity and texts out of comparisons in SQL.</summary>
    public const double Hottest = 1_000_000;

    private const string ClockNotSet = "2000-01-01";
    private const int SyncTextLength = 19;
    private const int UnixTimeLength = 10;

    /// <summary>A number, unless it is infinite or NaN.</summary>
    /// <param name="value">What is written.</param>
    /// <returns>The number, or null.</returns>
    public static double? Number(double? value) => value is double number && double.IsFinite(number) ? number : null;

    /// <summary>A temperature, unless it stands for none.</summary>
    /// <param name="value">What is written, in degrees Celsius.</param>
    /// <returns>The temperature, or null.</returns>
    public static double? Temperature(double? value) => value is double degrees and > AbsoluteZero and < Hottest ? degrees : null;

    /// <summary>A humidity, unless it stands for none: −1 where the sensor failed, and 0 beside no temperature where it was never read.</summary>
    /// <param name="value">What is written, in percent.</param>
    /// <param name="temperature">What <see cref="Temperature"/> gave.</param>
    /// <returns>The humidity, or null.</returns>
    public static double? Humidity(double? value, double? temperature) => Number(value) switch
    {
        null or < 0 => null,
        0 when temperature is null => null,
        double percent => percent,
    };

    /// <summary>Whether three values are a position, and not the zeros of a receiver without a fix. An altitude may have been cut off.</summary>
    /// <param name="latitude">Degrees.</param>
    /// <param name="longitude">Degrees.</param>
    /// <param name="altitude">Metres.</param>
    /// <returns>Whether they are.</returns>
    public static bool IsFix(double? latitude, double? longitude, double? altitude) =>
        latitude is not 0 || longitude is not 0 || altitude is not (null or 0);

    /// <summary>A time of synchronisation, unless it is that of a clock which was never set.</summary>
    /// <param name="value">The words of the device: a date, or seconds since 1970.</param>
    /// <returns>The words, or null.</returns>
    public static string? LastSync(string? value) =>
        value is null || value.StartsWith(ClockNotSet, StringComparison.Ordinal) || (IsUnixTime(value) && IsBeforeAnyDevice(value)) ? null : value;

    /// <summary>Whether a time of synchronisation cannot have lost its end.</summary>
    /// <param name="value">The words of the device.</param>
    /// <returns>Whether it is a whole date, or all digits of a time since 2001.</returns>
    public static bool IsWholeSync(string value) => value.Length == SyncTextLength || (IsUnixTime(value) && value.Length >= UnixTimeLength);

    private static bool IsUnixTime(string value) => value.Length > 0 && value.All(char.IsAsciiDigit);

    private static bool IsBeforeAnyDevice(string value) =>
        long.TryParse(value, out long seconds) && seconds < new DateTimeOffset(StickyTime.Earliest).ToUnixTimeSeconds();
}
