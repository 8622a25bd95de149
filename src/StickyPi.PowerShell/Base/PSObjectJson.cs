using System.Buffers;
using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;
using StickyPi.Core;

namespace StickyPi.PowerShell.Base;

/// <summary>
/// Writes objects of PowerShell as JSON, hashtables and objects alike, and reads them again: times as ISO 8601 in UTC, numbers with or without
/// a point as they are.
/// </summary>
internal class PSObjectJson
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.FFFFFFFK";
    private const long MaximumSize = 256 * 1024 * 1024;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What is being written, from the outermost to where it is: an object that refers to one of these is not followed.
    private readonly HashSet<object> _path = new(ReferenceEqualityComparer.Instance);

    /// <summary>How many levels there may be in the outermost. What is deeper, or very large, leads through half a session.</summary>
    protected virtual int MaximumDepth => 32;

    /// <summary>What the objects should be, for messages.</summary>
    protected virtual string Noun => "data";

    /// <summary>Writes an object.</summary>
    /// <param name="value">The object.</param>
    /// <returns>JSON in UTF-8.</returns>
    /// <exception cref="InvalidDataException">It leads through too much; the message is the end of a sentence.</exception>
    public static ReadOnlyMemory<byte> ToUtf8(object? value) => new PSObjectJson().Serialize(value);

    /// <summary>
    /// Makes objects of JSON. A text that is a time as <see cref="ToUtf8"/> writes it becomes one; an object whose names PowerShell can't tell apart,
    /// or that has an empty one, becomes a dictionary.
    /// </summary>
    /// <param name="element">The JSON.</param>
    /// <returns>Null, a value, an array, or a <c>PSCustomObject</c>.</returns>
    public static object? FromJson(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => FromObject(element),
        JsonValueKind.Array => element.EnumerateArray().Select(FromJson).ToArray(),
        JsonValueKind.String => FromText(element.GetString()!),
        JsonValueKind.Number => FromNumber(element),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>What is behind the wrapper that PowerShell puts around objects.</summary>
    /// <param name="value">An object, wrapped or not.</param>
    /// <returns>The object itself; what has only properties stays as it is.</returns>
    protected internal static object? Unwrap(object? value) =>
        value is PSObject wrapped && wrapped.BaseObject is not PSCustomObject ? wrapped.BaseObject : value;

    /// <summary>Writes an object.</summary>
    /// <param name="value">The object.</param>
    /// <returns>JSON in UTF-8.</returns>
    protected ReadOnlyMemory<byte> Serialize(object? value)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, Options))
        {
            Write(writer, value, 0);
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Writes a value of any kind.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="value">The value, wrapped or not.</param>
    /// <param name="depth">How deep it lies.</param>
    protected void Write(Utf8JsonWriter writer, object? value, int depth)
    {
        object? item = Unwrap(value);
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

    /// <summary>Writes a property of an object.</summary>
    /// <param name="writer">Where to; the name is written.</param>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="depth">How deep the object lies.</param>
    protected virtual void WriteProperty(Utf8JsonWriter writer, string name, object? value, int depth) => Write(writer, value, depth + 1);

    /// <summary>Writes an object that has a JSON of its own.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="item">The object.</param>
    /// <returns>Whether it has.</returns>
    protected virtual bool TryWriteOwn(Utf8JsonWriter writer, object item) => false;

    /// <summary>Writes a time.</summary>
    /// <param name="time">The time, UTC.</param>
    /// <returns>Its text.</returns>
    protected virtual string ToText(DateTime time) => time.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>Writes a number that need not be whole.</summary>
    /// <param name="number">The number, finite.</param>
    /// <returns>Its text, by which it is read as one that need not be whole again.</returns>
    protected virtual string ToText(IFormattable number)
    {
        string text = number.ToString(number is decimal ? null : "R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0";
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
            case bool or SwitchParameter:
                writer.WriteBooleanValue(LanguagePrimitives.IsTrue(item));
                break;
            case DateTime time:
                writer.WriteStringValue(ToText(StickyTime.ToUtc(time)));
                break;
            case DateTimeOffset time:
                writer.WriteStringValue(ToText(time.UtcDateTime));
                break;
            case DateOnly or TimeOnly:
                writer.WriteStringValue(((IFormattable)item).ToString("O", CultureInfo.InvariantCulture));
                break;
            case double or float or decimal when !double.IsFinite(Convert.ToDouble(item, CultureInfo.InvariantCulture)):
                throw new InvalidDataException("it holds a number that is infinite or none (NaN), which JSON has no way of writing");
            case double or float or decimal:
                writer.WriteRawValue(ToText((IFormattable)item));
                break;
            case sbyte or byte or short or ushort or int or uint or long or ulong or BigInteger:
                writer.WriteRawValue(((IFormattable)item).ToString(null, CultureInfo.InvariantCulture));
                break;
            case Enum:
                writer.WriteStringValue(item.ToString());
                break;
            case var _ when TryWriteOwn(writer, item):
                break;
            case var _ when depth > MaximumDepth || writer.BytesCommitted + writer.BytesPending > MaximumSize:
                throw new InvalidDataException($"it leads to much that is not part of {Noun}");
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

    // A file or a process has properties that throw, and that lead through the whole machine: none of them is part of any data.
    private static bool IsOfFramework(Type type) =>
        type.Namespace?.Split('.')[0] is "System" or "Microsoft";

    private void WriteProperties(Utf8JsonWriter writer, IEnumerable<(string Name, object? Value)> properties, int depth)
    {
        writer.WriteStartObject();
        foreach ((string name, object? value) in properties)
        {
            writer.WritePropertyName(name);
            WriteProperty(writer, name, value, depth);
        }

        writer.WriteEndObject();
    }

    private static object FromObject(JsonElement element)
    {
        PSObject made = new();
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (property.Name.Length == 0 || made.Properties[property.Name] is not null)
            {
                return FromObjectWithOddNames(element);
            }

            made.Properties.Add(new PSNoteProperty(property.Name, FromJson(property.Value)));
        }

        return made;
    }

    private static OrderedDictionary FromObjectWithOddNames(JsonElement element)
    {
        OrderedDictionary made = new(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            made[property.Name] = FromJson(property.Value);
        }

        return made;
    }

    // Only what is written as the same text again, so that nothing of another program's changes on the way through PowerShell.
    private static object FromText(string text) =>
        DateTime.TryParseExact(
            text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out DateTime time)
            && time.ToString(TimeFormat, CultureInfo.InvariantCulture) == text
            ? time
            : text;

    private static object FromNumber(JsonElement element)
    {
        string text = element.GetRawText();
        if (text.AsSpan().ContainsAny('.', 'e', 'E'))
        {
            // Another program may have stored it; as a text it shows what is there, and is not taken for a measurement.
            double real = element.GetDouble();
            return !double.IsFinite(real) ? text
                : element.TryGetDecimal(out decimal exact) && !IsSame(real, exact) ? exact : real;
        }

        return element.TryGetInt32(out int small) ? (object)small
            : element.TryGetInt64(out long large) ? (object)large
            : BigInteger.Parse(text, CultureInfo.InvariantCulture);
    }

    private static bool IsSame(double real, decimal exact) =>
        decimal.TryParse(real.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal read) && read == exact;
}
