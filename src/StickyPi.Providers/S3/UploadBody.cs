namespace StickyPi.Providers.S3;

/// <summary>
/// The body of one request, out of a buffer that somebody else lends. It can be rewound and sent again, and counts what goes; after its
/// disposal nothing reads the buffer any more, although a request that was cancelled may still be about to.
/// </summary>
/// <param name="content">The bytes.</param>
/// <param name="count">Told of bytes as they go; negative when they will have to go again. Null: nobody wants to know.</param>
internal sealed class UploadBody(ReadOnlyMemory<byte> content, Action<long>? count) : Stream
{
    private readonly Lock _gate = new();
    private readonly int _length = content.Length;
    private ReadOnlyMemory<byte> _content = content;
    private int _position;
    private bool _disposed;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _length;

    public override long Position
    {
        get => _position;
        set => MoveTo(checked((int)value));
    }

    public override int Read(Span<byte> buffer)
    {
        int length;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            length = Math.Min(buffer.Length, _length - _position);
            _content.Span.Slice(_position, length).CopyTo(buffer);
            _position += length;
        }

        count?.Invoke(length);
        return length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : new(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin)
    {
        Position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => _length + offset,
        };
        return _position;
    }

    /// <summary>Takes back what was counted, because it did not arrive.</summary>
    public void Rewind() => MoveTo(0);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            _disposed = true;
            _content = default;
        }

        base.Dispose(disposing);
    }

    private void MoveTo(int position)
    {
        int moved;
        lock (_gate)
        {
            moved = position - _position;
            _position = position;
        }

        if (moved != 0)
        {
            count?.Invoke(moved);
        }
    }
}
