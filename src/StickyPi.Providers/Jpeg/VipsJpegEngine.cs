using StickyPi.Core.Images;

namespace StickyPi.Providers.Jpeg;

/// <summary>
/// The JPEG engine on libvips. Only its JPEG loader is ever asked to read a picture, so no other format's decoder sees untrusted
/// bytes; the size was checked in the header before, and the loader shrinks while it decodes.
/// </summary>
internal sealed unsafe class VipsJpegEngine : IJpegEngine
{
    // VIPS_FAIL_ON_WARNING: damage inside the picture data is only a warning to the decoder. VIPS_ACCESS_SEQUENTIAL, VIPS_SIZE_DOWN.
    private const int FailOnWarning = 3;
    private const int AccessSequential = 1;
    private const int SizeDown = 2;
    private const int ThumbnailQuality = 75;

    public Thumbnails CreateThumbnails(ReadOnlyMemory<byte> jpeg, JpegHeader header)
    {
        VipsLibrary.EnsureStarted();
        fixed (byte* bytes = jpeg.Span)
        {
            using VipsOperation load = new VipsOperation("jpegload_buffer")
                .With("buffer", bytes, jpeg.Length)
                .With("shrink", GetShrink(header))
                .With("access", VipsNative.AccessType(), AccessSequential)
                .With("fail_on", VipsNative.FailOnType(), FailOnWarning);
            using VipsImage picture = load.RunToImage();
            using VipsOperation reduce = Reduce(picture, ImageContents.ThumbnailSize);
            using VipsImage reduced = reduce.RunToImage();

            // Here everything is decoded, once; both thumbnails come from these pixels.
            using VipsImage thumbnail = new(VipsNative.ImageCopyMemory(reduced.Handle));
            using VipsOperation reduceAgain = Reduce(thumbnail, ImageContents.ThumbnailMiniSize);
            using VipsImage mini = reduceAgain.RunToImage();
            return new Thumbnails(Save(thumbnail, ThumbnailQuality), Save(mini, ThumbnailQuality));
        }
    }

    public byte[] Encode(ReadOnlyMemory<byte> rgb, int width, int height, int quality)
    {
        if (rgb.Length != (long)width * height * 3)
        {
            throw new ArgumentException($"{width}×{height} pixels need {(long)width * height * 3} bytes, not {rgb.Length}.", nameof(rgb));
        }

        VipsLibrary.EnsureStarted();
        fixed (byte* pixels = rgb.Span)
        {
            using VipsImage image = new(VipsNative.ImageNewFromMemoryCopy(
                pixels, (nuint)rgb.Length, width, height, 3, VipsNative.UnsignedCharFormat));
            return Save(image, quality);
        }
    }

    // The decoder shrinks by 2, 4 or 8 at almost no cost. Twice the wanted size is left for the better filter that follows.
    private static int GetShrink(JpegHeader header)
    {
        (int width, int height) = ImageContents.ThumbnailSize;
        double scale = Math.Max(header.Width / (double)width, header.Height / (double)height);
        return scale switch { >= 16 => 8, >= 8 => 4, >= 4 => 2, _ => 1 };
    }

    private static VipsOperation Reduce(VipsImage image, (int Width, int Height) size) => new VipsOperation("thumbnail_image")
        .With("in", image)
        .With("width", size.Width)
        .With("height", size.Height)
        .With("size", VipsNative.SizeType(), SizeDown)
        .With("no_rotate", true);

    // "strip" is the name that every libvips from 8.0 on understands; newer ones call it "keep".
    private static byte[] Save(VipsImage image, int quality)
    {
        using VipsOperation save = new VipsOperation("jpegsave_buffer").With("in", image).With("Q", quality).With("strip", true);
        return save.RunToBytes();
    }
}
