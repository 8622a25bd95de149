using System.Text.Json;
using System.Text.Json.Serialization;

namespace StickyPi.Core.Users;

/// <summary>Reads and writes passwords without making texts of them, which could not be wiped.</summary>
internal sealed class SecretConverter : JsonConverter<Secret>
{
    public override Secret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException();
        }

        // Escaped, in UTF-8, a text never has fewer bytes than characters.
        char[] characters = GC.AllocateUninitializedArray<char>(checked((int)(reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length)), pinned: true);
        try
        {
            return new Secret(characters.AsSpan(0, reader.CopyString(characters)));
        }
        finally
        {
            Array.Clear(characters);
        }
    }

    public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) => writer.WriteStringValue(value.Bytes);
}
