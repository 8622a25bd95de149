using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StickyPi.Core.Remote.Api;

namespace StickyPi.Core.Remote;

/// <summary>Reads answers that are a JSON object a line, one by one as they come.</summary>
internal static class ApiLines
{
    /// <summary>The media type of such answers, and of such bodies.</summary>
    public const string MediaType = "application/x-ndjson";

    private static ReadOnlySpan<byte> Failure => "{\"error\":"u8;

    /// <summary>Reads the lines.</summary>
    /// <typeparam name="T">What they hold.</typeparam>
    /// <param name="answer">The body of the answer, which is disposed of.</param>
    /// <param name="type">How that is read.</param>
    /// <param name="server">The address of the server, for errors.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>What the lines hold.</returns>
    /// <exception cref="StickyException">The server broke off, with what it said; <c>NotAStickyPiServer</c>: these are no such lines.</exception>
    public static async IAsyncEnumerable<T> ReadAsync<T>(
        Stream answer, JsonTypeInfo<T> type, Uri server, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        PipeReader reader = PipeReader.Create(answer, new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        await using ConfiguredAsyncDisposable closing = answer.ConfigureAwait(false);
        while (true)
        {
            ReadResult result = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> rest = result.Buffer;
            while (TryCut(ref rest, result.IsCompleted, out ReadOnlySequence<byte> line))
            {
                if (line.Length > 0 && Read(line, type, server) is T item)
                {
                    yield return item;
                }
            }

            reader.AdvanceTo(rest.Start, rest.End);
            if (result.IsCompleted)
            {
                break;
            }
        }
    }

    private static bool TryCut(ref ReadOnlySequence<byte> rest, bool isLast, out ReadOnlySequence<byte> line)
    {
        if (rest.PositionOf((byte)'\n') is SequencePosition end)
        {
            line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
            return true;
        }

        line = rest;
        bool isLine = isLast && !rest.IsEmpty;
        rest = isLine ? rest.Slice(rest.End) : rest;
        return isLine;
    }

    private static T? Read<T>(ReadOnlySequence<byte> line, JsonTypeInfo<T> type, Uri server)
        where T : class
    {
        try
        {
            Utf8JsonReader reader = new(line);
            ReadOnlySpan<byte> start = line.FirstSpan.Length >= Failure.Length ? line.FirstSpan : line.Slice(0, Math.Min(line.Length, Failure.Length)).ToArray();
            if (start.StartsWith(Failure) && ReadFailure(line) is StickyException failure)
            {
                throw failure;
            }

            return JsonSerializer.Deserialize(ref reader, type) is T item ? AnswerRules.Check(item, server) : null;
        }
        catch (JsonException e)
        {
            throw RemoteErrors.NotAServer(server, "what it answers is not what was asked for", e);
        }
    }

    // Where a whole answer fails in its middle, its last line says so, with a status: the errors of single items have none.
    private static StickyException? ReadFailure(ReadOnlySequence<byte> line)
    {
        Utf8JsonReader reader = new(line);
        ApiError? error = JsonSerializer.Deserialize(ref reader, ApiJson.Default.ApiOutcomeStickyUser)?.Error;
        return error is { Status: not 0 } ? error.ToException() : null;
    }
}
