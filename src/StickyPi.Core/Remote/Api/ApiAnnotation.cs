using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using StickyPi.Core.Annotations;

namespace StickyPi.Core.Remote.Api;

/// <summary>A row of an annotation, with the element that is stored of it where that was asked for.</summary>
public sealed record ApiAnnotation
{
    /// <inheritdoc cref="StickyAnnotation.Id"/>
    public long Id { get; init; }

    /// <inheritdoc cref="StickyAnnotation.ImageId"/>
    public long ImageId { get; init; }

    /// <inheritdoc cref="Annotation.Device"/>
    public required string Device { get; init; }

    /// <inheritdoc cref="Annotation.DateTime"/>
    public required DateTime DateTime { get; init; }

    /// <inheritdoc cref="Annotation.Md5"/>
    public required string Md5 { get; init; }

    /// <inheritdoc cref="Annotation.AlgoName"/>
    public required string AlgoName { get; init; }

    /// <inheritdoc cref="Annotation.AlgoVersion"/>
    public required string AlgoVersion { get; init; }

    /// <inheritdoc cref="Annotation.ObjectCount"/>
    public int ObjectCount { get; init; }

    /// <inheritdoc cref="StickyAnnotation.CreatedAt"/>
    public DateTime CreatedAt { get; init; }

    /// <inheritdoc cref="StickyAnnotation.ApiVersion"/>
    public string? ApiVersion { get; init; }

    /// <inheritdoc cref="StickyAnnotation.ApiUser"/>
    public string? ApiUser { get; init; }

    /// <summary>The whole element <c>{annotations, metadata}</c> as it is stored; undefined where only metadata was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(RawElementConverter))]
    public JsonElement Element { get; init; }

    /// <summary>Tells an annotation.</summary>
    /// <param name="annotation">The annotation.</param>
    /// <returns>What goes over the wire.</returns>
    public static ApiAnnotation From(StickyAnnotation annotation)
    {
        ReadOnlyMemory<byte> json = annotation.GetUtf8Json();
        return new ApiAnnotation
        {
            Id = annotation.Id,
            ImageId = annotation.ImageId,
            Device = annotation.Device,
            DateTime = annotation.DateTime,
            Md5 = annotation.Md5,
            AlgoName = annotation.AlgoName,
            AlgoVersion = annotation.AlgoVersion,
            ObjectCount = annotation.ObjectCount,
            CreatedAt = annotation.CreatedAt,
            ApiVersion = annotation.ApiVersion,
            ApiUser = annotation.ApiUser,
            Element = json.IsEmpty ? default : AnnotationJson.ReadStoredElement(json.Span),
        };
    }

    // As it is stored, so that the JSON of an annotation is the same from afar; but a line of an answer must be one.
    internal sealed class RawElementConverter : JsonConverter<JsonElement>
    {
        public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => JsonElement.ParseValue(ref reader);

        public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options)
        {
            ReadOnlySpan<byte> json = JsonMarshal.GetRawUtf8Value(value);
            if (json.IndexOfAny((byte)'\n', (byte)'\r') < 0)
            {
                writer.WriteRawValue(json, skipInputValidation: true);
            }
            else
            {
                value.WriteTo(writer);
            }
        }
    }

    /// <summary>Makes the annotation again, without its <see cref="Annotation.Objects"/>.</summary>
    /// <returns>The annotation.</returns>
    public StickyAnnotation ToAnnotation()
    {
        StickyAnnotation annotation = new()
        {
            Id = Id,
            ImageId = ImageId,
            Device = Device,
            DateTime = DateTime,
            Md5 = Md5,
            AlgoName = AlgoName,
            AlgoVersion = AlgoVersion,
            ObjectCount = ObjectCount,
            CreatedAt = CreatedAt,
            ApiVersion = ApiVersion,
            ApiUser = ApiUser,
        };
        return Element.ValueKind == JsonValueKind.Undefined ? annotation : annotation.WithJson(JsonMarshal.GetRawUtf8Value(Element).ToArray());
    }
}
