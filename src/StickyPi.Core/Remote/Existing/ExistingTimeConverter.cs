using System.Text.Json;
using System.Text.Json.Serialization;

namespace StickyPi.Core.Remote.Existing;

/// <summary>Times as the existing API writes them, in UTC and to the second: <c>2020-06-20_21-33-24</c>.</summary>
public sealed class ExistingTimeConverter : JsonConverter<DateTime>
{
    /// <inheritdoc/>
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && StickyTime.TryParseFileText(reader.GetString(), out DateTime time)
            ? time
            : throw new JsonException("A time must be a text of the shape YYYY-MM-DD_HH-MM-SS.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
        writer.WriteStringValue(StickyTime.ToFileText(value));
}
