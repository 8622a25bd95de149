namespace StickyPi.Core.Annotations.Exchange;

/// <summary>A point of a drawing, in units of whatever coordinate system it is given in.</summary>
internal readonly record struct SvgPoint(double X, double Y)
{
    public static SvgPoint operator +(SvgPoint left, SvgPoint right) => new(left.X + right.X, left.Y + right.Y);

    public static SvgPoint operator -(SvgPoint left, SvgPoint right) => new(left.X - right.X, left.Y - right.Y);

    public static SvgPoint operator *(double factor, SvgPoint point) => new(factor * point.X, factor * point.Y);
}

/// <summary>An affine transform (SVG 1.1, 7.4): x' = A·x + C·y + E, y' = B·x + D·y + F.</summary>
internal readonly record struct SvgTransform(double A, double B, double C, double D, double E, double F)
{
    public static readonly SvgTransform Identity = new(1, 0, 0, 1, 0, 0);

    /// <summary>Does the right transform first, then the left one, as nested groups do.</summary>
    public static SvgTransform operator *(SvgTransform left, SvgTransform right) => new(
        (left.A * right.A) + (left.C * right.B),
        (left.B * right.A) + (left.D * right.B),
        (left.A * right.C) + (left.C * right.D),
        (left.B * right.C) + (left.D * right.D),
        (left.A * right.E) + (left.C * right.F) + left.E,
        (left.B * right.E) + (left.D * right.F) + left.F);

    public static SvgTransform Translate(double x, double y) => new(1, 0, 0, 1, x, y);

    public static SvgTransform Scale(double x, double y) => new(x, 0, 0, y, 0, 0);

    /// <summary>
    /// Reads a <c>transform</c> attribute or property: a list of matrix, translate, scale, rotate, skewX and skewY, with or without units.
    /// </summary>
    /// <param name="text">The attribute.</param>
    /// <param name="transform">All of them, one after the other; none at all where the text breaks the grammar.</param>
    /// <returns>Whether the text follows the grammar.</returns>
    public static bool TryParse(string text, out SvgTransform transform)
    {
        transform = Identity;
        SvgTransform all = Identity;
        SvgScanner scanner = new(text);
        Span<double> arguments = stackalloc double[6];
        Span<bool> isAngle = stackalloc bool[6];
        while (!scanner.IsAtEnd)
        {
            string name = scanner.ReadWord().ToString();
            if (!scanner.Take('('))
            {
                return false;
            }

            int count = 0;
            while (!scanner.Take(')'))
            {
                if (count > 0)
                {
                    _ = scanner.Take(',');
                }

                if (count == arguments.Length
                    || !scanner.TryReadNumber(out arguments[count])
                    || !TryApplyUnit(scanner.ReadUnit(), ref arguments[count], out bool? angle))
                {
                    return false;
                }

                isAngle[count++] = angle ?? IsAngle(name, count - 1);
            }

            bool unitsFit = true;
            for (int i = 0; i < count; i++)
            {
                unitsFit &= isAngle[i] == IsAngle(name, i);
            }

            if (!unitsFit || Create(name, arguments[..count]) is not SvgTransform next)
            {
                return false;
            }

            all *= next;
            _ = scanner.Take(',');
        }

        transform = all;
        return true;
    }

    public SvgPoint Apply(SvgPoint point) => new((A * point.X) + (C * point.Y) + E, (B * point.X) + (D * point.Y) + F);

    /// <summary>The transform that takes this one back.</summary>
    /// <param name="inverse">The inverse.</param>
    /// <returns>False where there is none, because everything falls on a line.</returns>
    public bool TryInvert(out SvgTransform inverse)
    {
        double determinant = (A * D) - (B * C);
        inverse = new(
            D / determinant, -B / determinant, -C / determinant, A / determinant, ((C * F) - (D * E)) / determinant, ((B * E) - (A * F)) / determinant);
        return determinant != 0
            && double.IsFinite(inverse.A) && double.IsFinite(inverse.B) && double.IsFinite(inverse.C)
            && double.IsFinite(inverse.D) && double.IsFinite(inverse.E) && double.IsFinite(inverse.F);
    }

    private static SvgTransform? Create(string name, ReadOnlySpan<double> v) => (name, v.Length) switch
    {
        ("matrix", 6) => new(v[0], v[1], v[2], v[3], v[4], v[5]),
        ("translate", 1) => Translate(v[0], 0),
        ("translate", 2) => Translate(v[0], v[1]),
        ("translateX", 1) => Translate(v[0], 0),
        ("translateY", 1) => Translate(0, v[0]),
        ("scaleX", 1) => Scale(v[0], 1),
        ("scaleY", 1) => Scale(1, v[0]),
        ("scale", 1) => Scale(v[0], v[0]),
        ("scale", 2) => Scale(v[0], v[1]),
        ("rotate", 1) => Rotate(v[0]),
        ("rotate", 3) => Translate(v[1], v[2]) * Rotate(v[0]) * Translate(-v[1], -v[2]),
        ("skewX", 1) => new(1, 0, Math.Tan(double.DegreesToRadians(v[0])), 1, 0, 0),
        ("skewY", 1) => new(1, Math.Tan(double.DegreesToRadians(v[0])), 0, 1, 0, 0),
        _ => null,
    };

    // CSS Transforms 1: numbers, lengths in pixels and angles. Without a unit, an angle is in degrees.
    private static bool TryApplyUnit(ReadOnlySpan<char> unit, ref double value, out bool? isAngle)
    {
        (double factor, bool? angle) = unit switch
        {
            "" => (1.0, (bool?)null),
            "px" => (1.0, (bool?)false),
            "deg" => (1.0, (bool?)true),
            "grad" => (0.9, (bool?)true),
            "turn" => (360.0, (bool?)true),
            "rad" => (180 / Math.PI, (bool?)true),
            _ => (0.0, (bool?)null),
        };
        isAngle = angle;
        value *= factor;
        return factor != 0;
    }

    private static bool IsAngle(string name, int argument) => name is "skewX" or "skewY" || (name == "rotate" && argument == 0);

    private static SvgTransform Rotate(double degrees)
    {
        (double sine, double cosine) = Math.SinCos(double.DegreesToRadians(degrees));
        return new(cosine, sine, -sine, cosine, 0, 0);
    }
}
