namespace StickyPi.Core.Annotations.Exchange;

/// <summary>A part of a path that is drawn without lifting the pen, with its curves made straight.</summary>
/// <param name="Points">Its corners from the start to the end; what closes it adds none.</param>
/// <param name="EndsInCurve">Whether the last corner is the end of a curve.</param>
internal sealed record SvgSubpath(IReadOnlyList<SvgPoint> Points, bool EndsInCurve);

/// <summary>
/// Reads path data (SVG 2, 9.3). Of a curve, the points at t = 0, 1/7, …, 1 are taken, as the existing Python programs do: contours are
/// the same whoever imports a drawing.
/// </summary>
internal ref struct SvgPath
{
    private const int CurveSegments = 7;

    private readonly List<SvgSubpath> _subpaths = [];
    private SvgScanner _scanner;
    private List<SvgPoint>? _points;
    private bool _endsInCurve;
    private SvgPoint _start;
    private SvgPoint _current;

    // What S and T mirror, each after its own kind of curve only.
    private SvgPoint? _cubicControl;
    private SvgPoint? _quadraticControl;

    private SvgPath(ReadOnlySpan<char> data) => _scanner = new SvgScanner(data);

    /// <summary>Reads path data.</summary>
    /// <param name="data">The <c>d</c> attribute.</param>
    /// <param name="error">What is wrong with it, as the end of a sentence, or null. What is right before the error counts, as SVG says.</param>
    /// <returns>The sub-paths.</returns>
    public static IReadOnlyList<SvgSubpath> Parse(ReadOnlySpan<char> data, out string? error)
    {
        SvgPath path = new(data);
        error = path.Read();
        path.EndSubpath();
        return path._subpaths;
    }

    private string? Read()
    {
        Span<double> arguments = stackalloc double[7];
        bool isFirst = true;
        while (!_scanner.IsAtEnd)
        {
            int position = _scanner.Position;
            char command = _scanner.Read();
            int count = CountArguments(command);
            if (count < 0 || (isFirst && command is not ('M' or 'm')))
            {
                return FormattableString.Invariant($"character {position + 1} is '{command}' where {(isFirst ? "M" : "a command")} should be");
            }

            isFirst = false;
            if (count == 0)
            {
                Close();
                continue;
            }

            // Numbers that follow without a letter are for the same command again; after a move, for lines.
            do
            {
                if (!ReadArguments(command, arguments[..count]))
                {
                    return _scanner.IsAtEnd
                        ? $"it ends where a number of command '{command}' should be"
                        : FormattableString.Invariant(
                            $"character {_scanner.Position + 1} is '{_scanner.Peek()}' where a number of command '{command}' should be");
                }

                Draw(command, arguments);
                command = command switch { 'M' => 'L', 'm' => 'l', _ => command };
            }
            while (_scanner.Take(',') || _scanner.IsAtNumber);
        }

        return null;
    }

    private static int CountArguments(char command) => char.ToUpperInvariant(command) switch
    {
        'Z' => 0,
        'H' or 'V' => 1,
        'M' or 'L' or 'T' => 2,
        'S' or 'Q' => 4,
        'C' => 6,
        'A' => 7,
        _ => -1,
    };

    private bool ReadArguments(char command, scoped Span<double> arguments)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            if (i > 0)
            {
                _ = _scanner.Take(',');
            }

            bool isFlag = command is 'A' or 'a' && i is 3 or 4;
            if (!(isFlag ? _scanner.TryReadFlag(out arguments[i]) : _scanner.TryReadNumber(out arguments[i])))
            {
                return false;
            }
        }

        return true;
    }

    private void Draw(char command, scoped ReadOnlySpan<double> v)
    {
        SvgPoint origin = char.IsAsciiLetterLower(command) ? _current : default;
        switch (char.ToUpperInvariant(command))
        {
            case 'M':
                EndSubpath();
                _current = _start = origin + new SvgPoint(v[0], v[1]);
                _points = [_start];
                ForgetControls();
                break;
            case 'L':
                AddLine(origin + new SvgPoint(v[0], v[1]));
                break;
            case 'H':
                AddLine(new SvgPoint(origin.X + v[0], _current.Y));
                break;
            case 'V':
                AddLine(new SvgPoint(_current.X, origin.Y + v[0]));
                break;
            case 'C':
                AddCubic(origin + new SvgPoint(v[0], v[1]), origin + new SvgPoint(v[2], v[3]), origin + new SvgPoint(v[4], v[5]));
                break;
            case 'S':
                AddCubic(Mirror(_cubicControl), origin + new SvgPoint(v[0], v[1]), origin + new SvgPoint(v[2], v[3]));
                break;
            case 'Q':
                AddQuadratic(origin + new SvgPoint(v[0], v[1]), origin + new SvgPoint(v[2], v[3]));
                break;
            case 'T':
                AddQuadratic(Mirror(_quadraticControl), origin + new SvgPoint(v[0], v[1]));
                break;
            default:
                AddArc(Math.Abs(v[0]), Math.Abs(v[1]), double.DegreesToRadians(v[2]), v[3] != 0, v[4] != 0, origin + new SvgPoint(v[5], v[6]));
                break;
        }
    }

    private readonly SvgPoint Mirror(SvgPoint? control) => control is SvgPoint point ? (2 * _current) - point : _current;

    private void AddLine(SvgPoint end)
    {
        Add(end, isCurve: false);
        ForgetControls();
    }

    private void AddCubic(SvgPoint control1, SvgPoint control2, SvgPoint end)
    {
        SvgPoint start = _current;
        for (int i = 1; i < CurveSegments; i++)
        {
            double t = (double)i / CurveSegments;
            double s = 1 - t;
            Add((s * s * s * start) + (3 * s * s * t * control1) + (3 * s * t * t * control2) + (t * t * t * end), isCurve: true);
        }

        Add(end, isCurve: true);
        ForgetControls();
        _cubicControl = control2;
    }

    private void AddQuadratic(SvgPoint control, SvgPoint end)
    {
        SvgPoint start = _current;
        for (int i = 1; i < CurveSegments; i++)
        {
            double t = (double)i / CurveSegments;
            double s = 1 - t;
            Add((s * s * start) + (2 * s * t * control) + (t * t * end), isCurve: true);
        }

        Add(end, isCurve: true);
        ForgetControls();
        _quadraticControl = control;
    }

    // From the end points to the centre: SVG 2, B.2.4 and B.2.5, whose names these are.
    private void AddArc(double rx, double ry, double phi, bool isLarge, bool isSweep, SvgPoint end)
    {
        SvgPoint start = _current;
        ForgetControls();
        if (start == end)
        {
            return;
        }

        if (rx == 0 || ry == 0)
        {
            AddLine(end);
            return;
        }

        (double sine, double cosine) = Math.SinCos(phi);
        SvgPoint half = 0.5 * (start - end);
        SvgPoint p = new((cosine * half.X) + (sine * half.Y), (cosine * half.Y) - (sine * half.X));

        // Radii that are too small to reach are made just large enough.
        double reach = ((p.X / rx) * (p.X / rx)) + ((p.Y / ry) * (p.Y / ry));
        if (reach > 1)
        {
            rx *= Math.Sqrt(reach);
            ry *= Math.Sqrt(reach);
            reach = 1;
        }

        double factor = (isLarge == isSweep ? -1 : 1) * Math.Sqrt((1 - reach) / reach);
        SvgPoint c = new(factor * rx * p.Y / ry, -factor * ry * p.X / rx);
        SvgPoint centre = (0.5 * (start + end)) + new SvgPoint((cosine * c.X) - (sine * c.Y), (sine * c.X) + (cosine * c.Y));
        double first = Math.Atan2((p.Y - c.Y) / ry, (p.X - c.X) / rx);
        double sweep = Math.Atan2((-p.Y - c.Y) / ry, (-p.X - c.X) / rx) - first;
        sweep += isSweep && sweep < 0 ? Math.Tau : !isSweep && sweep > 0 ? -Math.Tau : 0;
        for (int i = 1; i < CurveSegments; i++)
        {
            (double y, double x) = Math.SinCos(first + (sweep * i / CurveSegments));
            Add(centre + new SvgPoint((cosine * rx * x) - (sine * ry * y), (sine * rx * x) + (cosine * ry * y)), isCurve: true);
        }

        Add(end, isCurve: true);
    }

    private void ForgetControls() => _cubicControl = _quadraticControl = null;

    private void Add(SvgPoint point, bool isCurve)
    {
        // After Z, drawing goes on from where the closed part began.
        _points ??= [_current];
        _points.Add(point);
        _current = point;
        _endsInCurve = isCurve;
    }

    private void Close()
    {
        EndSubpath();
        _current = _start;
        ForgetControls();
    }

    private void EndSubpath()
    {
        if (_points is not null)
        {
            _subpaths.Add(new SvgSubpath(_points, _endsInCurve));
            _points = null;
            _endsInCurve = false;
        }
    }
}
