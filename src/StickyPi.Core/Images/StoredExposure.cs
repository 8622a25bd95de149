namespace StickyPi.Core.Images;

/// <summary>Reads the columns of a row that may not be null, where a picture has no such values: they hold zeros then.</summary>
internal static class StoredExposure
{
    /// <summary>
    /// Reads them. A picture of firmware generation 2 has none of them, and one of the Python firmware of 2021 only the exposure time: zero
    /// alone is a shutter speed or a brightness, but no ISO speed is zero.
    /// </summary>
    /// <param name="exposure">The exposure time in seconds.</param>
    /// <param name="shutter">The shutter speed value (APEX).</param>
    /// <param name="brightness">The brightness value (APEX).</param>
    /// <param name="iso">The ISO speed.</param>
    /// <returns>The same; null what was not recorded.</returns>
    public static (double? Exposure, double? Shutter, double? Brightness, double? Iso) Read(
        double? exposure, double? shutter, double? brightness, double? iso)
    {
        if (exposure is null or 0)
        {
            return (null, null, null, null);
        }

        bool isTimeOnly = shutter is null or 0 && brightness is null or 0 && iso is null or 0;
        return isTimeOnly ? (exposure, null, null, null) : (exposure, shutter, brightness, iso);
    }
}
