namespace StickyPi.Core.Annotations;

/// <summary>One object that somebody or something saw on a picture: its outline, and what it is.</summary>
public sealed record AnnotatedObject
{
    /// <summary>The name of an object that was given none, as the existing Python programs have it.</summary>
    public const string DefaultName = "annotation";

    /// <summary>The colour of the outline where none was given.</summary>
    public const string DefaultStrokeColour = "#0000ff";

    /// <summary>The colour of the inside where none was given.</summary>
    public const string DefaultFillColour = "#ff0000";

    /// <summary>The corners of the outline, which is closed, in pixels of the picture from its upper left corner.</summary>
    public required IReadOnlyList<ContourPoint> Contour { get; init; }

    /// <summary>What the object is, for example <c>insect</c>.</summary>
    public string Name { get; init; } = DefaultName;

    /// <summary>A number that describes the object further; null where there is none.</summary>
    public int? Value { get; init; }

    /// <summary>The colour of the inside, <c>#rrggbb</c>.</summary>
    public string FillColour { get; init; } = DefaultFillColour;

    /// <summary>The colour of the outline, <c>#rrggbb</c>.</summary>
    public string StrokeColour { get; init; } = DefaultStrokeColour;

    /// <summary>The upright rectangle of pixels that holds the outline.</summary>
    public BoundingBox BoundingBox => BoundingBox.Of(Contour);

    /// <summary>The area within the outline in square pixels, by the shoelace formula, as OpenCV's <c>contourArea</c> has it.</summary>
    public double Area
    {
        get
        {
            long twice = 0;
            for (int i = 0; i < Contour.Count; i++)
            {
                ContourPoint from = Contour[i];
                ContourPoint to = Contour[i + 1 == Contour.Count ? 0 : i + 1];
                twice += ((long)from.X * to.Y) - ((long)to.X * from.Y);
            }

            return Math.Abs(twice) / 2.0;
        }
    }

    /// <summary>The name, which says what a column of a table has room for.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => OneLine.Of(Name);
}

/// <summary>A corner of an outline, in pixels from the upper left corner of the picture. It may lie outside of the picture.</summary>
/// <param name="X">To the right.</param>
/// <param name="Y">Downwards.</param>
public readonly record struct ContourPoint(int X, int Y)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{X},{Y}");
}

/// <summary>An upright rectangle of pixels, as OpenCV's <c>boundingRect</c> has it: a single pixel is 1 wide and 1 high.</summary>
/// <param name="X">Its left side.</param>
/// <param name="Y">Its upper side.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
public readonly record struct BoundingBox(int X, int Y, int Width, int Height)
{
    /// <summary>The smallest rectangle that holds some points.</summary>
    /// <param name="points">The points; none makes an empty rectangle.</param>
    /// <returns>The rectangle.</returns>
    public static BoundingBox Of(IReadOnlyList<ContourPoint> points)
    {
        if (points.Count == 0)
        {
            return default;
        }

        (int left, int top, int right, int bottom) = (int.MaxValue, int.MaxValue, int.MinValue, int.MinValue);
        foreach (ContourPoint point in points)
        {
            left = Math.Min(left, point.X);
            top = Math.Min(top, point.Y);
            right = Math.Max(right, point.X);
            bottom = Math.Max(bottom, point.Y);
        }

        return new BoundingBox(left, top, right - left + 1, bottom - top + 1);
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{X},{Y} {Width}×{Height}");
}
