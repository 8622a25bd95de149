using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Net.Http.Headers;
using StickyPi.Core;
using StickyPi.Core.Remote.Api;
using StickyPi.Server.Access;

namespace StickyPi.Server.V1;

/// <summary>
/// Writes items as they come, without holding more than a few: as lines (NDJSON), or as the elements of a JSON array. Whoever reads slowly
/// slows down the reading of the store; whoever goes away ends it.
/// </summary>
internal static class Streaming
{
    /// <summary>The media type of lines of JSON.</summary>
    public const string Lines = "application/x-ndjson";

    private const int FlushSize = 32 * 1024;

    private static readonly JsonWriterOptions WriterOptions = new() { SkipValidation = true };

    /// <summary>Whether the answer is wanted as lines.</summary>
    public static bool WantsLines(HttpContext context) =>
        context.Request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals(Lines, StringComparison.OrdinalIgnoreCase) && type.Quality != 0);

    /// <summary>Writes items as the request wants them.</summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="items">The items.</param>
    /// <param name="type">How they are written.</param>
    /// <returns>A task that ends when all are.</returns>
    public static async Task WriteAsync<T>(HttpContext context, IAsyncEnumerable<T> items, JsonTypeInfo<T> type)
    {
        bool asLines = WantsLines(context);
        context.Response.ContentType = asLines ? Lines : "application/json; charset=utf-8";
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        Output output = new(context, asLines);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        IAsyncEnumerator<T> source = items.GetAsyncEnumerator(stop.Token);
        Task<bool>? waiting = null;
        try
        {
            while (true)
            {
                ValueTask<bool> next = source.MoveNextAsync();
                if (!next.IsCompleted)
                {
                    // What is there goes out while the next one is looked for.
                    waiting = next.AsTask();
                    next = new(waiting);
                    await output.FlushAsync(stop.Token);
                }

                if (!await next)
                {
                    break;
                }

                output.Write(source.Current, type);
                if (output.Waiting >= FlushSize)
                {
                    await output.FlushAsync(stop.Token);

                    // A fast reader must not keep this thread from all other requests.
                    await Task.Yield();
                }
            }

            output.End();
        }
        catch (Exception e) when (output.HasBegun && !context.RequestAborted.IsCancellationRequested)
        {
            // The status has gone out, so the last line tells.
            output.Write(new LineError(context.Tell(e) with { RequestId = context.TraceIdentifier }), LineErrorJson.Default.LineError);
            output.End();
        }
        finally
        {
            // An enumerator must not be disposed of while it looks for its next item.
            await stop.CancelAsync();
            await ((Task?)waiting ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await source.DisposeAsync();
        }

        await output.FlushAsync(context.RequestAborted);
    }

    /// <summary>Sends what was written, unless its reader has gone.</summary>
    /// <param name="context">The request.</param>
    /// <param name="body">The body of its answer.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>A task that ends when there is room for more.</returns>
    /// <exception cref="OperationCanceledException">The reader has gone; the request is ended.</exception>
    public static async ValueTask SendAsync(HttpContext context, PipeWriter body, CancellationToken cancellationToken)
    {
        if ((await body.FlushAsync(cancellationToken)).IsCompleted)
        {
            // Of a closed connection each flush ends at once, so that the rest would be written for nobody.
            context.Abort();
            throw new OperationCanceledException("The reader of the answer has gone.", context.RequestAborted);
        }
    }

    private sealed class Output(HttpContext context, bool asLines)
    {
        private readonly PipeWriter _body = context.Response.BodyWriter;
        private readonly Utf8JsonWriter _json = new(context.Response.BodyWriter, WriterOptions);

        public bool HasBegun { get; private set; }

        public long Waiting { get; private set; }

        public void Write<T>(T item, JsonTypeInfo<T> type)
        {
            if (!asLines)
            {
                Write(HasBegun ? ",\n"u8 : "["u8);
            }

            HasBegun = true;
            JsonSerializer.Serialize(_json, item, type);
            _json.Flush();
            Waiting += _json.BytesCommitted;
            _json.Reset();
            if (asLines)
            {
                Write("\n"u8);
            }
        }

        public void End()
        {
            if (!asLines)
            {
                Write(HasBegun ? "]"u8 : "[]"u8);
            }
        }

        public async ValueTask FlushAsync(CancellationToken cancellationToken)
        {
            if (Waiting > 0)
            {
                Waiting = 0;
                await SendAsync(context, _body, cancellationToken);
            }
        }

        private void Write(ReadOnlySpan<byte> bytes)
        {
            _body.Write(bytes);
            Waiting += bytes.Length;
        }
    }
}
