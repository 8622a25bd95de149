using StickyPi.Core;
using StickyPi.Core.Images;

namespace StickyPi.Providers.Jpeg;

/// <summary>
/// The JPEG engine that was asked for by name, or else libvips where it loads and the managed engine where it does not. Nothing is loaded
/// before the first call.
/// </summary>
/// <param name="readName">The name that was asked for; null or empty for none. It is read at each call.</param>
/// <param name="findFault">Why libvips does not work here, or null where it does.</param>
internal sealed class ChosenJpegEngine(Func<string?> readName, Func<StickyException?> findFault) : IJpegEngine
{
    /// <summary>The environment variable that names the engine.</summary>
    public const string Variable = "STICKYPI_JPEG_ENGINE";

    /// <summary>The name of the engine on libvips.</summary>
    public const string Libvips = "libvips";

    /// <summary>The name of the engine on ImageSharp.</summary>
    public const string Managed = "managed";

    // Slow machines take some seconds for the largest picture.
    private static readonly TimeSpan MaximumTime = TimeSpan.FromMinutes(1);

    private readonly VipsJpegEngine _libvips = new(findFault);
    private readonly ImageSharpJpegEngine _managed = new();

    public Thumbnails CreateThumbnails(ReadOnlyMemory<byte> jpeg, JpegHeader header, CancellationToken cancellationToken)
    {
        JpegEffort.Check(jpeg.Span);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(MaximumTime);
        try
        {
            return Choose().CreateThumbnails(jpeg, header, stop.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InvalidDataException(FormattableString.Invariant($"the JPEG file takes more than {MaximumTime.TotalSeconds} seconds to decode"));
        }
    }

    public byte[] Encode(ReadOnlyMemory<byte> rgb, int width, int height, int quality) =>
        rgb.Length == (long)width * height * 3
            ? Choose().Encode(rgb, width, height, quality)
            : throw new ArgumentException($"{width}×{height} pixels need {(long)width * height * 3} bytes, not {rgb.Length}.", nameof(rgb));

    public string Describe()
    {
        IJpegEngine engine = Choose();
        return engine == _libvips ? engine.Describe()
            : string.IsNullOrEmpty(readName()) ? $"the managed engine ({engine.Describe()}), because {OneLine.Quote(findFault()!)}"
            : $"the managed engine ({engine.Describe()}), which was asked for";
    }

    private IJpegEngine Choose() => readName() switch
    {
        Libvips => _libvips,
        Managed => _managed,
        null or "" => findFault() is null ? _libvips : _managed,
        string other => throw new StickyException(
            "InvalidJpegEngine",
            StickyErrorKind.ComponentMissing,
            $"There is no JPEG engine '{other}', which the environment variable {Variable} asks for: it is '{Libvips}' or '{Managed}'.",
            other,
            $"Correct {Variable}, or remove it to take libvips where it loads."),
    };
}
