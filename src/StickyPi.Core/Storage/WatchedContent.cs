using System.Net;

namespace StickyPi.Core.Storage;

/// <summary>The body of a request on which something must move: each piece that goes starts the clock anew.</summary>
/// <remarks>A limit on the whole request would not do: an upload of 8 MiB takes minutes on a slow line that works.</remarks>
internal sealed class WatchedContent : HttpContent
{
    // What the system has taken and not yet sent: a few megabytes at most, at the slowest speed that counts as a line.
    private const long UnsentAtMost = 4 * 1024 * 1024;
    private const long SlowestPerSecond = 32 * 1024;

    private readonly HttpContent _inner;
    private readonly CancellationTokenSource _stall;
    private readonly TimeSpan _limit;
    private volatile bool _closed;

    public WatchedContent(HttpContent inner, CancellationTokenSource stall, TimeSpan limit)
    {
        _inner = inner;
        _stall = stall;
        _limit = limit;
        foreach (KeyValuePair<string, IEnumerable<string>> header in inner.Headers)
        {
            _ = Headers.TryAddWithoutValidation(header.Key, header.Value);
        }
    }

    // A request that was given up must not read from a body that is already sent again.
    public void Close() => _closed = true;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await _inner.CopyToAsync(new WatchedStream(stream, this), context, cancellationToken).ConfigureAwait(false);
        Moved(TimeSpan.FromSeconds((double)Math.Min(_inner.Headers.ContentLength ?? 0, UnsentAtMost) / SlowestPerSecond));
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
        }

        base.Dispose(disposing);
    }

    private void Moved(TimeSpan more = default)
    {
        if (_closed)
        {
            throw new IOException("The request was given up.");
        }

        try
        {
            _stall.CancelAfter(_limit + more);
        }
        catch (ObjectDisposedException e)
        {
            throw new IOException("The request was given up.", e);
        }
    }

    private sealed class WatchedStream(Stream stream, WatchedContent content) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            content.Moved();
            await stream.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
            content.Moved();
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task FlushAsync(CancellationToken cancellationToken) => stream.FlushAsync(cancellationToken);

        public override void Flush() => stream.Flush();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
