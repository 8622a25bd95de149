using System.Buffers;

namespace StickyPi.Core.Storage;

/// <summary>Compares an object with a file byte by byte, where no hash tells whether they are the same.</summary>
public static class SameBytes
{
    private const int BufferSize = 128 * 1024;

    /// <summary>Compares them, up to the first byte that differs.</summary>
    /// <param name="stored">The bytes of the object, as many as the file has.</param>
    /// <param name="file">The file.</param>
    /// <param name="size">Its size, in bytes.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>Whether they are the same.</returns>
    public static async ValueTask<bool> AreInAsync(Stream stored, LocalFileReader file, long size, CancellationToken cancellationToken)
    {
        byte[] mine = ArrayPool<byte>.Shared.Rent(BufferSize);
        byte[] theirs = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (long offset = 0; offset < size;)
            {
                int length = (int)Math.Min(BufferSize, size - offset);
                await file.ReadAsync(offset, mine.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
                int read = await stored.ReadAtLeastAsync(theirs.AsMemory(0, length), length, throwOnEndOfStream: false, cancellationToken)
                    .ConfigureAwait(false);
                if (read < length || !mine.AsSpan(0, length).SequenceEqual(theirs.AsSpan(0, length)))
                {
                    return false;
                }

                offset += length;
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(mine);
            ArrayPool<byte>.Shared.Return(theirs);
        }
    }
}
