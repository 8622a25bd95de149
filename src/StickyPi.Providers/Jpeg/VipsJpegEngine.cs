using System.Runtime.InteropServices;
using NetVips;
using StickyPi.Core;
using StickyPi.Core.Images;

namespace StickyPi.Providers.Jpeg;

/// <summary>
/// The JPEG engine on libvips, through NetVips. Only its JPEG loader is ever asked to read a picture, so no other format's decoder sees
/// untrusted bytes. The size was checked in the header before, and the loader shrinks while it decodes.
/// </summary>
/// <param name="findFault">Why libvips does not work here, or null where it does.</param>
internal sealed class VipsJpegEngine(Func<StickyException?> findFault) : IJpegEngine
{
    private static readonly IProgress<int> NoProgress = new Silence();
    private static readonly Lazy<Exception?> Failure = new(Start);

    /// <summary>The error <c>JpegEngineMissing</c> where libvips does not load here, or null where it does. The first call loads it.</summary>
    public static StickyException? Fault => Failure.Value is Exception cause ? Missing(cause) : null;

    public Thumbnails CreateThumbnails(ReadOnlyMemory<byte> jpeg, JpegHeader header, CancellationToken cancellationToken)
    {
        EnsureStarted();
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            // Damage inside the picture data is only a warning to the decoder.
            using Image picture = Image.JpegloadBuffer(
                ToArray(jpeg), shrink: Shrinking.GetFirst(header), access: Enums.Access.Sequential, failOn: Enums.FailOn.Warning);
            using Image reduced = Reduce(picture, ImageContents.ThumbnailSize);

            // Here everything is decoded, once; both thumbnails come from these pixels. While that goes on, libvips asks whether to stop.
            reduced.SetProgress(NoProgress, cancellationToken);
            using Image thumbnail = reduced.CopyMemory();
            cancellationToken.ThrowIfCancellationRequested();
            using Image mini = Reduce(thumbnail, ImageContents.ThumbnailMiniSize);
            return new Thumbnails(Save(thumbnail, ImageContents.ThumbnailQuality), Save(mini, ImageContents.ThumbnailQuality));
        }
        catch (VipsException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new InvalidDataException(LastLine(e), e);
        }
    }

    public byte[] Encode(ReadOnlyMemory<byte> rgb, int width, int height, int quality)
    {
        EnsureStarted();
        try
        {
            using Image image = Image.NewFromMemoryCopy(rgb.Span, width, height, 3, Enums.BandFormat.Uchar);
            return Save(image, quality);
        }
        catch (VipsException e)
        {
            throw new InvalidDataException(LastLine(e), e);
        }
    }

    public string Describe()
    {
        EnsureStarted();
        return $"libvips {NetVips.NetVips.Version(0)}.{NetVips.NetVips.Version(1)}.{NetVips.NetVips.Version(2)}";
    }

    // NetVips copies the array, so the caller may change it later.
    private static byte[] ToArray(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : bytes.ToArray();

    private static Image Reduce(Image image, (int Width, int Height) size) =>
        image.ThumbnailImage(size.Width, size.Height, Enums.Size.Down, noRotate: true);

    private static byte[] Save(Image image, int quality) => image.JpegsaveBuffer(q: quality, keep: Enums.ForeignKeep.None);

    private void EnsureStarted()
    {
        if (findFault() is StickyException fault)
        {
            throw fault;
        }
    }

    private static Exception? Start()
    {
        if (!ModuleInitializer.VipsInitialized)
        {
            return ModuleInitializer.Exception;
        }

        // libvips reports damaged pictures on standard error as well as to its caller.
        foreach (string domain in (string[])["VIPS", "GLib-GObject"])
        {
            _ = Log.SetLogHandler(domain, Enums.LogLevelFlags.LevelMask, (_, _, _) => { });
        }

        // The callers bring their own threads. A picture comes once, so remembering operations only costs memory.
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
        return null;
    }

    private static StickyException Missing(Exception cause) => new(
        "JpegEngineMissing",
        StickyErrorKind.ComponentMissing,
        $"libvips, which decodes pictures, cannot be loaded on this system ({RuntimeInformation.RuntimeIdentifier}): {Shorten(cause)}",
        null,
        $"Install libvips 8.14 or later ('apt install libvips42' on Debian and Ubuntu, 'brew install vips' on macOS) and start again, or use "
            + $"the slower engine that needs none: set the environment variable {ChosenJpegEngine.Variable} to '{ChosenJpegEngine.Managed}'.",
        cause);

    // The loader's first line names the file, and goes on with advice for programmers; the lines after it list all places that were searched.
    private static string Shorten(Exception cause)
    {
        string line = cause is VipsException ? LastLine(cause) : cause.Message.Split('\n')[0].Trim();
        int advice = line.IndexOf(". In order to help", StringComparison.Ordinal);
        return advice < 0 ? line : line[..advice];
    }

    // NetVips puts what libvips said behind a line of its own. Two threads that fail at once may get each other's reason.
    private static string LastLine(Exception exception) =>
        exception.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1];

    private sealed class Silence : IProgress<int>
    {
        public void Report(int value)
        {
        }
    }
}
