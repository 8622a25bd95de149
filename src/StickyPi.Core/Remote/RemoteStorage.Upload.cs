using System.Buffers;
using System.Net;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Remote;

internal sealed partial class RemoteStorage
{
    private const int TransferBufferSize = 128 * 1024;

    public async ValueTask<StickyStorageItem> UploadAsync(string key, LocalFile file, TransferWindow window, CancellationToken cancellationToken)
    {
        using TransferWindow.Place place = await window.EnterAsync(cancellationToken).ConfigureAwait(false);
        using LocalFileReader reader = LocalFileReader.Open(file);

        // Read twice, so that the server shows nothing that is not the file.
        string etag = await ETag.ComputeAsync(reader.ReadAsync, file.Size, ETag.PartSize, cancellationToken).ConfigureAwait(false);
        long counted = 0;
        StickyStorageItem item = await PutAsync(
            key,
            etag,
            file.ModifiedTime,
            () =>
            {
                window.Count(-Interlocked.Exchange(ref counted, 0));
                return new FileContent(reader, file.Size, count =>
                {
                    _ = Interlocked.Add(ref counted, count);
                    window.Count(count);
                });
            },
            cancellationToken).ConfigureAwait(false);
        reader.ThrowIfChanged();
        return item with { ETag = item.ETag ?? etag };
    }

    /// <summary>A file as the body of a request, read as it is sent.</summary>
    private sealed class FileContent(LocalFileReader reader, long size, Action<long> count) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(size, 1, TransferBufferSize));
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
}
