using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace StickyPi.Tests;

/// <summary>The pixels of a JPEG file.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Rgb">Row by row, three bytes each.</param>
internal sealed record JpegPixels(int Width, int Height, byte[] Rgb)
{
    public static JpegPixels Read(byte[] jpeg)
    {
        using Image<Rgb24> image = Image.Load<Rgb24>(jpeg);
        byte[] rgb = new byte[image.Width * image.Height * 3];
        image.CopyPixelDataTo(rgb);
        return new JpegPixels(image.Width, image.Height, rgb);
    }

    /// <summary>How alike two pictures of one size are: the peak signal-to-noise ratio in decibels.</summary>
    public static double Compare(byte[] one, byte[] other)
    {
        (JpegPixels first, JpegPixels second) = (Read(one), Read(other));
        Assert.Equal((first.Width, first.Height), (second.Width, second.Height));
        double squares = first.Rgb.Zip(second.Rgb, (a, b) => (double)(a - b) * (a - b)).Sum();
        return 10 * Math.Log10(255.0 * 255 * first.Rgb.Length / squares);
    }
}
