using System.Security.Cryptography;
using System.Text;
using System.Xml;
using StickyPi.Core.Images;

namespace StickyPi.Core.Annotations.Exchange;

/// <summary>What a drawing says.</summary>
/// <param name="Annotation">The objects.</param>
/// <param name="Warnings">What was left out, and why: a sentence each, which names the file and the line.</param>
public sealed record SvgAnnotation(AnnotationElement Annotation, IReadOnlyList<string> Warnings);

/// <summary>
/// Annotations as drawings: an SVG that embeds the picture, and holds a path for each object, as the lab's Python programs write them and
/// people edit them in Inkscape. A path has <c>name</c> and <c>value</c> beside its style; the picture's <c>desc</c> is a Python literal.
/// </summary>
public static class AnnotationSvg
{
    /// <summary>What the names of drawings end in.</summary>
    public const string Extension = ".svg";

    // The largest picture in base64, and room for the drawing.
    private const int MaximumSize = 192 * 1024 * 1024;

    private const string SvgNamespace = "http://www.w3.org/2000/svg";
    private const string XLinkNamespace = "http://www.w3.org/1999/xlink";

    private static readonly XmlWriterSettings WriterSettings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),

        // A line break in a name would come back as a space.
        NewLineHandling = NewLineHandling.Entitize,
        NewLineChars = "\n",
        Indent = true,
        IndentChars = "",
    };

    /// <summary>The name of a picture's drawing: <c>5c173ff2.2020-06-20_21-33-24.svg</c>.</summary>
    /// <param name="image">The picture.</param>
    /// <returns>A name without folders.</returns>
    /// <exception cref="StickyException"><c>InvalidDevice</c>: the device is not 8 hexadecimal digits.</exception>
    public static string GetFileName(ImageReference image)
    {
        image.Validate();
        return Path.ChangeExtension(image.FileName, Extension);
    }

    /// <summary>
    /// Reads a drawing. The contours are in pixels of the embedded picture, however it is scaled within the drawing; curves are made straight
    /// with 8 points each; every sub-path is an object.
    /// </summary>
    /// <param name="path">An absolute path, whose name is that of a picture with <c>.svg</c>.</param>
    /// <param name="options">What to take for what the drawing does not say.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The objects, and what was left out.</returns>
    /// <exception cref="StickyException"><c>InvalidFileName</c>, <c>FileNotFound</c>, <c>FileUnreadable</c>, <c>InvalidSvg</c>.</exception>
    public static async Task<SvgAnnotation> ReadAsync(string path, AnnotationImportOptions options, CancellationToken cancellationToken = default)
    {
        ImageReference image = ImageReference.Parse(Path.GetFileName(path), path, "drawing", Extension[1..]);
        try
        {
            ExchangeFile file = await ExchangeFile.ReadAsync(path, MaximumSize, cancellationToken).ConfigureAwait(false);
            SvgReader drawing = new(options);
            drawing.Read(file.Bytes);
            (string algoName, string algoVersion) = options.GetAlgorithm(file, ReadAlgorithm(drawing.Description));
            return new SvgAnnotation(
                AnnotationJson.Create(
                    image, Convert.ToHexStringLower(MD5.HashData(drawing.Jpeg)), algoName, algoVersion, drawing.Objects, $"'{path}'"),
                [.. drawing.Warnings.Select(warning => $"In '{path}', {warning}.")]);
        }
        catch (Exception e) when (e is InvalidDataException or XmlException)
        {
            throw new StickyException(
                "InvalidSvg",
                StickyErrorKind.InvalidData,
                $"'{path}' is no drawing on a picture: {OneLine.Quote(e)}.",
                path,
                "A drawing is an SVG file that embeds one JPEG picture. Export-StickyAnnotation writes such files; in Inkscape, embed the picture "
                    + "when importing it, and save as Inkscape SVG or plain SVG.",
                e);
        }
    }

    /// <summary>Writes a drawing.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="annotation">The objects.</param>
    /// <param name="jpeg">The picture, byte for byte.</param>
    /// <param name="make">The picture's EXIF tag Make, where firmware of generation 1 has its readings; or null.</param>
    /// <exception cref="InvalidDataException">The picture is no JPEG.</exception>
    public static void Write(Stream output, Annotation annotation, ReadOnlyMemory<byte> jpeg, string? make)
    {
        JpegHeader header = JpegHeader.Read(jpeg.Span);
        using XmlWriter writer = XmlWriter.Create(output, WriterSettings);
        writer.WriteStartElement("svg", SvgNamespace);
        writer.WriteAttributeString("xmlns", "xlink", null, XLinkNamespace);
        WriteSize(writer, header);
        writer.WriteStartElement("image", SvgNamespace);
        writer.WriteAttributeString("desc", ToXml(Describe(annotation, make)));
        WriteSize(writer, header);
        writer.WriteAttributeString("x", "0");
        writer.WriteAttributeString("y", "0");
        writer.WriteStartAttribute("href", XLinkNamespace);
        writer.WriteString("data:image/jpeg;base64,");
        WriteBase64(writer, jpeg);
        writer.WriteEndAttribute();
        writer.WriteEndElement();
        foreach (AnnotatedObject item in annotation.Objects)
        {
            writer.WriteStartElement("path", SvgNamespace);
            writer.WriteAttributeString("name", ToXml(item.Name));
            writer.WriteAttributeString("value", FormattableString.Invariant($"{item.Value}"));
            string stroke = SvgColour.Normalize(item.StrokeColour) ?? AnnotatedObject.DefaultStrokeColour;
            string fill = SvgColour.Normalize(item.FillColour) ?? AnnotatedObject.DefaultFillColour;
            writer.WriteAttributeString("style", $"stroke:{stroke};stroke-opacity:1;fill:{fill};fill-opacity:0.2");
            writer.WriteAttributeString("d", $"M{string.Join(' ', item.Contour)} Z");
            writer.WriteEndElement();
        }

        writer.WriteEndElement();
    }

    private static void WriteSize(XmlWriter writer, JpegHeader header)
    {
        writer.WriteAttributeString("width", FormattableString.Invariant($"{header.Width}"));
        writer.WriteAttributeString("height", FormattableString.Invariant($"{header.Height}"));
    }

    private static void WriteBase64(XmlWriter writer, ReadOnlyMemory<byte> bytes)
    {
        if (!System.Runtime.InteropServices.MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> array))
        {
            array = bytes.ToArray();
        }

        writer.WriteBase64(array.Array!, array.Offset, array.Count);
    }

    // What the Python programs evaluate. They want 'Make' to be there, a dict or not.
    private static string Describe(Annotation annotation, string? make)
    {
        StringBuilder dict = new();
        _ = dict.Append("{'Make': ").Append(PythonLiteral.IsDict(make) ? make : PythonLiteral.Quote(make ?? ""));
        Add("device", annotation.Device);
        Add("datetime", StickyTime.ToFileText(annotation.DateTime));
        Add("md5", annotation.Md5);
        Add("algo_name", annotation.AlgoName);
        Add("algo_version", annotation.AlgoVersion);
        return dict.Append('}').ToString();

        void Add(string name, string value) => dict.Append(", ").Append(PythonLiteral.Quote(name)).Append(": ").Append(PythonLiteral.Quote(value));
    }

    private static ImportAlgorithm? ReadAlgorithm(string? description)
    {
        if (description is null)
        {
            return null;
        }

        try
        {
            Dictionary<string, string> texts = PythonLiteral.ReadTexts(description);
            return ImportAlgorithm.Create(texts.GetValueOrDefault("algo_name"), texts.GetValueOrDefault("algo_version"));
        }
        catch (FormatException)
        {
            // Other programs may describe pictures in other words; nothing here depends on them.
            return null;
        }
    }

    // XML has no way at all of writing some characters, such as most control characters and half a surrogate pair.
    private static string ToXml(string text)
    {
        StringBuilder clean = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]))
            {
                _ = clean.Append(text[i++]).Append(text[i]);
            }
            else
            {
                _ = clean.Append(XmlConvert.IsXmlChar(text[i]) ? text[i] : '\uFFFD');
            }
        }

        return clean.ToString();
    }
}
