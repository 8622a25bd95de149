namespace StickyPi.Core.Remote.Existing;

/// <summary>
/// Makes ranges of whole seconds, which is all that the existing API knows, of those that users give. Pictures are of whole seconds too, so that a
/// range that is rounded to its inside has the same pictures.
/// </summary>
internal static class ExistingTimes
{
    private static readonly DateTime Earliest = new(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime Latest = new(9999, 12, 31, 23, 59, 59, DateTimeKind.Utc);

    /// <summary>The first second that is not before a time.</summary>
    /// <param name="time">The time, UTC; null for the earliest.</param>
    /// <returns>The second.</returns>
    public static DateTime NotBefore(DateTime? time) =>
        time is not DateTime value || value < Earliest ? Earliest
        : value > Latest ? Latest
        : Floor(value) is DateTime floor && floor == value ? floor : Floor(value).AddSeconds(1);

    /// <summary>The first second that is not before the end of a half-open range.</summary>
    /// <param name="time">The end, UTC; null for the latest.</param>
    /// <returns>The second.</returns>
    public static DateTime End(DateTime? time) => time is null ? Latest : NotBefore(time);

    /// <summary>The last second that is not after a time.</summary>
    /// <param name="time">The time, UTC; null for the latest.</param>
    /// <returns>The second.</returns>
    public static DateTime NotAfter(DateTime? time) => time is not DateTime value || value > Latest ? Latest : value < Earliest ? Earliest : Floor(value);

    private static DateTime Floor(DateTime time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
}
