using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.WebUtilities;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Properties;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Storage;

namespace StickyPi.Server.V1;

/// <summary>One item of a batch: a value, or the error that says why it can't be read.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="Index">Which item, from 0.</param>
/// <param name="Value">The value.</param>
/// <param name="Error">Why there is none.</param>
internal readonly record struct BatchItem<T>(int Index, T? Value, StickyException? Error);

/// <summary>
/// Reads the items of a body, as lines (NDJSON) or as a JSON array, one by one, and answers each in its turn. A body is received whole before the
/// first answer goes out, in memory or, where it is long, in a temporary file: most clients send everything before they read, and would wait
/// for the server for ever while it waits for them. So a body that is cut short does nothing, either.
/// </summary>
internal static class Batch
{
    /// <summary>The most bytes that an annotation, or a body that is one value, may have.</summary>
    public const int MaximumElementSize = 16 * 1024 * 1024;

    /// <summary>How many items are worked on at once: as much as fits one look-up in the store.</summary>
    public const int Size = 512;

    /// <summary>
    /// How many items that can't be read are answered. Each costs far more than its bytes, and whoever sends so many sends no batch.
    /// </summary>
    public const int MaximumErrors = 1000;

    private const string NoText = "holds characters that do not exist";
    private const string HasNul = "holds a character of code 0";

    // What names a thing, or describes a label, is short; many of them are held at once.
    private const int MaximumItemSize = 64 * 1024;

    private const int MemorySize = 1024 * 1024;

    private static readonly JsonSerializerOptions Options = new(ApiJson.Default.Options)
    {
        TypeInfoResolver = ApiJson.Default.WithAddedModifier(RequireAll).WithAddedModifier(LeaveOutComputed),
        Converters = { new TimeConverter(), new TextConverter(), new ExactNamesConverter() },
        AllowDuplicateProperties = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Receives a body whole.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The body, to be read from its beginning; the request disposes of it.</returns>
    public static async Task<Stream> ReceiveAsync(HttpContext context)
    {
        Uploads uploads = context.RequestServices.GetRequiredService<Uploads>();
        UploadFolder? folder = null;
        FileBufferingReadStream body = new(context.Request.Body, MemorySize, bufferLimit: null, () => (folder ??= uploads.Create()).Path);
        context.Response.OnCompleted(async () =>
        {
            await body.DisposeAsync();
            folder?.Dispose();
        });
        try
        {
            await body.DrainAsync(context.RequestAborted);
        }
        catch (IOException e) when (DiskErrors.IsDiskFull(e))
        {
            throw StickyException.StorageFull("the server", e);
        }

        body.Position = 0;
        return body;
    }

    /// <summary>Answers a batch item by item: the answer has as many lines as the body, in the same order.</summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <typeparam name="TResult">What an item leads to.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="type">How a line is written.</param>
    /// <param name="work">Does what is to be done to some items, and tells of each.</param>
    /// <param name="size">How many it is given at most, where what it tells is large.</param>
    /// <returns>The answer.</returns>
    public static async Task<IResult> AnswerAsync<T, TResult>(
        HttpContext context,
        JsonTypeInfo<ApiOutcome<TResult>> type,
        Func<IReadOnlyList<T>, CancellationToken, ValueTask<IEnumerable<ApiOutcome<TResult>>>> work,
        int size = Size)
        where TResult : class
    {
        Stream body = await ReceiveAsync(context);
        return new StreamResult<ApiOutcome<TResult>>(AnswerAsync(body, work, size, context.RequestAborted), type);
    }

    /// <summary>Reads the items of a body, which are short.</summary>
    /// <typeparam name="T">Their type.</typeparam>
    /// <param name="body">The body.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The items; after one that is no JSON, or <see cref="MaximumErrors"/> that can't be read, nothing follows.</returns>
    public static IAsyncEnumerable<BatchItem<T>> ReadAsync<T>(Stream body, CancellationToken cancellationToken)
    {
        JsonTypeInfo<T> type = (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));
        return ReadElementsAsync(body, MaximumItemSize, cancellationToken)
            .Select(item => item.Error is null
                ? Read(item.Value.Span, item.Index, type)
                : new BatchItem<T>(item.Index, default, item.Error))
            .EndAfterErrors(item => item.Error is not null, last => new(last.Index + 1, default, TooManyErrors(last.Index)));
    }

    /// <summary>Ends a batch after as many errors as are answered.</summary>
    /// <typeparam name="T">What is made of an item.</typeparam>
    /// <param name="items">What is made of the items.</param>
    /// <param name="isError">Whether that is an error.</param>
    /// <param name="end">Makes the last error, which says that the rest was not looked at.</param>
    /// <returns>The same up to there.</returns>
    public static async IAsyncEnumerable<T> EndAfterErrors<T>(this IAsyncEnumerable<T> items, Func<T, bool> isError, Func<T, T> end)
    {
        int errors = 0;
        await foreach (T item in items)
        {
            yield return item;
            if (isError(item) && ++errors == MaximumErrors)
            {
                yield return end(item);
                yield break;
            }
        }
    }

    /// <summary>The error that ends a batch.</summary>
    /// <param name="index">The last item that was looked at, from 0.</param>
    /// <returns>The error <c>TooManyErrors</c>.</returns>
    public static StickyException TooManyErrors(int index) => new(
        "TooManyErrors",
        StickyErrorKind.InvalidData,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{MaximumErrors:N0} elements of the request can't be read; what follows {Place(index)} was not looked at."),
        Place(index + 1),
        "Correct the elements that the answer names, and send the rest again.")
    { Field = Field(index + 1, "") };

    /// <summary>Reads the items of a body as they came.</summary>
    /// <param name="body">The body.</param>
    /// <param name="maximumSize">The most bytes that an item may have.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The JSON of each item, valid until the next one is asked for; after one that is none, nothing follows.</returns>
    public static async IAsyncEnumerable<BatchItem<ReadOnlyMemory<byte>>> ReadElementsAsync(
        Stream body, int maximumSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (body.Length == 0)
        {
            yield break;
        }

        await using IAsyncEnumerator<(ReadOnlyMemory<byte> Element, bool IsInArray)> elements =
            new JsonElementReader(body, maximumSize).ReadAllAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        for (int index = 0; ; index++)
        {
            StickyException? error = null;
            try
            {
                if (!await elements.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (JsonException e)
            {
                error = InvalidJson(index, e);
            }

            yield return error is null ? new(index, elements.Current.Element, null) : new(index, default, error);
            if (error is not null)
            {
                yield break;
            }
        }
    }

    /// <summary>Reads a body that is one JSON value.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="context">The request.</param>
    /// <returns>The value.</returns>
    /// <exception cref="StickyException"><c>InvalidJson</c>, <c>InvalidElement</c>.</exception>
    public static async Task<T> ReadOneAsync<T>(HttpContext context)
    {
        Stream body = await ReceiveAsync(context);
        await using IAsyncEnumerator<(ReadOnlyMemory<byte> Element, bool IsInArray)> values =
            new JsonElementReader(body, MaximumElementSize).ReadAllAsync(context.RequestAborted).GetAsyncEnumerator(context.RequestAborted);
        try
        {
            if (body.Length > 0 && await values.MoveNextAsync() && !values.Current.IsInArray)
            {
                BatchItem<T> item = Read(values.Current.Element.Span, null, (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T)));
                if (item.Error is not null || !await values.MoveNextAsync())
                {
                    return item.Value ?? throw item.Error!;
                }
            }
        }
        catch (JsonException e)
        {
            throw InvalidJson(null, e);
        }

        throw new StickyException(
            "InvalidJson", StickyErrorKind.InvalidData, "The body of the request is not one JSON object.", recommendedAction: "Send one JSON object.");
    }

    private static async IAsyncEnumerable<ApiOutcome<TResult>> AnswerAsync<T, TResult>(
        Stream body,
        Func<IReadOnlyList<T>, CancellationToken, ValueTask<IEnumerable<ApiOutcome<TResult>>>> work,
        int size,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where TResult : class
    {
        await foreach (BatchItem<T>[] batch in ReadAsync<T>(body, cancellationToken).Chunk(size).WithCancellation(cancellationToken))
        {
            T[] values = [.. batch.Where(item => item.Error is null).Select(item => item.Value!)];
            Queue<ApiOutcome<TResult>> outcomes = new(values.Length == 0 ? [] : await work(values, cancellationToken));
            foreach (BatchItem<T> item in batch)
            {
                yield return item.Error is null ? outcomes.Dequeue() : new(null, ApiError.From(item.Error), item.Index);
            }
        }
    }

    // The serializer makes structs without their constructor, so that nothing of them would be required.
    private static void RequireAll(JsonTypeInfo type)
    {
        foreach (JsonPropertyInfo property in type.Type.IsValueType ? type.Properties : [])
        {
            property.IsRequired = property.Set is not null;
        }
    }

    // What is computed from other members can't be set: whoever sends it means something that would not be done.
    private static void LeaveOutComputed(JsonTypeInfo type)
    {
        JsonPropertyInfo[] computed =
            [.. type.Properties.Where(property => property.Set is null && property.AssociatedParameter is null)];
        foreach (JsonPropertyInfo property in computed)
        {
            _ = type.Properties.Remove(property);
        }
    }

    private static BatchItem<T> Read<T>(ReadOnlySpan<byte> json, int? index, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) is T value
                ? new(index ?? 0, value, null)
                : new(index ?? 0, default, InvalidElement(index, "", "is null"));
        }
        catch (JsonException e)
        {
            // The path begins with $, and goes on with a dot or a bracket.
            string path = e.Path is { Length: > 1 } found ? found[1..] : "";
            return new(index ?? 0, default, FindMisplaced(json, index, type) ?? InvalidElement(
                index,
                path,
                e is NulException ? HasNul
                    : path.Length > 0 ? "has another form or type than it must have"
                    : Missing(e) ?? "has another form than it must have"));
        }
        catch (InvalidOperationException)
        {
            return new(index ?? 0, default, InvalidElement(index, "", NoText));
        }
    }

    // The serializer says that a name is unknown or comes twice, but not which ones there are.
    private static StickyException? FindMisplaced(ReadOnlySpan<byte> json, int? index, JsonTypeInfo type)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json.ToArray());
            return FindMisplaced(document.RootElement, index, type, "");
        }
        catch (InvalidOperationException)
        {
            // A name with half a surrogate pair.
            return InvalidElement(index, "", NoText);
        }
    }

    private static StickyException? FindMisplaced(JsonElement element, int? index, JsonTypeInfo type, string path)
    {
        if (element.ValueKind != JsonValueKind.Object || type.Kind != JsonTypeInfoKind.Object)
        {
            return null;
        }

        HashSet<JsonPropertyInfo> given = [];
        foreach (JsonProperty field in element.EnumerateObject())
        {
            string name = field.Name;
            JsonPropertyInfo? known =
                type.Properties.FirstOrDefault(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (known is null || !given.Add(known))
            {
                string at = $"{path}.{name}";
                string fault = known is null ? "is not a field of" : "comes more than once in";
                string takes = string.Join(", ", type.Properties.Select(property => property.Name));
                string merging = type.Type == typeof(PropertyChange)
                    ? " To merge an object as it is, send it as application/merge-patch+json."
                    : "";
                return new StickyException(
                    known is null ? "UnknownField" : "InvalidElement",
                    StickyErrorKind.InvalidData,
                    $"'{OneLine.Value(at.TrimStart('.'))}' {fault} {Place(index)}.",
                    Place(index),
                    $"{(path.Length == 0 ? "It" : $"'{path.TrimStart('.')}'")} takes: {takes}.{merging}")
                { Field = Field(index, at) };
            }

            JsonTypeInfo of = Options.GetTypeInfo(known.PropertyType);
            if (known.CustomConverter is null
                && FindMisplaced(field.Value, index, of, $"{path}.{known.Name}") is StickyException nested)
            {
                return nested;
            }
        }

        return null;
    }

    // The serializer names what is missing in its message alone: … including: 'device', 'dateTime'.
    private static string? Missing(JsonException error) =>
        error.Message.IndexOf("including: ", StringComparison.Ordinal) is > 0 and int at
            ? $"lacks {error.Message[(at + "including: ".Length)..].Split(". Path")[0].TrimEnd('.')}"
            : null;

    private static StickyException InvalidElement(int? index, string path, string reason) => new(
        "InvalidElement",
        StickyErrorKind.InvalidData,
        $"{(path.Length == 0 ? Place(index) : $"'{path.TrimStart('.')}' of {Place(index)}")} {reason}.",
        Place(index),
        "The OpenAPI description of the request, /openapi/v1.json, says what it takes.")
    { Field = Field(index, path) };

    private static StickyException InvalidJson(int? index, JsonException cause) => new(
        "InvalidJson",
        StickyErrorKind.InvalidData,
        $"There is no JSON in {Place(index)}: {OneLine.Quote(cause)}.",
        Place(index),
        "Send JSON: one object, or, of a batch, one a line or an array of them.",
        cause)
    { Field = Field(index, "") };

    private static string Place(int? index) =>
        index is null ? "the body of the request" : string.Create(CultureInfo.InvariantCulture, $"element {index + 1} of the request");

    private static string? Field(int? index, string path) =>
        index is not null ? string.Create(CultureInfo.InvariantCulture, $"[{index}]{path}") : path.Length > 0 ? path.TrimStart('.') : null;

    // No text that is stored holds one, and some databases can't even look for it.
    private sealed class TextConverter : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType != JsonTokenType.String ? throw new JsonException()
            : reader.GetString() is string text && !text.Contains('\0') ? text
            : throw new NulException();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }

    private sealed class NulException() : JsonException(HasNul);

    private sealed class TimeConverter : JsonConverter<DateTime>
    {
        public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && StickyTime.TryParse(reader.GetString()!, out DateTime time) ? time : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}

/// <summary>An answer that is written as it comes.</summary>
/// <typeparam name="T">The type of its items.</typeparam>
/// <param name="items">The items.</param>
/// <param name="type">How an item is written.</param>
internal sealed class StreamResult<T>(IAsyncEnumerable<T> items, JsonTypeInfo<T> type) : IResult
{
    public Task ExecuteAsync(HttpContext context) => Streaming.WriteAsync(context, items, type);
}
