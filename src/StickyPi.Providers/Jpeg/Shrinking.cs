using StickyPi.Core.Images;

namespace StickyPi.Providers.Jpeg;

/// <summary>How a picture becomes a thumbnail, the same in both engines.</summary>
internal static class Shrinking
{
    /// <summary>
    /// By which whole number a picture is reduced roughly first: libjpeg does it while it decodes, at almost no cost. Twice the wanted size is left
    /// for the better filter that follows.
    /// </summary>
    /// <param name="header">The picture.</param>
    /// <returns>1, 2, 4 or 8.</returns>
    public static int GetFirst(JpegHeader header)
    {
        (int width, int height) = ImageContents.ThumbnailSize;
        double scale = Math.Max(header.Width / (double)width, header.Height / (double)height);
        return scale switch { >= 16 => 8, >= 8 => 4, >= 4 => 2, _ => 1 };
    }
}
