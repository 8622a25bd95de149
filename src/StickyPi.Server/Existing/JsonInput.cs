using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using StickyPi.Core;
using StickyPi.Core.Annotations;

namespace StickyPi.Server.Existing;

/// <summary>A value of the JSON that a client sent, and where it stands, so that whatever is wrong with it can be told by its name.</summary>
internal readonly record struct JsonInput
{
    /// <summary>The most items of a list. They are held until the answer begins.</summary>
    public const int MaximumItems = 500_000;

    /// <summary>The most bytes of one item. None of them holds more than a few names.</summary>
    public const int MaximumItemSize = 64 * 1024;

    private const int WholeBody = -1;

    // Which of two fields of a name is meant can't be told: a user might become a writer by it.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    // Where it stands is put together only for errors: a list may have many items.
    private readonly string _base;
    private readonly int _index;
    private readonly string? _field;

    private JsonInput(JsonElement value, string @base, int index = WholeBody, string? field = null)
    {
        Value = value;
        _base = @base;
        _index = index;
        _field = field;
    }

    /// <summary>The value.</summary>
    public JsonElement Value { get; }

    /// <summary>Where it stands, such as <c>[2].datetime</c>; empty for the whole body.</summary>
    public string Path
    {
        get
        {
            string item = _index == WholeBody ? _base : string.Create(CultureInfo.InvariantCulture, $"{_base}[{_index}]");
            return _field is null ? item : item.Length == 0 ? _field : $"{item}.{_field}";
        }
    }

    /// <summary>
    /// Reads the body of a request that is one short value, whatever its content type: the Python client sends none with an empty body.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <returns>The value; null where there is none.</returns>
    /// <exception cref="StickyException"><c>InvalidJson</c>, <c>InvalidRequest</c>: the body is a list.</exception>
    public static async ValueTask<JsonInput?> ReadAsync(HttpContext context)
    {
        JsonElementReader reader = Open(context);
        JsonInput? body = null;

        // To its end, so that nothing can follow.
        await foreach ((JsonElement value, bool isInList) in ReadElementsAsync(reader, context.RequestAborted))
        {
            body = isInList ? throw NoValue() : new JsonInput(value, "");
        }

        return body is null && !reader.IsEmpty ? throw NoValue() : body;

        static StickyException NoValue() => new JsonInput(default, "").Invalid("must be one value, and not a list");
    }

    /// <summary>Reads JSON that is a part of a request.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="path">What to call it.</param>
    /// <returns>The value.</returns>
    /// <exception cref="StickyException"><c>InvalidJson</c>.</exception>
    public static JsonInput Parse(ReadOnlySpan<byte> json, string path)
    {
        try
        {
            return new JsonInput(ParseStrictly(json), path);
        }
        catch (JsonException e)
        {
            throw InvalidJson(path, e);
        }
    }

    /// <summary>Reads the body of a request, which is a list, item by item: nothing is kept of an item but what is read from it.</summary>
    /// <typeparam name="T">What an item is read as.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="read">Reads an item.</param>
    /// <returns>What the items say.</returns>
    /// <exception cref="StickyException">
    /// <c>InvalidJson</c>, <c>InvalidRequest</c>, <c>TooManyItems</c>; those of <paramref name="read"/>.
    /// </exception>
    public static async ValueTask<List<T>> ReadListAsync<T>(HttpContext context, Func<JsonInput, T> read) =>
        await ReadOptionalListAsync(context, read)
            ?? throw InputErrors.Invalid("", "InvalidRequest", "The body is empty; it must be a JSON list.");

    /// <summary>Reads the body of a request, which is a list, null, or nothing at all.</summary>
    /// <typeparam name="T">What an item is read as.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="read">Reads an item.</param>
    /// <returns>What the items say; null where there is no list.</returns>
    /// <exception cref="StickyException">As for <see cref="ReadListAsync"/>.</exception>
    public static async ValueTask<List<T>?> ReadOptionalListAsync<T>(HttpContext context, Func<JsonInput, T> read)
    {
        JsonElementReader reader = Open(context);
        List<T> items = [];
        await foreach ((JsonElement value, bool isInList) in ReadElementsAsync(reader, context.RequestAborted))
        {
            if (!isInList)
            {
                return value.ValueKind == JsonValueKind.Null ? null : throw new JsonInput(value, "").Invalid("must be a list");
            }

            if (items.Count == MaximumItems)
            {
                throw InputErrors.Invalid(
                    "",
                    "TooManyItems",
                    string.Create(CultureInfo.InvariantCulture, $"The list has more than {MaximumItems:N0} items; send it in parts."));
            }

            items.Add(read(new JsonInput(value, "", items.Count)));
        }

        return reader.IsEmpty ? null : items;
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

    private static JsonElementReader Open(HttpContext context) => new(context.Request.Body, MaximumItemSize, isOneValue: true);

    private static async IAsyncEnumerable<(JsonElement Value, bool IsInList)> ReadElementsAsync(
        JsonElementReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using IAsyncEnumerator<(ReadOnlyMemory<byte> Element, bool IsInArray)> elements =
            reader.ReadAllAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            JsonElement value;
            try
            {
                if (!await elements.MoveNextAsync())
                {
                    yield break;
                }

                value = ParseStrictly(elements.Current.Element.Span);
            }
            catch (JsonException) when (reader.IsEmpty)
            {
                yield break;
            }
            catch (JsonException e)
            {
                throw InvalidJson("", e);
            }

            yield return (value, elements.Current.IsInArray);
        }
    }

    private static JsonElement ParseStrictly(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonElement.Parse(json, Strict);
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("A name in it holds half a character.", e);
        }
    }

    private static StickyException InvalidJson(string path, JsonException cause) =>
        InputErrors.Invalid(path, "InvalidJson", $"{Name(path)} is not valid JSON: {OneLine.Quote(cause)}.", cause);

    // A field of a field is rare enough to be named at once.
    private JsonInput Field(string name, JsonElement value) =>
        _field is null ? new(value, _base, _index, name) : new(value, Path, WholeBody, name);

    private void CheckIsObject()
    {
        if (Value.ValueKind != JsonValueKind.Object)
        {
            throw Invalid("must be an object");
        }
    }
}
