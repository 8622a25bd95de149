using System.Diagnostics;
using System.Runtime.InteropServices;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;
using StickyPi.Core;
using StickyPi.Core.Images;

namespace StickyPi.Providers.Jpeg;

/// <summary>
/// The JPEG engine on ImageSharp, for systems without libvips. It is managed code and needs no native library. It takes several times as
/// long, and its version has reported flaws with crafted files, so a server only uses it when told to.
/// </summary>
internal sealed class ImageSharpJpegEngine : IJpegEngine
{
    // No other format is known, the callers bring their own threads, and no single buffer is larger than the largest picture needs.
    private static readonly Configuration Configuration = new(new JpegConfigurationModule())
    {
        MaxDegreeOfParallelism = 1,
        MemoryAllocator = MemoryAllocator.Create(new MemoryAllocatorOptions { AllocationLimitMegabytes = 256, MaximumPoolSizeMegabytes = 64 }),
    };

    private static readonly JpegDecoder Decoder = new() { IgnoreMetadata = true };

    public Thumbnails CreateThumbnails(ReadOnlyMemory<byte> jpeg, JpegHeader header, CancellationToken cancellationToken)
    {
        JpegScans.Check(jpeg.Span, cancellationToken);
        try
        {
            // Only the form for asynchronous streams can be stopped. From memory, it never waits.
            using MemoryStream stream = AsStream(jpeg);
            using Image<Rgb24> picture = Image.LoadAsync<Rgb24>(Configuration, stream, Decoder, cancellationToken).GetAwaiter().GetResult();
            cancellationToken.ThrowIfCancellationRequested();
            int first = Shrinking.GetFirst(header);
            Reduce(picture, picture.Width / first, picture.Height / first, ImageContents.ThumbnailSize);
            byte[] thumbnail = Save(picture, ImageContents.ThumbnailQuality);
            Reduce(picture, picture.Width, picture.Height, ImageContents.ThumbnailMiniSize);
            return new Thumbnails(thumbnail, Save(picture, ImageContents.ThumbnailQuality));
        }
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException))
        {
            // Damaged files make it throw whatever the place that they break throws.
            throw new InvalidDataException($"the JPEG file cannot be decoded: {OneLine.Quote(e)}", e);
        }
    }

    public byte[] Encode(ReadOnlyMemory<byte> rgb, int width, int height, int quality)
    {
        using Image<Rgb24> image = Image.LoadPixelData<Rgb24>(Configuration, rgb.Span, width, height);
        return Save(image, quality);
    }

    public string Describe() => $"ImageSharp {FileVersionInfo.GetVersionInfo(typeof(Image).Assembly.Location).ProductVersion?.Split('+')[0]}";

    // To the same size as libvips: it computes it from the picture after the first reduction, and does not enlarge.
    private static void Reduce(Image picture, int width, int height, (int Width, int Height) size)
    {
        double shrink = Math.Max(width / (double)size.Width, height / (double)size.Height);
        if (shrink > 1)
        {
            picture.Mutate(context => context.Resize(Round(width / shrink), Round(height / shrink), KnownResamplers.Lanczos3));
        }
    }

    private static MemoryStream AsStream(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(bytes.ToArray(), writable: false);

    private static int Round(double length) => Math.Max(1, (int)(length + 0.5));

    // libvips halves the resolution of colour below quality 90.
    private static byte[] Save(Image picture, int quality)
    {
        using MemoryStream stream = new();
        picture.Save(stream, new JpegEncoder
        {
            Quality = quality,
            ColorType = quality < 90 ? JpegColorType.YCbCrRatio420 : JpegColorType.YCbCrRatio444,
        });
        return stream.ToArray();
    }
}
