namespace StickyPi.Core.Annotations;

/// <summary>What an outline must be on its picture, whichever way it comes: drawn, in a COCO file, or added as it is.</summary>
internal static class ContourRules
{
    /// <summary>Why an outline without an area is refused, as the end of a sentence.</summary>
    public const string NoArea = "has no area: all its points lie on one line";

    /// <summary>Whether an outline has an area, so that not all its points lie on one line.</summary>
    /// <param name="contour">The corners.</param>
    /// <returns>Whether it has.</returns>
    public static bool HasArea(IReadOnlyList<ContourPoint> contour)
    {
        int second = 1;
        while (second < contour.Count && contour[second] == contour[0])
        {
            second++;
        }

        for (int i = second + 1; i < contour.Count; i++)
        {
            // Of coordinates that are as large as they can be, the products need more than 64 bits.
            Int128 cross = ((Int128)(contour[second].X - (long)contour[0].X) * (contour[i].Y - (long)contour[0].Y))
                - ((Int128)(contour[second].Y - (long)contour[0].Y) * (contour[i].X - (long)contour[0].X));
            if (cross != 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Fits an outline to its picture. The right and the lower edge belong to the picture.</summary>
    /// <param name="contour">The corners, in pixels.</param>
    /// <param name="width">The width of the picture; 0 where it is not known.</param>
    /// <param name="height">The height of the picture.</param>
    /// <returns>
    /// The part of the outline that is on the picture, which is the same object where all of it is; or why it is refused, as the end of a sentence.
    /// </returns>
    public static (IReadOnlyList<ContourPoint> Contour, string? Refusal) Fit(IReadOnlyList<ContourPoint> contour, int width, int height)
    {
        if (!HasArea(contour))
        {
            return (contour, NoArea);
        }

        if (width <= 0 || height <= 0 || IsInside(contour, width, height))
        {
            return (contour, null);
        }

        ContourPoint[] clipped = Clip(contour, width, height);
        return clipped.Length >= 3 && HasArea(clipped)
            ? (clipped, null)
            : (contour, FormattableString.Invariant($"lies wholly outside of the picture, which is {width}×{height} pixels large"));
    }

    private static bool IsInside(IReadOnlyList<ContourPoint> contour, int width, int height)
    {
        for (int i = 0; i < contour.Count; i++)
        {
            if (contour[i].X < 0 || contour[i].Y < 0 || contour[i].X > width || contour[i].Y > height)
            {
                return false;
            }
        }

        return true;
    }

    // Sutherland and Hodgman: one edge of the picture after the other.
    private static ContourPoint[] Clip(IReadOnlyList<ContourPoint> contour, int width, int height)
    {
        List<(double X, double Y)> points = [.. contour.Select(point => ((double)point.X, (double)point.Y))];
        points = ClipAt(points, point => point.X);
        points = ClipAt(points, point => width - point.X);
        points = ClipAt(points, point => point.Y);
        points = ClipAt(points, point => height - point.Y);
        List<ContourPoint> clipped = new(points.Count);
        foreach ((double x, double y) in points)
        {
            ContourPoint corner = new((int)Math.Round(x), (int)Math.Round(y));
            if (clipped.Count == 0 || clipped[^1] != corner)
            {
                clipped.Add(corner);
            }
        }

        return clipped.Count > 1 && clipped[^1] == clipped[0] ? [.. clipped[..^1]] : [.. clipped];
    }

    private static List<(double X, double Y)> ClipAt(List<(double X, double Y)> points, Func<(double X, double Y), double> within)
    {
        List<(double X, double Y)> kept = new(points.Count + 4);
        for (int i = 0; i < points.Count; i++)
        {
            (double X, double Y) from = points[i == 0 ? ^1 : i - 1];
            (double X, double Y) to = points[i];
            (double before, double after) = (within(from), within(to));
            if ((before < 0) != (after < 0))
            {
                double share = before / (before - after);
                kept.Add((from.X + (share * (to.X - from.X)), from.Y + (share * (to.Y - from.Y))));
            }

            if (after >= 0)
            {
                kept.Add(to);
            }
        }

        return kept;
    }
}
