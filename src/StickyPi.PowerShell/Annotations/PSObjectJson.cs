using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text.Encodings.Web;
using System.Text.Json;
using StickyPi.Core;
using StickyPi.Core.Annotations;

namespace StickyPi.PowerShell.Annotations;

/// <summary>
/// Writes objects of PowerShell as JSON of the existing API: hashtables and objects alike, times as it has them, and the points of a
/// contour as n×1×2 whatever PowerShell made of the nested arrays, because <c>@(@(1, 2))</c> is only <c>@(1, 2)</c> there; for the same
/// reason a single object in <c>annotations</c> is an array of one.
/// </summary>
internal sealed class PSObjectJson
{
    // An element has five levels, and extra keys may have some more. What is deeper, or larger, leads through half a session.
    private const int MaximumDepth = 8;
    private const long MaximumSize = 256 * 1024 * 1024;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What is being written, from the element to where it is: an object that refers to one of these is not followed.
    private readonly HashSet<object> _path = new(ReferenceEqualityComparer.Instance);

    private PSObjectJson()
    {
    }

    /// <summary>Writes an object.</summary>
    /// <param name="value">The object.</param>
    /// <returns>JSON in UTF-8.</returns>
    public static ReadOnlyMemory<byte> ToUtf8(object? value)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, Options))
        {
            new PSObjectJson().Write(writer, value, 0);
        }

        return buffer.WrittenMemory;
    }

    private void Write(Utf8JsonWriter writer, object? value, int depth)
    {
        object? item = value is PSObject wrapped && wrapped.BaseObject is not PSCustomObject ? wrapped.BaseObject : value;
        if (item is null or string or ValueType)
        {
            WriteValue(writer, item, depth);
        }
        else if (_path.Add(item))
        {
            WriteValue(writer, item, depth);
            _ = _path.Remove(item);
        }
        else
        {
            writer.WriteStringValue(item.ToString());
        }
    }

    private void WriteValue(Utf8JsonWriter writer, object? item, int depth)
    {
        switch (item)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case DateTime time:
                writer.WriteStringValue(StickyTime.ToFileText(StickyTime.ToUtc(time)));
                break;
            case DateTimeOffset time:
                writer.WriteStringValue(StickyTime.ToFileText(time.UtcDateTime));
                break;
            case double or float or decimal:
                WriteNumber(writer, (IFormattable)item);
                break;
            case sbyte or byte or short or ushort or int or uint or long or ulong:
                writer.WriteRawValue(((IFormattable)item).ToString(null, CultureInfo.InvariantCulture));
                break;
            case AnnotatedObject annotated:
                AnnotationJson.Write(writer, annotated);
                break;
            case var _ when depth > MaximumDepth || writer.BytesCommitted + writer.BytesPending > MaximumSize:
                throw new InvalidDataException("it leads to much that is no part of an annotation");
            case IDictionary dictionary:
                WriteProperties(writer, dictionary.Keys.Cast<object>().Select(key => (key.ToString()!, dictionary[key])), depth);
                break;
            case IEnumerable items:
                writer.WriteStartArray();
                foreach (object? inner in items)
                {
                    Write(writer, inner, depth + 1);
                }

                writer.WriteEndArray();
                break;
            case not PSObject when IsOfFramework(item.GetType()):
                writer.WriteStringValue(Convert.ToString(item, CultureInfo.InvariantCulture));
                break;
            default:
                WriteProperties(writer, PSObject.AsPSObject(item).Properties.Select(property => (property.Name, (object?)property.Value)), depth);
                break;
        }
    }

    // A file or a process has properties that throw, and that lead through the whole machine: none of them is part of an annotation.
    private static bool IsOfFramework(Type type) =>
        type.Namespace?.Split('.')[0] is "System" or "Microsoft";

    private void WriteProperties(Utf8JsonWriter writer, IEnumerable<(string Name, object? Value)> properties, int depth)
    {
        writer.WriteStartObject();
        foreach ((string name, object? value) in properties)
        {
            writer.WritePropertyName(name);
            if (name == "contour" && Unwrap(value) is IEnumerable points and not string)
            {
                WriteContour(writer, points, depth + 1);
            }
            else if (name == "annotations" && depth == 0 && Unwrap(value) is IDictionary or not (null or string or IEnumerable))
            {
                Write(writer, new[] { value }, depth + 1);
            }
            else
            {
                Write(writer, value, depth + 1);
            }
        }

        writer.WriteEndObject();
    }

    private void WriteContour(Utf8JsonWriter writer, IEnumerable points, int depth)
    {
        writer.WriteStartArray();
        foreach (object? point in points)
        {
            object? inner = Unwrap(point) is ContourPoint corner ? new[] { corner.X, corner.Y } : point;
            bool isPair = Unwrap(inner) is IList { Count: 2 } pair && pair.Cast<object?>().All(coordinate => Unwrap(coordinate) is not IEnumerable);
            Write(writer, isPair ? new[] { inner } : inner, depth);
        }

        writer.WriteEndArray();
    }

    // A double that is a whole number is one, as it is for PowerShell.
    private static void WriteNumber(Utf8JsonWriter writer, IFormattable number)
    {
        double value = Convert.ToDouble(number, CultureInfo.InvariantCulture);
        if (double.IsFinite(value))
        {
            writer.WriteRawValue(value.ToString("R", CultureInfo.InvariantCulture));
        }
        else
        {
            writer.WriteStringValue(number.ToString(null, CultureInfo.InvariantCulture));
        }
    }

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
