using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using StickyPi.Core.Images;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Annotations;

/// <summary>
/// Annotations as JSON, as the existing API defines them: an element is
/// <c>{"annotations": […], "metadata": {algo_name, algo_version, device, datetime, md5}}</c>, and an annotation
/// <c>{contour, name, fill_colour, stroke_colour, value}</c> with a contour of n×1×2 integers, as OpenCV has them. Other keys are kept
/// and not looked at.
/// </summary>
public static partial class AnnotationJson
{
    private const string RecommendedAction =
        "Correct it, or use -ContinueOnError to store the others. 'Get-Help Add-StickyAnnotation -Examples' shows a whole element.";

    // What the reader's InvalidOperationException means: half a surrogate pair, or bytes that are no UTF-8.
    private const string NoText = "one of its texts holds characters that do not exist";

    // Names in other scripts stay readable; nothing here becomes part of an HTML page.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads elements one by one, without holding more than one: an array of elements, or elements one after the other.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>
    /// One outcome an element. Errors: <c>InvalidAnnotation</c>, which says which element and what is wrong; <c>InvalidJson</c> and
    /// <c>FileUnreadable</c>, after which nothing follows.
    /// </returns>
    public static IAsyncEnumerable<Outcome<AnnotationElement>> ReadAsync(Stream json, string source, CancellationToken cancellationToken = default) =>
        ReadAsync(json, source, AnnotationRules.All, cancellationToken);

    /// <summary>Reads elements one by one, without holding more than one, by other rules than all.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <param name="rules">What of the format is enforced.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>As by all rules.</returns>
    public static async IAsyncEnumerable<Outcome<AnnotationElement>> ReadAsync(
        Stream json,
        string source,
        AnnotationRules rules,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using IAsyncEnumerator<(ReadOnlyMemory<byte> Element, bool IsInArray)> elements =
            new JsonElementReader(json).ReadAllAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        for (int number = 1; ; number++)
        {
            Outcome<AnnotationElement> outcome;
            try
            {
                if (!await elements.MoveNextAsync().ConfigureAwait(false))
                {
                    yield break;
                }

                (ReadOnlyMemory<byte> element, bool isInArray) = elements.Current;
                string name = isInArray || number > 1 ? FormattableString.Invariant($"element {number} of {source}") : source;
                outcome = Read(element.Span, name, rules);
            }
            catch (JsonException e)
            {
                outcome = new(InvalidJson(source, e));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                outcome = new(SourceFile.Unreadable(source, source, e));
            }

            yield return outcome;
            if (outcome.Error?.ErrorId is "InvalidJson" or "FileUnreadable")
            {
                yield break;
            }
        }
    }

    /// <summary>Reads the elements of a file, as <see cref="ReadAsync(Stream, string, CancellationToken)"/> does.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>One outcome an element; <c>FileNotFound</c>, <c>FileUnreadable</c>.</returns>
    public static async IAsyncEnumerable<Outcome<AnnotationElement>> ReadFileAsync(
        string path, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        StickyException? error = null;
        Stream? json = null;
        try
        {
            json = SourceFile.Open(path);
        }
        catch (StickyException e)
        {
            error = e;
        }

        if (json is null)
        {
            yield return new(error!);
            yield break;
        }

        await using (json)
        {
            await foreach (Outcome<AnnotationElement> element in ReadAsync(json, $"'{path}'", cancellationToken).ConfigureAwait(false))
            {
                yield return element;
            }
        }
    }

    /// <summary>Reads one element.</summary>
    /// <param name="json">A JSON object in UTF-8; it is kept as it is.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <param name="rules">What of the format is enforced.</param>
    /// <returns>The element, or the error <c>InvalidAnnotation</c> or <c>InvalidJson</c>.</returns>
    public static Outcome<AnnotationElement> Read(ReadOnlySpan<byte> json, string source, AnnotationRules rules = AnnotationRules.All)
    {
        if (!Utf8.IsValid(json))
        {
            return new(Invalid(source, NoText));
        }

        try
        {
            ElementFields fields = new AnnotationReader(rules).ReadElement(json);
            return new(new AnnotationElement
            {
                Source = source,
                Device = fields.Device,
                DateTime = fields.DateTime,
                Md5 = fields.Md5,
                AlgoName = fields.AlgoName,
                AlgoVersion = fields.AlgoVersion,
                ObjectCount = fields.ObjectCount,
                Objects = fields.Objects,
                Utf8Json = json.ToArray(),
            });
        }
        catch (JsonException e)
        {
            return new(InvalidJson(source, e));
        }
        catch (InvalidDataException e)
        {
            // COCO files call their parts annotations too.
            bool isCoco = json.IndexOf("\"images\""u8) >= 0 && json.IndexOf("\"categories\""u8) >= 0;
            return new(Invalid(source, isCoco ? "it is a COCO file, which Import-StickyAnnotation reads" : OneLine.Quote(e), e));
        }
        catch (InvalidOperationException e)
        {
            return new(Invalid(source, NoText, e));
        }
    }

    /// <summary>Makes an element of objects that were drawn or computed, and its JSON.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="md5">The picture's MD5: 32 hexadecimal digits.</param>
    /// <param name="algoName">Who found the objects.</param>
    /// <param name="algoVersion">The version of that, see <see cref="AlgorithmVersion"/>.</param>
    /// <param name="objects">The objects.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <returns>The element.</returns>
    public static AnnotationElement Create(
        ImageReference image, string md5, string algoName, string algoVersion, IReadOnlyList<AnnotatedObject> objects, string source)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("annotations");
            foreach (AnnotatedObject item in objects)
            {
                Write(writer, item);
            }

            writer.WriteEndArray();
            writer.WriteStartObject("metadata");
            writer.WriteString("algo_name", algoName);
            writer.WriteString("algo_version", algoVersion);
            writer.WriteString("device", image.Device);
            writer.WriteString("datetime", StickyTime.ToFileText(image.DateTime));
            writer.WriteString("md5", md5);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return new AnnotationElement
        {
            Source = source,
            Device = image.Device,
            DateTime = image.DateTime,
            Md5 = md5,
            AlgoName = algoName,
            AlgoVersion = algoVersion,
            ObjectCount = objects.Count,
            Objects = objects,
            Utf8Json = buffer.WrittenMemory,
        };
    }

    /// <summary>Puts other outlines into an element; everything else in it stays as it is.</summary>
    /// <param name="element">The element, with its objects.</param>
    /// <param name="objects">The same objects with other outlines.</param>
    /// <returns>The element with these.</returns>
    internal static AnnotationElement WithContours(AnnotationElement element, IReadOnlyList<AnnotatedObject> objects)
    {
        JsonNode root = JsonNode.Parse(element.Utf8Json.Span)!;
        JsonArray written = root["annotations"]!.AsArray();
        for (int i = 0; i < objects.Count; i++)
        {
            if (objects[i].Contour != element.Objects[i].Contour)
            {
                written[i]!["contour"] = new JsonArray([.. objects[i].Contour.Select(point => new JsonArray(new JsonArray(point.X, point.Y)))]);
            }
        }

        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, WriterOptions))
        {
            root.WriteTo(writer);
        }

        return element with { Objects = objects, Utf8Json = buffer.WrittenMemory };
    }

    /// <summary>Writes one object as an annotation of the existing API.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="item">The object.</param>
    public static void Write(Utf8JsonWriter writer, AnnotatedObject item)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("contour");
        foreach (ContourPoint point in item.Contour)
        {
            writer.WriteStartArray();
            writer.WriteStartArray();
            writer.WriteNumberValue(point.X);
            writer.WriteNumberValue(point.Y);
            writer.WriteEndArray();
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteString("name", item.Name);
        writer.WriteString("stroke_colour", item.StrokeColour);
        if (item.Value is int value)
        {
            writer.WriteNumber("value", value);
        }
        else
        {
            writer.WriteNull("value");
        }

        writer.WriteString("fill_colour", item.FillColour);
        writer.WriteEndObject();
    }

    /// <summary>
    /// Reads the objects of an annotation that is stored. What other programs stored is read as far as it makes sense: numbers that are
    /// not whole are rounded, and what is missing gets its default.
    /// </summary>
    /// <param name="json">The stored element in UTF-8.</param>
    /// <param name="annotation">Which annotation it is, for the error.</param>
    /// <returns>The objects.</returns>
    /// <exception cref="StickyException"><c>InvalidAnnotation</c>.</exception>
    internal static IReadOnlyList<AnnotatedObject> ReadStoredObjects(ReadOnlySpan<byte> json, AnnotationReference annotation)
    {
        try
        {
            return ReadLeniently(json);
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or InvalidOperationException)
        {
            throw new StickyException(
                "InvalidAnnotation",
                StickyErrorKind.ReadFailed,
                $"The annotation of {annotation} that the store holds cannot be read: {OneLine.Quote(e)}.",
                annotation,
                "Remove it with Remove-StickyAnnotation, and add it again.",
                e);
        }
    }

    /// <summary>Reads an element that is stored, as JSON that everybody can read.</summary>
    /// <param name="json">The stored element in UTF-8, whose objects could be read.</param>
    /// <returns>The element.</returns>
    internal static JsonElement ReadStoredElement(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonElement.Parse(json);
        }
        catch (JsonException) when (HasPythonNumbers(json))
        {
            return JsonElement.Parse(WithoutPythonNumbers(json));
        }
    }

    private static IReadOnlyList<AnnotatedObject> ReadLeniently(ReadOnlySpan<byte> json)
    {
        try
        {
            return new AnnotationReader(AnnotationRules.Shape).ReadElement(json).Objects;
        }
        catch (JsonException) when (HasPythonNumbers(json))
        {
            return new AnnotationReader(AnnotationRules.Shape).ReadElement(WithoutPythonNumbers(json)).Objects;
        }
    }

    // Python writes NaN and Infinity, which JSON does not have, and reads them back.
    private static bool HasPythonNumbers(ReadOnlySpan<byte> json) => json.IndexOf("NaN"u8) >= 0 || json.IndexOf("Infinity"u8) >= 0;

    private static byte[] WithoutPythonNumbers(ReadOnlySpan<byte> json) => Encoding.UTF8.GetBytes(
        PythonNumbers().Replace(Encoding.UTF8.GetString(json), match => match.Value[0] == '"' ? match.Value : "null"));

    // Texts are matched to be passed over.
    [GeneratedRegex(@"""(?:[^""\\]|\\.)*""|-?\b(?:NaN|Infinity)\b", RegexOptions.Singleline)]
    private static partial Regex PythonNumbers();

    /// <summary>The error for an element that breaks a rule.</summary>
    /// <param name="source">Where it comes from.</param>
    /// <param name="reason">What is wrong, as the end of a sentence.</param>
    /// <param name="cause">The cause, or null.</param>
    /// <returns>The error <c>InvalidAnnotation</c>.</returns>
    public static StickyException Invalid(string source, string reason, Exception? cause = null) => new(
        "InvalidAnnotation", StickyErrorKind.InvalidData, $"{char.ToUpperInvariant(source[0])}{source[1..]} is no valid annotation: {reason}.", source, RecommendedAction, cause);

    private static StickyException InvalidJson(string source, JsonException cause) => new(
        "InvalidJson",
        StickyErrorKind.InvalidData,
        $"There is no valid JSON in {source}: {OneLine.Quote(cause)}.",
        source,
        "Give one element, or an array of elements. To read a file, use -Path, or Get-Content -Raw.",
        cause);
}
