using StickyPi.Core.Images;
using StickyPi.Core.Tuboids;

namespace StickyPi.Core.Properties;

/// <summary>The thing of a store that extra properties hang on.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Which of its kind, as <see cref="StickyPropertyKind"/> says.</param>
public readonly record struct PropertyTarget(StickyPropertyKind Kind, string Id)
{
    private const int SeriesFieldCount = 5;
    private const string PictureExtension = ".jpg";

    /// <summary>A picture.</summary>
    /// <param name="image">Which.</param>
    /// <returns>What its properties hang on.</returns>
    public static PropertyTarget Of(ImageReference image) =>
        new(StickyPropertyKind.Image, $"{image.Device}.{StickyTime.ToFileText(image.DateTime)}");

    /// <summary>A series of tuboids.</summary>
    /// <param name="series">Which.</param>
    /// <returns>What its properties hang on.</returns>
    public static PropertyTarget Of(TuboidSeriesReference series) => new(
        StickyPropertyKind.Series,
        $"{series.Device}.{StickyTime.ToFileText(series.StartTime)}.{StickyTime.ToFileText(series.EndTime)}.{series.AlgoName}.{series.AlgoVersion}");

    /// <summary>Reads which picture is meant.</summary>
    /// <param name="image">The picture. Its id may have the extension that its file has.</param>
    /// <returns>False where the target is no picture, or its id has another shape.</returns>
    internal bool TryGetImage(out ImageReference image)
    {
        image = default;
        string id = Id.EndsWith(PictureExtension, StringComparison.OrdinalIgnoreCase) ? Id[..^PictureExtension.Length] : Id;
        if (Kind != StickyPropertyKind.Image
            || id.Split('.') is not [string device, string time]
            || !ImageReference.IsDevice(device)
            || !StickyTime.TryParseFileText(time, out DateTime taken))
        {
            return false;
        }

        image = new ImageReference(device.ToLowerInvariant(), taken);
        return true;
    }

    /// <summary>Reads which series is meant. The name of an algorithm may have dots in it; its version has none.</summary>
    /// <param name="series">The series.</param>
    /// <returns>False where the target is no series, or its id has another shape.</returns>
    internal bool TryGetSeries(out TuboidSeriesReference series)
    {
        series = default;
        string[] fields = Kind == StickyPropertyKind.Series ? Id.Split('.') : [];
        if (fields.Length < SeriesFieldCount
            || !ImageReference.IsDevice(fields[0])
            || !StickyTime.TryParseFileText(fields[1], out DateTime start)
            || !StickyTime.TryParseFileText(fields[2], out DateTime end))
        {
            return false;
        }

        series = new TuboidSeriesReference(fields[0].ToLowerInvariant(), start, end, string.Join('.', fields[3..^1]), fields[^1]);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => OneLine.Of($"{Kind} {Id}");
}
