using System.IO.Enumeration;

namespace StickyPi.Core.Images;

/// <summary>
/// A device, or a pattern for several: <c>*</c> and <c>%</c> stand for any run of characters, <c>?</c> and <c>_</c> for one,
/// upper and lower case are the same, as with LIKE in the existing API.
/// </summary>
public static class DevicePattern
{
    /// <summary>Whether a device matches at least one of several patterns.</summary>
    /// <param name="device">The device.</param>
    /// <param name="patterns">The patterns; none matches every device.</param>
    /// <returns>Whether it matches.</returns>
    public static bool Matches(string device, IReadOnlyCollection<string> patterns) =>
        patterns.Count == 0
        || patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(Translate(pattern), device, ignoreCase: true));

    // A backslash would be an escape to the matcher; a device never has one, so it is made literal.
    private static string Translate(string pattern) =>
        pattern.Replace(@"\", @"\\", StringComparison.Ordinal).Replace('%', '*').Replace('_', '?');
}
