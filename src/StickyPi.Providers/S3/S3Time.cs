using System.Globalization;

namespace StickyPi.Providers.S3;

/// <summary>
/// Modification times in the metadata of objects. S3 has none of its own; rclone keeps them as <c>mtime</c>, in seconds since 1970 UTC with
/// up to nine decimals, and s3cmd as one of the fields in <c>s3cmd-attrs</c>.
/// </summary>
internal static class S3Time
{
    /// <summary>The name of the metadata that rclone reads and writes, and this product with it.</summary>
    public const string MetadataName = "mtime";

    private const string S3CmdName = "s3cmd-attrs";
    private const string S3CmdField = "mtime:";

    /// <summary>Writes a time as rclone does.</summary>
    /// <param name="time">The time, UTC.</param>
    /// <returns>For instance <c>1598113346.1234567</c>.</returns>
    public static string Format(DateTime time)
    {
        long ticks = (time - DateTime.UnixEpoch).Ticks;
        return string.Create(
            CultureInfo.InvariantCulture, $"{(ticks < 0 ? "-" : "")}{Math.Abs((decimal)ticks) / TimeSpan.TicksPerSecond:0.#########}");
    }

    /// <summary>Reads the time from metadata.</summary>
    /// <param name="metadata">Gives the value of a name, or null.</param>
    /// <returns>The time, UTC, or null where none was kept.</returns>
    public static DateTime? Read(Func<string, string?> metadata)
    {
        string? text = metadata(MetadataName)
            ?? metadata(S3CmdName)?.Split('/').FirstOrDefault(field => field.StartsWith(S3CmdField, StringComparison.Ordinal))?[S3CmdField.Length..];
        return decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds)
            && seconds >= (DateTime.MinValue - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond
            && seconds <= (DateTime.MaxValue - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond
                ? DateTime.UnixEpoch.AddTicks((long)Math.Floor(seconds * TimeSpan.TicksPerSecond))
                : null;
    }
}
