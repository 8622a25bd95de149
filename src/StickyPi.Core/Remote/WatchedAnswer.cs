using System.Net;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Remote;

/// <summary>The body of an answer: a connection that breaks, or on which nothing comes any more, is an error of the server and none of a file.</summary>
internal sealed class WatchedAnswer : HttpContent
{
    private readonly HttpContent _inner;
    private readonly TimeSpan _limit;
    private readonly Func<Exception, StickyException> _broken;

    public WatchedAnswer(HttpContent inner, TimeSpan limit, Func<Exception, StickyException> broken)
    {
        (_inner, _limit, _broken) = (inner, limit, broken);
        foreach (KeyValuePair<string, IEnumerable<string>> header in inner.Headers)
        {
            _ = Headers.TryAddWithoutValidation(header.Key, header.Value);
        }
    }

    /// <summary>Called at its end, whether it was read or not.</summary>
    public Action? Closed { get; set; }

    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new WatchedStream(await _inner.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), this);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using Stream body = await CreateContentReadStreamAsync(cancellationToken).ConfigureAwait(false);
        await body.CopyToAsync(stream, cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _inner.Headers.ContentLength ?? 0;
        return _inner.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
            Closed?.Invoke();
            Closed = null;
        }

        base.Dispose(disposing);
    }

    private sealed class WatchedStream(Stream stream, WatchedAnswer answer) : ForwardStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            using CancellationTokenSource stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            stall.CancelAfter(answer._limit);
            try
            {
                return await stream.ReadAsync(buffer, stall.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested
                && e is IOException or HttpRequestException or InvalidDataException or OperationCanceledException or ObjectDisposedException)
            {
                throw answer._broken(e);
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                stream.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
