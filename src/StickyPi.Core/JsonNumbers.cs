using System.Text.Json;
using System.Text.Json.Serialization;

namespace StickyPi.Core;

/// <summary>
/// Looks for numbers in JSON that are too large for what reads them: <c>1e400</c> is valid JSON, and infinity to every program that has
/// doubles.
/// </summary>
internal static class JsonNumbers
{
    /// <summary>Whether a number is within the range of a double.</summary>
    /// <param name="reader">A reader that stands on a number.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsFinite(ref Utf8JsonReader reader) => reader.TryGetDouble(out double number) && double.IsFinite(number);

    /// <summary>Passes over a value with all that is in it, as <see cref="Utf8JsonReader.Skip"/> does, and looks at its numbers.</summary>
    /// <param name="reader">A reader that stands on a name or on the beginning of a value.</param>
    /// <returns>False where a number in it is too large; the reader stands on that number then.</returns>
    public static bool SkipFinite(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.PropertyName)
        {
            _ = reader.Read();
        }

        int depth = reader.CurrentDepth;
        bool isNested = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
        do
        {
            if (reader.TokenType == JsonTokenType.Number && !IsFinite(ref reader))
            {
                return false;
            }
        }
        while (isNested && reader.Read() && reader.CurrentDepth > depth);

        return true;
    }

    /// <summary>Finds a number that is too large.</summary>
    /// <param name="utf8">JSON in UTF-8.</param>
    /// <returns>The number as it is written, or null where there is none.</returns>
    public static string? FindInfinite(ReadOnlySpan<byte> utf8)
    {
        Utf8JsonReader reader = new(utf8);
        return reader.Read() && !SkipFinite(ref reader) ? System.Text.Encoding.UTF8.GetString(reader.ValueSpan) : null;
    }
}

/// <summary>Reads numbers, and refuses those that are too large for a double.</summary>
internal sealed class FiniteNumberConverter : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out double number) && double.IsFinite(number)
            ? number
            : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}
