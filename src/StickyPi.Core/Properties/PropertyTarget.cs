using System.Globalization;
using StickyPi.Core.Images;
using StickyPi.Core.Tuboids;

namespace StickyPi.Core.Properties;

/// <summary>The thing of a store that extra properties hang on.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Which of its kind, as <see cref="StickyPropertyKind"/> says.</param>
public readonly record struct PropertyTarget(StickyPropertyKind Kind, string Id)
{
    /// <summary>The target for a picture.</summary>
    /// <param name="image">The picture.</param>
    /// <returns>The target.</returns>
    public static PropertyTarget Of(ImageReference image) => new(
        StickyPropertyKind.Image, $"{image.Device}.{StickyTime.ToFileText(image.DateTime)}");

    /// <summary>The target for a series of tuboids.</summary>
    /// <param name="series">The series.</param>
    /// <returns>The target.</returns>
    public static PropertyTarget Of(TuboidSeriesReference series) => new(
        StickyPropertyKind.Series,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{series.Device}.{StickyTime.ToFileText(series.StartTime)}.{StickyTime.ToFileText(series.EndTime)}.{series.AlgoName}.{series.AlgoVersion}"));

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Id}";
}
