namespace StickyPi.Core.Storage;

/// <summary>
/// The bytes of an object, from any place of it on. A storage beyond a network is asked for them only when they are read, so that telling what
/// there is, or jumping to the last of it, costs nothing.
/// </summary>
/// <param name="storage">The storage.</param>
/// <param name="item">The object as the storage found it.</param>
/// <param name="file">The file of the object, where it lies in a folder; this stream closes it.</param>
internal sealed class StoredObjectStream(IObjectStorage storage, StickyStorageItem item, FileStream? file = null) : Stream
{
    private Stream? _source = file;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => item.Size;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // The answer may have announced the length already: an object that grew meanwhile must not be longer than that.
        int wanted = (int)Math.Min(buffer.Length, item.Size - _position);
        if (wanted <= 0)
        {
            return 0;
        }

        _source ??= await OpenAsync(cancellationToken).ConfigureAwait(false);
        int count = await _source.ReadAsync(buffer[..wanted], cancellationToken).ConfigureAwait(false);
        _position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override long Seek(long offset, SeekOrigin origin)
    {
        long target = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => item.Size + offset,
        };
        ArgumentOutOfRangeException.ThrowIfNegative(target, nameof(offset));
        if (target != _position)
        {
            _position = target;
            if (file is not null)
            {
                file.Position = target;
            }
            else
            {
                _source?.Dispose();
                _source = null;
            }
        }

        return target;
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _source?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken) =>
        await storage.OpenReadAsync(item, _position, cancellationToken).ConfigureAwait(false) ?? throw ObjectKey.NotFound(item.Key);
}
