using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StickyPi.Server.V1;

namespace StickyPi.Server.Existing;

/// <summary>Writes the lists that the existing API answers with.</summary>
internal static class ExistingAnswers
{
    private const int FlushSize = 64 * 1024;

    // Flask ends its answers so.
    private static ReadOnlySpan<byte> NewLine => "\n"u8;

    /// <summary>Answers with one value.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="value">The value.</param>
    /// <param name="type">How it becomes JSON.</param>
    /// <returns>A task that ends when it is written.</returns>
    public static async Task WriteAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/json";
        await using (Utf8JsonWriter writer = new(context.Response.BodyWriter))
        {
            JsonSerializer.Serialize(writer, value, type);
        }

        context.Response.BodyWriter.Write(NewLine);
        _ = await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>
    /// Answers with a list, row by row. What fails while all that there is still fits into memory has a status of its own; later the connection
    /// breaks, so that nobody takes a part for the whole: the existing client knows no rows that tell of errors.
    /// </summary>
    /// <typeparam name="T">The type of the rows.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="type">How they become JSON.</param>
    /// <returns>A task that ends when all is written.</returns>
    public static Task WriteListAsync<T>(HttpContext context, IAsyncEnumerable<T> rows, JsonTypeInfo<T> type) =>
        WriteListAsync(context, rows, (writer, row) => JsonSerializer.Serialize(writer, row, type));

    /// <summary>Answers with a list, row by row, likewise.</summary>
    /// <typeparam name="T">The type of the rows.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="write">Writes one of them.</param>
    /// <returns>A task that ends when all is written.</returns>
    public static async Task WriteListAsync<T>(HttpContext context, IAsyncEnumerable<T> rows, Action<Utf8JsonWriter, T> write)
    {
        context.Response.ContentType = "application/json";

        // Not the buffer of the answer: what is in there goes out, also in front of an error.
        ArrayBufferWriter<byte> waiting = new();
        await using Utf8JsonWriter writer = new(waiting);
        writer.WriteStartArray();
        await foreach (T row in rows.WithCancellation(context.RequestAborted))
        {
            write(writer, row);
            if (writer.BytesPending + waiting.WrittenCount > FlushSize)
            {
                await SendAsync(context, writer, waiting);

                // A fast reader must not keep this thread from all other requests.
                await Task.Yield();
            }
        }

        writer.WriteEndArray();
        await SendAsync(context, writer, waiting);
        context.Response.BodyWriter.Write(NewLine);
        _ = await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static async Task SendAsync(HttpContext context, Utf8JsonWriter writer, ArrayBufferWriter<byte> waiting)
    {
        writer.Flush();
        context.Response.BodyWriter.Write(waiting.WrittenSpan);
        await Streaming.SendAsync(context, context.Response.BodyWriter, context.RequestAborted);
        waiting.ResetWrittenCount();
    }
}
