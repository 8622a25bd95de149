using System.Globalization;

namespace StickyPi.PowerShell.Base;

/// <summary>Sizes as people read them: in the unit that leaves one to three digits, of a thousand of the next smaller one each.</summary>
public static class ByteSize
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>Writes a size.</summary>
    /// <param name="bytes">The size in bytes.</param>
    /// <returns>For instance <c>3.2 MB</c>, in the invariant culture.</returns>
    public static string Format(long bytes)
    {
        int unit = FindUnit(bytes);
        return $"{Scale(bytes, unit)} {Units[unit]}";
    }

    /// <summary>Writes how much there is of a total, in the unit of the total.</summary>
    /// <param name="bytes">How much, in bytes.</param>
    /// <param name="total">The total in bytes.</param>
    /// <returns>For instance <c>105 of 230 MB</c>, in the invariant culture.</returns>
    public static string Format(long bytes, long total)
    {
        int unit = FindUnit(total);
        return $"{Scale(bytes, unit)} of {Scale(total, unit)} {Units[unit]}";
    }

    // 999,600 would be written as 1000 kB.
    private static int FindUnit(long bytes)
    {
        int unit = 0;
        for (double scaled = bytes; Math.Round(scaled) >= 1000; scaled /= 1000)
        {
            unit++;
        }

        return unit;
    }

    private static string Scale(long bytes, int unit)
    {
        double scaled = bytes / Math.Pow(1000, unit);
        return scaled.ToString(scaled < 9.95 ? "0.#" : "0", CultureInfo.InvariantCulture);
    }
}
