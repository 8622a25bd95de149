using System.Globalization;
using System.Text.Json;
using StickyPi.Core;

namespace StickyPi.Server.Existing;

/// <summary>A value of the JSON that a client sent, and where it stands, so that whatever is wrong with it can be told by its name.</summary>
/// <param name="Value">The value.</param>
/// <param name="Path">Where it stands, such as <c>[2].datetime</c>; empty for the whole body.</param>
internal readonly record struct JsonInput(JsonElement Value, string Path)
{
    /// <summary>Reads the body of a request, whatever its content type: the existing client sends none along with an empty body.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The body, valid until the request ends; null where there is none.</returns>
    /// <exception cref="StickyException"><c>InvalidJson</c>.</exception>
    public static async ValueTask<JsonInput?> ReadAsync(HttpContext context)
    {
        using MemoryStream bytes = new((int)Math.Min(context.Request.ContentLength ?? 0, ExistingApi.MaxListSize));
        await context.Request.Body.CopyToAsync(bytes, context.RequestAborted);
        if (bytes.Length == 0)
        {
            return null;
        }

        return Parse(context, bytes.GetBuffer().AsMemory(0, (int)bytes.Length), "");
    }

    /// <summary>Reads JSON that is a part of a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="json">UTF-8, which stays as it is until the request ends.</param>
    /// <param name="path">What to call it.</param>
    /// <returns>The value, valid until the request ends.</returns>
    /// <exception cref="StickyException"><c>InvalidJson</c>.</exception>
    public static JsonInput Parse(HttpContext context, ReadOnlyMemory<byte> json, string path)
    {
        try
        {
            JsonDocument document = JsonDocument.Parse(json);
            context.Response.RegisterForDispose(document);
            return new JsonInput(document.RootElement, path);
        }
        catch (JsonException e)
        {
            throw InputErrors.Invalid(path, "InvalidJson", $"{Name(path)} is no JSON: {OneLine.Quote(e)}.", e);
        }
    }

    /// <summary>Reads the body of a request, which is a list.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The items of the list.</returns>
    /// <exception cref="StickyException"><c>InvalidJson</c>, <c>InvalidRequest</c>.</exception>
    public static async ValueTask<IReadOnlyList<JsonInput>> ReadListAsync(HttpContext context) =>
        (await ReadAsync(context) ?? throw InputErrors.Invalid("", "InvalidRequest", "The body is empty; it must be a JSON list.")).Items();

    /// <summary>The items of a list.</summary>
    /// <returns>Each of them.</returns>
    /// <exception cref="StickyException"><c>InvalidRequest</c>.</exception>
    public IReadOnlyList<JsonInput> Items()
    {
        if (Value.ValueKind != JsonValueKind.Array)
        {
            throw Invalid("must be a list");
        }

        string path = Path;
        return [.. Value.EnumerateArray().Select((item, i) => new JsonInput(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]")))];
    }

    /// <summary>The fields of an object.</summary>
    /// <returns>Each of them, with its name.</returns>
    /// <exception cref="StickyException"><c>InvalidRequest</c>.</exception>
    public IEnumerable<KeyValuePair<string, JsonInput>> Fields()
    {
        CheckIsObject();
        foreach (JsonProperty field in Value.EnumerateObject())
        {
            yield return new(NameOf(field), Field(NameOf(field), field.Value));
        }
    }

    /// <summary>A field of an object.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The field.</returns>
    /// <exception cref="StickyException"><c>InvalidRequest</c>: there is none.</exception>
    public JsonInput Required(string name) => Optional(name) ?? throw Field(name, default).Invalid("is missing");

    /// <summary>A field of an object that may be missing.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The field; null where it is missing or null.</returns>
    /// <exception cref="StickyException"><c>InvalidRequest</c>: it is a field of something else than an object.</exception>
    public JsonInput? Optional(string name)
    {
        CheckIsObject();
        return Value.TryGetProperty(name, out JsonElement field) && field.ValueKind != JsonValueKind.Null ? Field(name, field) : null;
    }

    /// <summary>The value as a text.</summary>
    /// <returns>The text.</returns>
    /// <exception cref="StickyException"><c>InvalidRequest</c>.</exception>
    public string Text()
    {
        if (Value.ValueKind != JsonValueKind.String)
        {
            throw Invalid("must be a text");
        }

        try
        {
            return Value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            throw Invalid("holds characters that do not exist");
        }
    }

    /// <summary>The value as a time.</summary>
    /// <returns>The time, UTC.</returns>
    /// <exception cref="StickyException"><c>InvalidRequest</c>.</exception>
    public DateTime Time() => StickyTime.TryParse(Text(), out DateTime time) ? time : throw Invalid("must be a time of the shape YYYY-MM-DD_HH-MM-SS");

    /// <summary>The value as a whole number.</summary>
    /// <returns>The number.</returns>
    /// <exception cref="StickyException"><c>InvalidRequest</c>.</exception>
    public int Whole() =>
        Value.ValueKind == JsonValueKind.Number && Value.TryGetDouble(out double number) && number == Math.Truncate(number) && Math.Abs(number) <= int.MaxValue
            ? (int)number
            : throw Invalid("must be a whole number");

    /// <summary>The value as a number.</summary>
    /// <returns>The number.</returns>
    /// <exception cref="StickyException"><c>InvalidRequest</c>.</exception>
    public double Number() =>
        Value.ValueKind == JsonValueKind.Number && Value.TryGetDouble(out double number) && double.IsFinite(number) ? number : throw Invalid("must be a number");

    /// <summary>The value as yes or no; the existing client also sends 1 and 0.</summary>
    /// <returns>Whether it is yes.</returns>
    /// <exception cref="StickyException"><c>InvalidRequest</c>.</exception>
    public bool Flag() => Value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when Value.GetRawText() is "0" or "1" => Value.GetRawText() == "1",
        _ => throw Invalid("must be true or false"),
    };

    /// <summary>The error for a value that is not what it should be.</summary>
    /// <param name="reason">What is wrong, as the end of a sentence that begins with the name of the field.</param>
    /// <returns>The error.</returns>
    public StickyException Invalid(string reason) => InputErrors.Invalid(Path, "InvalidRequest", $"{Name(Path)} {reason}.");

    private static string Name(string path) => path.Length == 0 ? "The body" : $"'{path}'";

    private string NameOf(JsonProperty field)
    {
        try
        {
            return field.Name;
        }
        catch (InvalidOperationException)
        {
            throw Invalid("has a field whose name holds characters that do not exist");
        }
    }

    private JsonInput Field(string name, JsonElement value) => new(value, Path.Length == 0 ? name : $"{Path}.{name}");

    private void CheckIsObject()
    {
        if (Value.ValueKind != JsonValueKind.Object)
        {
            throw Invalid("must be an object");
        }
    }
}
