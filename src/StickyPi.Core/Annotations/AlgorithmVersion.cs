using System.Globalization;

namespace StickyPi.Core.Annotations;

/// <summary>
/// Versions of algorithms: <c>timestamp-md5</c>, the seconds since 1970 at which a model was made and its MD5, as in
/// <c>1598113346-ad2cd78dfaca12821046dfb8994724d5</c>.
/// </summary>
public static class AlgorithmVersion
{
    /// <summary>The most characters of a version.</summary>
    public const int MaximumLength = 46;

    private const int HashLength = 32;

    /// <summary>Makes a version.</summary>
    /// <param name="time">When the model was made, UTC.</param>
    /// <param name="md5">Its MD5: 32 hexadecimal digits.</param>
    /// <returns>The version.</returns>
    public static string Create(DateTime time, string md5) =>
        string.Create(CultureInfo.InvariantCulture, $"{new DateTimeOffset(StickyTime.ToUtc(time)).ToUnixTimeSeconds()}-{md5}");

    /// <summary>Whether a text is a version.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsValid(string text)
    {
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        return text.Length <= MaximumLength
            && dash > 0
            && text.AsSpan(0, dash).IndexOfAnyExceptInRange('0', '9') < 0
            && text.Length - dash - 1 == HashLength
            && text.Skip(dash + 1).All(char.IsAsciiHexDigit);
    }

    /// <summary>Tells which of two versions is newer: by their timestamps as numbers, and where those are the same or none, as texts.</summary>
    /// <param name="left">A version, or what another program wrote as one.</param>
    /// <param name="right">Another.</param>
    /// <returns>Less than zero where the left one is older, more than zero where it is newer.</returns>
    public static int Compare(string left, string right) => Timestamp(left).CompareTo(Timestamp(right)) is var order and not 0
        ? order
        : string.CompareOrdinal(left, right);

    private static long Timestamp(string version) =>
        long.TryParse(version.Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) ? seconds : -1;
}
