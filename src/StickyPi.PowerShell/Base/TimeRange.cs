using System.Globalization;
using StickyPi.Core;

namespace StickyPi.PowerShell.Base;

/// <summary>Ranges of time as users give them.</summary>
internal static class TimeRange
{
    /// <summary>Makes sure that a range does not end before it starts.</summary>
    /// <param name="start">Its start, UTC, or null.</param>
    /// <param name="end">Its end, UTC, or null.</param>
    /// <param name="startName">What the start is called where it was given.</param>
    /// <param name="endName">What the end is called where it was given.</param>
    /// <exception cref="StickyException"><c>InvalidTimeRange</c>.</exception>
    public static void Check(DateTime? start, DateTime? end, string startName = "-StartTime", string endName = "-EndTime")
    {
        if (start > end)
        {
            throw new StickyException(
                "InvalidTimeRange",
                StickyErrorKind.InvalidData,
                $"{endName} {StickyTime.ToFileText(end.Value)} is before {startName} {StickyTime.ToFileText(start.Value)}.",
                end,
                "Swap the two.");
        }
    }

    /// <summary>Says which series a query means, for a warning that there is nothing in it.</summary>
    /// <param name="devices">Its devices or patterns.</param>
    /// <param name="start">Its start, UTC, or null.</param>
    /// <param name="end">Its end, UTC, or null.</param>
    /// <returns>For example <c>'5c17*' from 2020-06-20_00-00-00 (UTC)</c>.</returns>
    public static string Describe(IReadOnlyList<string> devices, DateTime? start, DateTime? end)
    {
        string names = devices.Contains("*") ? "any device" : string.Join(", ", devices.Select(device => $"'{device}'"));
        string from = start is DateTime first ? string.Create(CultureInfo.InvariantCulture, $" from {StickyTime.ToFileText(first)}") : "";
        string to = end is DateTime last ? string.Create(CultureInfo.InvariantCulture, $" until before {StickyTime.ToFileText(last)}") : "";
        return $"{names}{from}{to}{(from + to == "" ? "" : " (UTC)")}";
    }
}
