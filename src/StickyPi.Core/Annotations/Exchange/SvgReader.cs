using System.Globalization;
using System.Xml;
using StickyPi.Core.Images;

namespace StickyPi.Core.Annotations.Exchange;

/// <summary>
/// Reads a drawing element by element. Everything is brought into the coordinate system of the root, and, once the picture is known, into
/// that of the picture; what both share cancels out.
/// </summary>
/// <param name="options">What objects without a name are called.</param>
internal sealed class SvgReader(AnnotationImportOptions options)
{
    private const string SvgNamespace = "http://www.w3.org/2000/svg";
    private const string XLinkNamespace = "http://www.w3.org/1999/xlink";
    private const string InkscapeNamespace = "http://www.inkscape.org/namespaces/inkscape";

    // Older programs write a document type. It is passed over: what it declares, or where it leads, does not count.
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null, IgnoreComments = true };

    // The shapes in these are not drawn, or not here. Sheets and animations in them count for the whole drawing.
    private static readonly HashSet<string> Definitions = new(StringComparer.Ordinal)
    {
        "defs", "clipPath", "mask", "marker", "pattern", "symbol",
    };

    private static readonly HashSet<string> OtherShapes = new(StringComparer.Ordinal)
    {
        "rect", "circle", "ellipse", "polygon", "polyline", "line", "use",
    };

    // These neither move anything nor have shapes in them.
    private static readonly HashSet<string> Texts = new(StringComparer.Ordinal) { "text", "tspan", "textPath", "title", "desc", "metadata" };

    // A picture of a moment says nothing of what moves.
    private static readonly HashSet<string> Animations = new(StringComparer.Ordinal) { "animate", "animateTransform", "animateMotion", "set" };

    private readonly Stack<Scope> _scopes = new([new Scope(SvgTransform.Identity, null, null, 0, null, IsDefinition: false)]);
    private readonly List<DrawnPath> _paths = [];
    private readonly SortedDictionary<string, int> _otherShapes = new(StringComparer.Ordinal);
    private EmbeddedImage? _image;
    private int _viewports;

    /// <summary>The picture.</summary>
    public byte[] Jpeg => _image!.Jpeg;

    /// <summary>The picture's <c>desc</c>, or null.</summary>
    public string? Description => _image!.Description;

    /// <summary>The objects.</summary>
    public List<AnnotatedObject> Objects { get; } = [];

    /// <summary>What was left out, and why; the ends of sentences.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Reads a drawing.</summary>
    /// <param name="svg">The file.</param>
    /// <exception cref="InvalidDataException">It has no picture, or several, or one that can't be read; the message is the end of a sentence.</exception>
    /// <exception cref="XmlException">It is no XML.</exception>
    public void Read(ReadOnlyMemory<byte> svg)
    {
        _ = System.Runtime.InteropServices.MemoryMarshal.TryGetArray(svg, out ArraySegment<byte> bytes);
        using MemoryStream stream = new(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
        using XmlReader reader = XmlReader.Create(stream, Settings);
        MoveToRoot(reader);
        if (reader.LocalName != "svg" || reader.NamespaceURI != SvgNamespace)
        {
            throw new InvalidDataException($"its root is <{reader.Name}> and not <svg> of SVG");
        }

        while (!reader.EOF)
        {
            if (reader.NodeType == XmlNodeType.Element && reader.NamespaceURI == SvgNamespace && reader.LocalName == "style" && !reader.IsEmptyElement)
            {
                ReadSheet(reader);
                continue;
            }

            if (reader.NodeType == XmlNodeType.Element)
            {
                ReadElement(reader);
            }
            else if (reader.NodeType == XmlNodeType.EndElement)
            {
                _ = _scopes.Pop();
            }

            _ = reader.Read();
        }

        MakeObjects(_image ?? throw new InvalidDataException("it has no <image>"));
        if (_otherShapes.Count > 0)
        {
            Warnings.Add(
                FormattableString.Invariant($"shapes that are no paths are left out ({string.Join(", ", _otherShapes.Select(shape => $"{shape.Value} <{shape.Key}>"))}). ")
                + "To make objects of them in Inkscape, select them and use Path > Object to Path, for clones after Edit > Clone > Unlink Clone");
        }
    }

    private static void MoveToRoot(XmlReader reader)
    {
        while (reader.NodeType != XmlNodeType.Element)
        {
            if (reader.NodeType == XmlNodeType.ProcessingInstruction && reader.Name == "xml-stylesheet")
            {
                throw At(reader, "it has a style sheet in another file (xml-stylesheet), which may move shapes and is not read");
            }

            _ = reader.Read();
        }
    }

    // Colours of sheets do not count; what moves shapes must.
    private static void ReadSheet(XmlReader reader)
    {
        int line = LineOf(reader);
        if (SvgStyle.FindMove(reader.ReadElementContentAsString()) is string move)
        {
            throw new InvalidDataException(FormattableString.Invariant($"its style sheet moves shapes with '{move}', which is not read (line {line})"));
        }
    }

    private void ReadElement(XmlReader reader)
    {
        bool isSvg = reader.NamespaceURI == SvgNamespace;
        Scope outer = _scopes.Peek();
        Scope scope = outer;
        if (isSvg && Animations.Contains(reader.LocalName))
        {
            throw At(reader, $"it has an animation, <{reader.LocalName}>, which may move shapes and is not read");
        }

        if (outer.IsDefinition || (isSvg && Definitions.Contains(reader.LocalName)))
        {
            scope = outer with { IsDefinition = true };
        }
        else if (isSvg)
        {
            SvgStyle style = new(reader);
            bool counts = !OtherShapes.Contains(reader.LocalName) && !Texts.Contains(reader.LocalName);
            scope = new Scope(
                counts ? outer.Transform * ReadTransform(reader, style) : outer.Transform,
                Colour(style["stroke"]) ?? outer.Stroke,
                Colour(style["fill"]) ?? outer.Fill,
                reader.LocalName == "svg" ? _viewports++ : outer.Viewport,
                Clip(style, "clip-path") ?? Clip(style, "mask") ?? outer.Clip,
                IsDefinition: false);
            switch (reader.LocalName)
            {
                case "path":
                    ReadPath(reader, scope);
                    break;
                case "image":
                    ReadImage(reader, style, scope);
                    break;
                case var name when OtherShapes.Contains(name):
                    _otherShapes[name] = _otherShapes.GetValueOrDefault(name) + 1;
                    break;
            }
        }

        if (!reader.IsEmptyElement)
        {
            _scopes.Push(scope);
        }
    }

    private void ReadPath(XmlReader reader, Scope scope)
    {
        int line = LineOf(reader);
        if (scope.Clip is not null)
        {
            Warn(line, $"the {scope.Clip} of a path does not count: the whole path is taken");
        }

        IReadOnlyList<SvgSubpath> subpaths = SvgPath.Parse(reader.GetAttribute("d") ?? "", out string? error);
        if (error is not null)
        {
            Warn(line, $"the data of a path has an error, and only what comes before it counts: {error}");
        }

        int value = 0;
        string? text = reader.GetAttribute("value");
        bool hasNoValue = text is { Length: 0 };
        if (text is { Length: > 0 } && !int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out value))
        {
            Warn(line, $"the value '{text}' of a path is no whole number, and 0 is taken for it");
        }

        string? written = reader.GetAttribute("name") is { Length: > 0 } given ? given : reader.GetAttribute("label", InkscapeNamespace);
        string name = string.IsNullOrEmpty(written) ? options.DefaultName
            : options.GetName(written) ?? throw At(reader, "the name of a path shows nothing: it has only blanks or invisible characters");
        _paths.Add(new DrawnPath(subpaths, name, hasNoValue ? null : value, scope, line));
    }

    private void ReadImage(XmlReader reader, SvgStyle style, Scope scope)
    {
        if (_image is not null)
        {
            throw At(reader, "it has more than one <image>");
        }

        // 'href' alone is SVG 2.
        ReadOnlySpan<char> url = (reader.GetAttribute("href", XLinkNamespace) ?? reader.GetAttribute("href") ?? "").AsSpan().Trim().Trim("'\"");
        int comma = url.IndexOf(',');
        if (!url.StartsWith("data:", StringComparison.OrdinalIgnoreCase)
            || comma < 0
            || !url[..comma].TrimEnd().EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
        {
            throw At(reader, "its picture is not embedded in base64");
        }

        byte[] jpeg = new byte[(url.Length - comma) / 4 * 3];
        if (!Convert.TryFromBase64Chars(url[(comma + 1)..], jpeg, out int length))
        {
            throw At(reader, "its picture is damaged: what is embedded is no base64");
        }

        if (length < jpeg.Length)
        {
            Array.Resize(ref jpeg, length);
        }

        JpegHeader header;
        try
        {
            header = JpegHeader.Read(jpeg);
        }
        catch (InvalidDataException e)
        {
            throw At(reader, $"its picture cannot be used: {OneLine.Quote(e)}", e);
        }

        if (!(scope.Transform * Place(reader, style, header)).TryInvert(out SvgTransform toPixels))
        {
            throw At(reader, "its picture has no size, or is transformed into a line");
        }

        _image = new EmbeddedImage(jpeg, header, reader.GetAttribute("desc"), toPixels, scope.Viewport);
    }

    // From pixels to the coordinate system of the <image>: SVG 2, 8.6 and 12.3. Old drawings call the size w and h.
    private static SvgTransform Place(XmlReader reader, SvgStyle style, JpegHeader header)
    {
        double x = Length("x", style["x"]) ?? 0;
        double y = Length("y", style["y"]) ?? 0;
        double? givenWidth = Length("w", reader.GetAttribute("w")) ?? Length("width", style["width"]);
        double? givenHeight = Length("h", reader.GetAttribute("h")) ?? Length("height", style["height"]);
        double width = givenWidth ?? (givenHeight * header.Width / header.Height) ?? header.Width;
        double height = givenHeight ?? (givenWidth * header.Height / header.Width) ?? header.Height;
        double scaleX = width / header.Width;
        double scaleY = height / header.Height;
        string[] fit = (reader.GetAttribute("preserveAspectRatio") ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        string align = fit.FirstOrDefault(word => word != "defer") ?? "xMidYMid";
        if (align != "none")
        {
            scaleX = scaleY = fit.Contains("slice") ? Math.Max(scaleX, scaleY) : Math.Min(scaleX, scaleY);
            x += Share(align, "xMin", "xMax") * (width - (scaleX * header.Width));
            y += Share(align, "YMin", "YMax") * (height - (scaleY * header.Height));
        }

        return SvgTransform.Translate(x, y) * SvgTransform.Scale(scaleX, scaleY);

        static double Share(string align, string start, string end) =>
            align.Contains(start, StringComparison.Ordinal) ? 0 : align.Contains(end, StringComparison.Ordinal) ? 1 : 0.5;

        double? Length(string name, string? given) => given?.Trim() switch
        {
            null or "auto" => null,
            string text => SvgStyle.ParseLength(text) ?? throw At(reader, $"the {name} '{text}' of its picture is no number of pixels"),
        };
    }

    private SvgTransform ReadTransform(XmlReader reader, SvgStyle style)
    {
        try
        {
            if (style.ReadTransform(out SvgTransform transform) is string invalid)
            {
                Warn(LineOf(reader), $"the transform '{invalid}' is not valid, and does not count");
            }

            return transform;
        }
        catch (InvalidDataException e)
        {
            throw At(reader, OneLine.Quote(e), e);
        }
    }

    private static string? Colour(string? value) => value == "inherit" ? null : value;

    private static string? Clip(SvgStyle style, string name) => style[name] is null or "none" ? null : name;

    private void MakeObjects(EmbeddedImage image)
    {
        foreach (DrawnPath path in _paths)
        {
            if (path.Scope.Viewport != image.Viewport)
            {
                Warn(path.Line, "a path is left out that lies in another <svg> element than the picture");
                continue;
            }

            SvgTransform toPixels = image.ToPixels * path.Scope.Transform;
            foreach (SvgSubpath subpath in path.Subpaths)
            {
                ContourPoint[]? contour = ToContour(subpath, toPixels);
                (IReadOnlyList<ContourPoint> fitting, string? refusal) =
                    contour is { Length: >= 3 } ? ContourRules.Fit(contour, image.Size.Width, image.Size.Height) : ([], null);
                if (contour is null)
                {
                    Warn(path.Line, "a path is left out that is much too far from the picture");
                }
                else if (contour.Length < 3)
                {
                    Warn(path.Line, FormattableString.Invariant($"a path, or a part of one, is left out that has {contour.Length} corners, and an outline takes 3"));
                }
                else if (refusal is not null)
                {
                    Warn(path.Line, $"a path, or a part of one, is left out: it {refusal}");
                }
                else
                {
                    if (fitting != contour)
                    {
                        Warn(path.Line, FormattableString.Invariant(
                            $"a path reaches beyond the picture, which is {image.Size.Width}×{image.Size.Height} pixels large, and was clipped"));
                    }

                    Objects.Add(new AnnotatedObject
                    {
                        Contour = fitting,
                        Name = path.Name,
                        Value = path.Value,
                        StrokeColour = SvgColour.Normalize(path.Scope.Stroke) ?? AnnotatedObject.DefaultStrokeColour,
                        FillColour = SvgColour.Normalize(path.Scope.Fill) ?? AnnotatedObject.DefaultFillColour,
                    });
                }
            }
        }
    }

    // Rounded once, at the very end, and halves to even, as numpy does.
    private static ContourPoint[]? ToContour(SvgSubpath subpath, SvgTransform toPixels)
    {
        ContourPoint[] contour = new ContourPoint[subpath.Points.Count];
        for (int i = 0; i < contour.Length; i++)
        {
            SvgPoint pixel = toPixels.Apply(subpath.Points[i]);
            if (!(Math.Abs(pixel.X) <= int.MaxValue && Math.Abs(pixel.Y) <= int.MaxValue))
            {
                return null;
            }

            contour[i] = new ContourPoint((int)Math.Round(pixel.X), (int)Math.Round(pixel.Y));
        }

        // A curve that comes back to the start ends there. A line that does was put there: what we exported must come back the same.
        return subpath.EndsInCurve && contour[^1] == contour[0] ? contour[..^1] : contour;
    }

    private void Warn(int line, string message) => Warnings.Add(FormattableString.Invariant($"line {line}: {message}"));

    private static int LineOf(XmlReader reader) => ((IXmlLineInfo)reader).LineNumber;

    private static InvalidDataException At(XmlReader reader, string reason, Exception? cause = null) =>
        new(FormattableString.Invariant($"{reason} (line {LineOf(reader)})"), cause);

    /// <summary>What holds for an element and those in it.</summary>
    /// <param name="Transform">To the coordinate system of the root.</param>
    /// <param name="Stroke">As it is written, or null.</param>
    /// <param name="Fill">As it is written, or null.</param>
    /// <param name="Viewport">Which <c>svg</c> element is the innermost: each has a scale of its own.</param>
    /// <param name="Clip">What hides parts of it, by its name, or null.</param>
    /// <param name="IsDefinition">Whether they are definitions, whose shapes do not count.</param>
    private sealed record Scope(SvgTransform Transform, string? Stroke, string? Fill, int Viewport, string? Clip, bool IsDefinition);

    private sealed record DrawnPath(IReadOnlyList<SvgSubpath> Subpaths, string Name, int? Value, Scope Scope, int Line);

    private sealed record EmbeddedImage(byte[] Jpeg, JpegHeader Size, string? Description, SvgTransform ToPixels, int Viewport);
}
