using System.Buffers;
using System.Net;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Remote;

/// <summary>A file as the body of a request, read as it is sent.</summary>
/// <param name="reader">Reads the file.</param>
/// <param name="size">Its size in bytes.</param>
/// <param name="count">Told of bytes as they are sent.</param>
internal sealed class FileContent(LocalFileReader reader, long size, Action<long> count) : HttpContent
{
    private const int BufferSize = 128 * 1024;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(size, 1, BufferSize));
        try
        {
            for (long offset = 0; offset < size;)
            {
                Memory<byte> piece = buffer.AsMemory(0, (int)Math.Min(buffer.Length, size - offset));
                await reader.ReadAsync(offset, piece, cancellationToken).ConfigureAwait(false);
                await stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
                offset += piece.Length;
                count(piece.Length);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = size;
        return true;
    }
}
