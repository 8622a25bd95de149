using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;

namespace StickyPi.Core.Annotations.Exchange;

/// <summary>
/// What CSS says of one element of a drawing: in its <c>style</c>, or in attributes of the same names, which come second (SVG 2, 6.6). What
/// CSS can move a shape with, and is not read here, is refused by its name, for the outlines would land elsewhere without a word.
/// </summary>
internal sealed partial class SvgStyle
{
    // CSS Transforms 2, Motion Path 1, SVG 2; with them a shape moves that has no transform.
    private static readonly string[] OtherMoves =
        ["translate", "rotate", "scale", "zoom", "offset", "offset-path", "motion", "motion-path", "perspective", "d"];

    // What moves a shape where it stands in a sheet, whose selectors are not looked at.
    private static readonly HashSet<string> Moves = new(
        [
            .. OtherMoves, "transform", "transform-origin", "transform-box", "x", "y", "width", "height", "offset-distance", "offset-position",
            "offset-anchor", "offset-rotate",
        ],
        StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, string> _declarations = new(StringComparer.OrdinalIgnoreCase);
    private readonly XmlReader _reader;

    /// <summary>Reads the style of an element.</summary>
    /// <param name="reader">A reader that stands on the element, as long as the style is asked.</param>
    public SvgStyle(XmlReader reader)
    {
        _reader = reader;
        foreach (string declaration in Comment().Replace(reader.GetAttribute("style") ?? "", "").Split(';'))
        {
            int colon = declaration.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                string value = declaration[(colon + 1)..].Trim();
                int important = value.IndexOf('!', StringComparison.Ordinal);
                _declarations[declaration[..colon].Trim()] = important < 0 ? value : value[..important].TrimEnd();
            }
        }
    }

    /// <summary>What the style, or else the attribute, says.</summary>
    /// <param name="name">A property that is an attribute too.</param>
    /// <returns>The value, or null.</returns>
    public string? this[string name] => _declarations.GetValueOrDefault(name) ?? _reader.GetAttribute(name);

    /// <summary>Finds what moves shapes in a style sheet.</summary>
    /// <param name="sheet">CSS.</param>
    /// <returns>The name of the first property or rule that does, or null.</returns>
    public static string? FindMove(string sheet)
    {
        string text = Comment().Replace(sheet, " ");
        return text.Contains("@import", StringComparison.OrdinalIgnoreCase)
            ? "@import"
            : Declaration().Matches(text).Select(match => match.Groups[1].Value).FirstOrDefault(Moves.Contains);
    }

    /// <summary>Reads the transform of the element.</summary>
    /// <param name="transform">The transform, about its origin.</param>
    /// <returns>The attribute where it is no transform at all, and does not count then; null where all is well.</returns>
    /// <exception cref="InvalidDataException">It moves in a way that is not read; the message is the end of a sentence, without a line.</exception>
    public string? ReadTransform(out SvgTransform transform)
    {
        transform = SvgTransform.Identity;
        if (OtherMoves.FirstOrDefault(name => _declarations.TryGetValue(name, out string? value) && !IsInitial(value)) is string move)
        {
            throw Refused($"{move}: {_declarations[move]}");
        }

        string? css = _declarations.GetValueOrDefault("transform");
        string text = css ?? _reader.GetAttribute("transform") ?? "";
        if (IsInitial(text) || text.Length == 0)
        {
            return null;
        }

        if (!SvgTransform.TryParse(text, out SvgTransform moved))
        {
            // An attribute that breaks the grammar counts for nothing (SVG 2, 8.5); one that browsers understand, and we do not, counts.
            return css is null && !Newer().IsMatch(text) ? text : throw Refused($"transform: {text}");
        }

        if (this["transform-box"] is string box && !IsInitial(box) && box != "view-box")
        {
            throw Refused($"transform-box: {box}");
        }

        SvgPoint origin = ReadOrigin();
        transform = SvgTransform.Translate(origin.X, origin.Y) * moved * SvgTransform.Translate(-origin.X, -origin.Y);
        return null;
    }

    // Of the reference box, the view box of the drawing, only the corner is known here.
    private SvgPoint ReadOrigin()
    {
        if (this["transform-origin"] is not string text || IsInitial(text))
        {
            return default;
        }

        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return (words.Length == 2 || (words.Length == 3 && Length(words[2]) == 0)) && Length(words[0]) is double x && Length(words[1]) is double y
            ? new SvgPoint(x, y)
            : throw Refused($"transform-origin: {text}");

        static double? Length(string word) => word is "left" or "top" or "0%" ? 0 : ParseLength(word);
    }

    /// <summary>Reads a length in pixels.</summary>
    /// <param name="text">A number, with <c>px</c> or without a unit.</param>
    /// <returns>The length, or null where it is something else.</returns>
    public static double? ParseLength(string text)
    {
        string number = text.EndsWith("px", StringComparison.OrdinalIgnoreCase) ? text[..^2] : text;
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double length) && double.IsFinite(length) ? length : null;
    }

    private static bool IsInitial(string value) => value is "none" or "initial" or "unset" or "normal" or "auto";

    private static InvalidDataException Refused(string what) =>
        new($"it moves shapes with '{OneLine.Value(what)}', which is not read");

    [GeneratedRegex(@"/\*.*?(\*/|$)", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"[;{]\s*([A-Za-z-]+)\s*:")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"[0-9.]\s*(%|em|ex|rem|ch|mm|cm|in|pt|pc|q|vw|vh|vmin|vmax)|3d\s*\(|[XYZ]\s*\(|perspective|calc|var\s*\(", RegexOptions.IgnoreCase)]
    private static partial Regex Newer();
}
