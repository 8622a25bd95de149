using System.Buffers;
using System.Globalization;
using StickyPi.Core.Storage;

namespace StickyPi.Providers.S3;

/// <summary>Nothing has come or gone on a request for too long.</summary>
/// <param name="message">How long.</param>
internal sealed class StalledException(string message) : IOException(message);

/// <summary>
/// Ends requests on which nothing moves any more. A limit on the whole request would not do: an upload of 8 MiB takes minutes on a slow
/// line that works. So each piece that goes or comes starts the clock anew, and a request that is ended is one that the SDK sends again.
/// </summary>
/// <param name="inner">What makes the requests.</param>
/// <param name="limit">How long nothing may move.</param>
/// <remarks>Answers that the SDK reads by itself are read here, because it does so without looking at any clock or token.</remarks>
internal sealed class StallGuard(HttpMessageHandler inner, TimeSpan limit) : DelegatingHandler(inner)
{
    // The server puts parts together, or copies, before it answers.
    private static readonly TimeSpan LongWork = TimeSpan.FromMinutes(10);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // It would cost every small file another round trip.
        request.Headers.ExpectContinue = false;
        bool isLong = request.Headers.Contains("x-amz-copy-source") || request.Method == HttpMethod.Post;
        TimeSpan most = isLong ? LongWork : limit;
        using CancellationTokenSource stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stall.CancelAfter(most);
        WatchedContent? body = request.Content is null ? null : new WatchedContent(request.Content, stall, most);
        request.Content = body;
        try
        {
            HttpResponseMessage response = await base.SendAsync(request, stall.Token).ConfigureAwait(false);
            try
            {
                if (request.Headers.Range is null || !response.IsSuccessStatusCode)
                {
                    await BufferAsync(response, stall, most).ConfigureAwait(false);
                }

                return response;
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StalledException(string.Create(CultureInfo.InvariantCulture, $"Nothing has come or gone for {most.TotalSeconds:0.#} seconds."));
        }
        finally
        {
            body?.Close();
        }
    }

    // As LoadIntoBufferAsync, but each piece that comes starts the clock anew.
    private static async Task BufferAsync(HttpResponseMessage response, CancellationTokenSource stall, TimeSpan limit)
    {
        const int PieceSize = 32 * 1024;
        HttpContent content = response.Content;
        MemoryStream buffer = new((int)Math.Min(content.Headers.ContentLength ?? 0, ETag.PartSize));
        Stream body = await content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false);
        byte[] piece = ArrayPool<byte>.Shared.Rent(PieceSize);
        try
        {
            int read;
            while ((read = await body.ReadAsync(piece, stall.Token).ConfigureAwait(false)) > 0)
            {
                buffer.Write(piece, 0, read);
                stall.CancelAfter(limit);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        buffer.Position = 0;
        StreamContent whole = new(buffer);
        foreach (KeyValuePair<string, IEnumerable<string>> header in content.Headers)
        {
            _ = whole.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        response.Content = whole;
        content.Dispose();
    }
}
