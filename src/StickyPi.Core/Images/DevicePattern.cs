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
        NamePattern.Matches(device, [.. patterns.Select(pattern => pattern.Replace('%', '*').Replace('_', '?'))]);
}
