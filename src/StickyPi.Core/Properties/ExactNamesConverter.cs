using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace StickyPi.Core.Properties;

/// <summary>
/// Reads properties as they are: names that differ in case alone are two, whatever the options say, and a name that comes twice is an error.
/// </summary>
internal sealed class ExactNamesConverter : JsonConverter<JsonObject>
{
    private static readonly JsonSerializerOptions Exact = new() { AllowDuplicateProperties = false, TypeInfoResolver = ExactJson.Default };

    public override JsonObject? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException();
        }

        try
        {
            return (JsonObject?)JsonSerializer.Deserialize(ref reader, Exact.GetTypeInfo(typeof(JsonObject)));
        }
        catch (ArgumentException e)
        {
            throw new JsonException("a name comes twice", e);
        }
    }

    public override void Write(Utf8JsonWriter writer, JsonObject value, JsonSerializerOptions options) => value.WriteTo(writer, Exact);
}

[JsonSerializable(typeof(JsonObject))]
internal sealed partial class ExactJson : JsonSerializerContext;
