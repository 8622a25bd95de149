using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using StickyPi.Core.Images;

namespace StickyPi.Core.Properties;

/// <summary>What extra properties may be, and what a change makes of them.</summary>
internal static class PropertyRules
{
    /// <summary>The most bytes of UTF-8 that the properties of one thing take as JSON.</summary>
    public const int MaxSize = 1024 * 1024;

    /// <summary>How deeply objects and arrays may be nested, the properties themselves included.</summary>
    public const int MaxDepth = 32;

    // What is written is read by other programs and people, and never becomes a part of HTML by itself.
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaxDepth };

    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>Reads properties as a catalog holds them.</summary>
    /// <param name="utf8">JSON; anybody may have written it who may write to the catalog.</param>
    /// <param name="target">Of what, for the error.</param>
    /// <returns>The properties, which nobody else has.</returns>
    /// <exception cref="StickyException"><c>InvalidRow</c>: it is no JSON object.</exception>
    public static JsonObject Read(ReadOnlyMemory<byte> utf8, PropertyTarget target)
    {
        try
        {
            return JsonNode.Parse(utf8.Span, documentOptions: Reading) as JsonObject ?? throw new JsonException("It is no JSON object.");
        }
        catch (JsonException e)
        {
            throw new StickyException(
                "InvalidRow",
                StickyErrorKind.ReadFailed,
                $"The catalog holds properties of {target} that cannot be read: {OneLine.Quote(e)}.",
                target,
                "Correct the row with the program that wrote it.",
                e);
        }
    }

    /// <summary>Writes properties as a catalog holds them.</summary>
    /// <param name="properties">The properties.</param>
    /// <param name="target">Of what, for the error.</param>
    /// <returns>JSON in UTF-8.</returns>
    /// <exception cref="StickyException"><c>InvalidProperties</c>.</exception>
    public static ReadOnlyMemory<byte> Write(JsonObject properties, PropertyTarget target)
    {
        byte[] utf8 = ToUtf8(properties, target);
        return utf8.Length <= MaxSize
            ? utf8
            : throw Invalid(target, FormattableString.Invariant($"they would take {utf8.Length} bytes as JSON, more than the {MaxSize} that there is room for"));
    }

    /// <summary>Applies a change.</summary>
    /// <param name="current">The properties as they are, which are taken apart.</param>
    /// <param name="change">The change, which stays as it is.</param>
    /// <param name="target">Of what, for the error.</param>
    /// <returns>The properties as they shall be.</returns>
    /// <exception cref="StickyException"><c>InvalidProperties</c>: the change is no proper JSON.</exception>
    public static JsonObject Apply(JsonObject current, PropertyChange change, PropertyTarget target)
    {
        JsonObject changed = change.Replace is null ? current : Copy(change.Replace, target);
        if (change.Merge is not null)
        {
            changed = Merge(changed, Copy(change.Merge, target));
        }

        foreach (string name in change.Remove)
        {
            _ = changed.Remove(name);
        }

        foreach ((string name, JsonNode? value) in change.Set is null ? [] : Copy(change.Set, target).ToArray())
        {
            changed[name] = value?.DeepClone();
        }

        return changed;
    }

    /// <summary>What firmware of generation 2 wrote into a picture, and the columns of a catalog have no place for.</summary>
    /// <param name="metadata">What the picture says of itself.</param>
    /// <returns>The properties; empty where there are none.</returns>
    public static JsonObject OfFirmware(ImageMetadata metadata)
    {
        JsonObject properties = [];
        Add("battery", metadata.Battery is int battery ? JsonValue.Create(battery) : null);
        Add("luminosity", metadata.Luminosity is double luminosity ? JsonValue.Create(luminosity) : null);
        Add("lastSync", metadata.LastSync is string lastSync ? JsonValue.Create(lastSync) : null);
        Add("buttonPressed", metadata.ButtonPressed is bool buttonPressed ? JsonValue.Create(buttonPressed) : null);
        return properties;

        void Add(string name, JsonValue? value)
        {
            if (value is not null)
            {
                properties.Add(name, value);
            }
        }
    }

    // RFC 7396, with both sides ours to take apart.
    private static JsonObject Merge(JsonObject target, JsonObject patch)
    {
        foreach ((string name, JsonNode? value) in patch.ToArray())
        {
            if (value is null)
            {
                _ = target.Remove(name);
                continue;
            }

            _ = patch.Remove(name);
            target[name] = value is JsonObject nested ? Merge(Detach(target, name) ?? [], nested) : value;
        }

        return target;
    }

    private static JsonObject? Detach(JsonObject parent, string name)
    {
        JsonObject? child = parent[name] as JsonObject;
        if (child is not null)
        {
            _ = parent.Remove(name);
        }

        return child;
    }

    // A JsonObject may be a text that was not looked at yet, with a name twice or nested without end.
    private static JsonObject Copy(JsonObject given, PropertyTarget target)
    {
        try
        {
            byte[] utf8 = ToUtf8(given, target);
            JsonObject copy = (JsonObject)JsonNode.Parse(utf8, documentOptions: Reading)!;
            return JsonNumbers.FindInfinite(utf8) is string number
                ? throw Invalid(target, $"the number '{OneLine.Value(number)}' is too large, and would be read as infinity")
                : FindOddName(copy) is string name ? throw Invalid(target, $"the name '{OneLine.Value(name)}' {VisibleName.WhyNotInRow(name)}")
                : copy;
        }
        catch (JsonException e)
        {
            throw Invalid(target, OneLine.Quote(e), e);
        }
    }

    // Names become columns and lines of views.
    private static string? FindOddName(JsonNode? node) => node switch
    {
        JsonObject item => item.Select(property => VisibleName.WhyNotInRow(property.Key) is null ? FindOddName(property.Value) : property.Key)
            .FirstOrDefault(name => name is not null),
        JsonArray list => list.Select(FindOddName).FirstOrDefault(name => name is not null),
        _ => null,
    };

    private static byte[] ToUtf8(JsonObject properties, PropertyTarget target)
    {
        try
        {
            using MemoryStream utf8 = new();
            using (Utf8JsonWriter writer = new(utf8, Writing))
            {
                properties.WriteTo(writer);
            }

            return utf8.ToArray();
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            throw Invalid(target, OneLine.Quote(e), e);
        }
    }

    private static StickyException Invalid(PropertyTarget target, string reason, Exception? cause = null) => new(
        "InvalidProperties",
        StickyErrorKind.InvalidData,
        $"The properties of {target} cannot be stored: {reason}.",
        target,
        FormattableString.Invariant($"Properties are a JSON object of at most {MaxSize / 1024} KiB, nested at most {MaxDepth} deep."),
        cause);
}
