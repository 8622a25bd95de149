using StickyPi.Core;

namespace StickyPi.PowerShell.Base;

/// <summary>What the commands that take a range of time share.</summary>
internal static class TimeRange
{
    /// <summary>Makes sure that a range does not end before it starts.</summary>
    /// <param name="start">Its start, or null.</param>
    /// <param name="end">Its end, or null.</param>
    /// <exception cref="StickyException"><c>InvalidTimeRange</c>.</exception>
    public static void Check(DateTime? start, DateTime? end)
    {
        if (start > end)
        {
            throw new StickyException(
                "InvalidTimeRange",
                StickyErrorKind.InvalidData,
                $"-EndTime {StickyTime.ToFileText(end.Value)} is before -StartTime {StickyTime.ToFileText(start.Value)}.",
                end,
                "Swap the two.");
        }
    }
}
