using System.Text.Json;
using StickyPi.Core.Images;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Annotations;

/// <summary>What an element of JSON says.</summary>
internal readonly record struct ElementFields(
    string Device, DateTime DateTime, string Md5, string AlgoName, string AlgoVersion, IReadOnlyList<AnnotatedObject> Objects, int ObjectCount);

/// <summary>
/// Reads elements token by token: contours are most of the data of a store, and a tree of JSON nodes costs many times their size.
/// </summary>
/// <param name="rules">What is enforced.</param>
internal sealed class AnnotationReader(AnnotationRules rules)
{
    private readonly bool _isStrict = rules == AnnotationRules.All;
    private readonly bool _hasMetadata = rules != AnnotationRules.Shape;
    private const int Md5Length = 32;

    private readonly List<ContourPoint> _points = [];
    private string? _name;
    private string? _fill;
    private string? _stroke;

    /// <summary>Reads an element.</summary>
    /// <param name="json">A JSON object in UTF-8.</param>
    /// <returns>What it says. Where only the shape matters, there is no metadata.</returns>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="InvalidDataException">It is no such element; the message is the end of a sentence.</exception>
    public ElementFields ReadElement(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        Require(reader.Read() && reader.TokenType == JsonTokenType.StartObject, "it is no object with 'annotations' and 'metadata'");
        List<AnnotatedObject>? objects = null;
        int count = 0;
        ElementFields? metadata = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("annotations"u8))
            {
                Require(objects is null || !_isStrict, "its 'annotations' comes twice");
                Require(reader.Read() && reader.TokenType == JsonTokenType.StartArray, "its 'annotations' is no array");
                objects = [];
                for (count = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
                {
                    if (rules == AnnotationRules.Existing)
                    {
                        reader.Skip();
                    }
                    else
                    {
                        objects.Add(ReadObject(ref reader, count + 1));
                    }
                }
            }
            else if (reader.ValueTextEquals("metadata"u8) && _hasMetadata)
            {
                Require(metadata is null || !_isStrict, "its 'metadata' comes twice");
                metadata = ReadMetadata(ref reader);
            }
            else
            {
                Skip(ref reader);
            }
        }

        // Reads to the end, so that text after the element does not pass.
        while (reader.Read())
        {
        }

        Require(objects is not null, "it has no 'annotations'");
        Require(metadata is not null || !_hasMetadata, "it has no 'metadata'");
        return (metadata ?? default) with { Objects = objects!, ObjectCount = count };
    }

    private ElementFields ReadMetadata(ref Utf8JsonReader reader)
    {
        Require(reader.Read() && reader.TokenType == JsonTokenType.StartObject, "its 'metadata' is no object");
        Dictionary<string, string?> texts = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            _ = reader.Read();
            Require(!texts.ContainsKey(name) || !_isStrict, $"'{OneLine.Value(name)}' of its metadata comes twice");
            texts[name] = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            Skip(ref reader);
        }

        string algoName = Text("algo_name");
        Require(
            algoName.Length is > 0 and <= Annotation.AlgoNameLength,
            $"its algo_name '{algoName}' has {algoName.Length} characters instead of 1 to {Annotation.AlgoNameLength}");
        Require(!_isStrict || !VisibleName.ShowsNothing(algoName), "its algo_name shows nothing: it has only blanks or invisible characters");
        string? unseen = VisibleName.WhyNotInRow(algoName);
        Require(unseen is null, $"its algo_name {unseen}");
        string algoVersion = Text("algo_version");
        Require(
            _isStrict
                ? AlgorithmVersion.IsValid(algoVersion)
                : algoVersion.Length is > 0 and <= AlgorithmVersion.MaximumLength && OneLine.IsPlain(algoVersion),
            _isStrict
                ? $"its algo_version '{algoVersion}' is not of the form timestamp-md5, such as 1598113346-ad2cd78dfaca12821046dfb8994724d5"
                : $"its algo_version '{algoVersion}' has {algoVersion.Length} characters instead of 1 to {AlgorithmVersion.MaximumLength}, or control characters");
        string device = Text("device");
        Require(ImageReference.IsDevice(device), $"its device '{device}' is not 8 hexadecimal digits");
        string time = Text("datetime");
        Require(StickyTime.TryParseFileText(time, out DateTime dateTime), $"its datetime '{time}' is no time of the form YYYY-MM-DD_HH-MM-SS");
        string md5 = Text("md5");
        Require(md5.Length == Md5Length && md5.All(char.IsAsciiHexDigit), $"its md5 '{md5}' is not {Md5Length} hexadecimal digits");
        return new ElementFields(device.ToLowerInvariant(), dateTime, md5, algoName, algoVersion, [], ObjectCount: 0);

        string Text(string name)
        {
            Require(texts.TryGetValue(name, out string? text), $"its metadata has no '{name}'");
            Require(text is not null, $"its '{name}' is no text");
            return text!;
        }
    }

    private AnnotatedObject ReadObject(ref Utf8JsonReader reader, int number)
    {
        Require(reader.TokenType == JsonTokenType.StartObject, number, "it is no object");
        IReadOnlyList<ContourPoint>? contour = null;
        string? name = null;
        string? fill = null;
        string? stroke = null;
        int? value = null;
        int seen = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("contour"u8))
            {
                RequireOnce(ref seen, 1, number, "contour");
                contour = ReadContour(ref reader, number);
            }
            else if (reader.ValueTextEquals("name"u8))
            {
                RequireOnce(ref seen, 2, number, "name");
                name = ReadText(ref reader, ref _name);
            }
            else if (reader.ValueTextEquals("fill_colour"u8))
            {
                RequireOnce(ref seen, 4, number, "fill_colour");
                fill = ReadText(ref reader, ref _fill);
            }
            else if (reader.ValueTextEquals("stroke_colour"u8))
            {
                RequireOnce(ref seen, 8, number, "stroke_colour");
                stroke = ReadText(ref reader, ref _stroke);
            }
            else if (reader.ValueTextEquals("value"u8))
            {
                RequireOnce(ref seen, 16, number, "value");
                _ = reader.Read();
                bool isWhole = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out _);
                Require(isWhole || reader.TokenType == JsonTokenType.Null || !_isStrict, number, "its value is no whole number");
                value = isWhole ? reader.GetInt32() : null;
                reader.Skip();
            }
            else
            {
                Skip(ref reader);
            }
        }

        Require(contour is not null, number, "it has no contour");
        if (_isStrict)
        {
            Require(!VisibleName.ShowsNothing(name), number, "it has no name");
            string? unseen = VisibleName.WhyNotInRow(name!);
            Require(unseen is null, number, $"its name {unseen}");
            Require(ContourRules.HasArea(contour!), number, $"its contour {ContourRules.NoArea}");
            RequireColour(stroke, number, "stroke_colour");
            RequireColour(fill, number, "fill_colour");
        }

        return new AnnotatedObject
        {
            Contour = contour!,
            Name = name ?? AnnotatedObject.DefaultName,
            Value = value,
            FillColour = fill ?? AnnotatedObject.DefaultFillColour,
            StrokeColour = stroke ?? AnnotatedObject.DefaultStrokeColour,
        };
    }

    private ContourPoint[] ReadContour(ref Utf8JsonReader reader, int number)
    {
        _points.Clear();
        Require(reader.Read() && reader.TokenType == JsonTokenType.StartArray, number, "its contour is no array");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartArray || !Next(ref reader, JsonTokenType.StartArray) || !Next(ref reader, JsonTokenType.Number))
            {
                throw NoPoint(number);
            }

            int x = ReadCoordinate(ref reader, number);
            if (!Next(ref reader, JsonTokenType.Number))
            {
                throw NoPoint(number);
            }

            int y = ReadCoordinate(ref reader, number);
            if (!Next(ref reader, JsonTokenType.EndArray) || !Next(ref reader, JsonTokenType.EndArray))
            {
                throw NoPoint(number);
            }

            _points.Add(new ContourPoint(x, y));
        }

        return _points.Count >= 3 || !_isStrict
            ? [.. _points]
            : throw Invalid(number, $"its contour has {_points.Count} points, and an outline takes 3");
    }

    private int ReadCoordinate(ref Utf8JsonReader reader, int number)
    {
        if (reader.TryGetInt32(out int coordinate))
        {
            return coordinate;
        }

        return !_isStrict && reader.TryGetDouble(out double real) && Math.Abs(real) <= int.MaxValue
            ? (int)Math.Round(real)
            : throw Invalid(number, $"point {_points.Count + 1} of its contour is not made of whole numbers");
    }

    // What is stored holds all of it, and other programs read that.
    private void Skip(ref Utf8JsonReader reader)
    {
        if (!_isStrict)
        {
            reader.Skip();
        }
        else if (!JsonNumbers.SkipFinite(ref reader))
        {
            string number = OneLine.Value(System.Text.Encoding.UTF8.GetString(reader.ValueSpan));
            throw new InvalidDataException($"the number '{number}' in it is too large, and would be read as infinity");
        }
    }

    private InvalidDataException NoPoint(int number) => Invalid(number, $"point {_points.Count + 1} of its contour is not of the form [[x, y]]");

    private static bool Next(ref Utf8JsonReader reader, JsonTokenType wanted) => reader.Read() && reader.TokenType == wanted;

    // Names and colours are mostly the same from object to object: each is made once.
    private static string? ReadText(ref Utf8JsonReader reader, ref string? last)
    {
        _ = reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return null;
        }

        return last = last is not null && reader.ValueTextEquals(last) ? last : reader.GetString();
    }

    private void RequireOnce(ref int seen, int bit, int number, string key)
    {
        if (_isStrict && (seen & bit) != 0)
        {
            throw Invalid(number, $"its {key} comes twice");
        }

        seen |= bit;
    }

    private static void RequireColour(string? colour, int number, string key)
    {
        if (colour is not { Length: 7 } || colour[0] != '#' || !colour.Skip(1).All(char.IsAsciiHexDigit))
        {
            throw Invalid(number, colour is null ? $"it has no {key}" : $"its {key} '{colour}' is not of the form #rrggbb");
        }
    }

    private static void Require(bool condition, int number, string reason)
    {
        if (!condition)
        {
            throw Invalid(number, reason);
        }
    }

    private static void Require(bool condition, string reason)
    {
        if (!condition)
        {
            throw new InvalidDataException(reason);
        }
    }

    private static InvalidDataException Invalid(int number, string reason) =>
        new(FormattableString.Invariant($"in object {number}, {reason}"));
}
