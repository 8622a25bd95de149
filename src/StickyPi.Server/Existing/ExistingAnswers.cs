using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

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

    /// <summary>Answers with a list, row by row. What fails before the first row has been read has a status of its own.</summary>
    /// <typeparam name="T">The type of the rows.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="type">How they become JSON.</param>
    /// <returns>A task that ends when all is written. Where rows fail later, the connection breaks, so that nobody takes a part for the whole.</returns>
    public static async Task WriteListAsync<T>(HttpContext context, IAsyncEnumerable<T> rows, JsonTypeInfo<T> type)
    {
        await using IAsyncEnumerator<T> row = rows.GetAsyncEnumerator(context.RequestAborted);
        bool hasMore = await row.MoveNextAsync();
        context.Response.ContentType = "application/json";
        await using (Utf8JsonWriter writer = new(context.Response.BodyWriter))
        {
            writer.WriteStartArray();
            while (hasMore)
            {
                JsonSerializer.Serialize(writer, row.Current, type);
                if (writer.BytesPending + writer.BytesCommitted > FlushSize)
                {
                    writer.Flush();
                    if (context.Response.BodyWriter.UnflushedBytes > FlushSize)
                    {
                        _ = await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
                    }
                }

                hasMore = await row.MoveNextAsync();
            }

            writer.WriteEndArray();
        }

        context.Response.BodyWriter.Write(NewLine);
        _ = await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
