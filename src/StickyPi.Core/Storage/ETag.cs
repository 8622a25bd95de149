using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace StickyPi.Core.Storage;

/// <summary>
/// The entity tag by which S3, and with it the existing Python client, identifies content: the MD5 of an object that was uploaded in one
/// part, in lower-case hexadecimal; of one uploaded in several, the MD5 of their binary MD5s one after the other, then <c>-</c> and
/// their number. So the same bytes have as many ETags as there are part sizes, and a server tells only the number of parts.
/// </summary>
public static class ETag
{
    /// <summary>The size of parts that this product and the existing Python client upload: 8 MiB.</summary>
    public const int PartSize = 8 * 1024 * 1024;

    /// <summary>The most parts that an object can have in S3.</summary>
    public const int MaxParts = 10_000;

    /// <summary>The ETag, and the MD5, of no bytes at all.</summary>
    internal const string OfNothing = "d41d8cd98f00b204e9800998ecf8427e";

    private const int MebiByte = 1024 * 1024;

    // Few parts of a large object may have hundreds of sizes, each of which takes reading all of it.
    private const int LeastCandidates = 4;
    private const long MostSearched = 1024L * MebiByte;

    private const int BufferSize = 128 * 1024;

    // What programs upload with unless told otherwise, the likeliest first: boto and the aws command 8 MiB, rclone and the AWS SDKs 5,
    // s3cmd 15, MinIO's client 16 or 64, others powers of two.
    private static readonly int[] UsualSizes = [8, 5, 16, 15, 64, 32, 10, 128, 100, 25, 50, 256, 512, 1024];

    /// <summary>The size of the parts in which this product uploads a file.</summary>
    /// <param name="size">The size of the file, in bytes.</param>
    /// <returns>
    /// <see cref="PartSize"/>, or a multiple of it where there would be more than <see cref="MaxParts"/>: so ranges of the usual size span
    /// no parts.
    /// </returns>
    public static long PartSizeOf(long size) => PartSize * Math.Max(1, Ceiling(Ceiling(size, PartSize), MaxParts));

    /// <summary>
    /// Whether an object was uploaded in parts of the size that this product makes: it has as many as those would be, and the time of its
    /// file, which
    /// few programs keep. Then another ETag is another content.
    /// </summary>
    /// <param name="item">The object.</param>
    /// <returns>Whether it was; false where its time is not known.</returns>
    public static bool IsOfOurParts(StickyStorageItem item) => item.ModifiedTime is not null && MayBeOfOurParts(item);

    /// <summary>Whether an object, of which nobody has asked for the time yet, has as many parts as this product would make.</summary>
    /// <param name="item">The object.</param>
    /// <returns>Whether it has, and more than one.</returns>
    public static bool MayBeOfOurParts(StickyStorageItem item) =>
        CountParts(item.ETag ?? "") is > 1 and int parts && parts == Ceiling(item.Size, PartSizeOf(item.Size));

    /// <summary>The number of parts that an ETag tells of.</summary>
    /// <param name="etag">The ETag.</param>
    /// <returns>
    /// The number, at most <see cref="MaxParts"/>, 0 for the plain MD5 of an object in one part, or −1 for what is no ETag that content
    /// could be checked against.
    /// </returns>
    public static int CountParts(string etag)
    {
        const int Md5Length = 32;
        if (etag.Length < Md5Length || !etag.AsSpan(0, Md5Length).ToString().All(char.IsAsciiHexDigit))
        {
            return -1;
        }

        return etag.Length == Md5Length ? 0
            : etag[Md5Length] == '-' && int.TryParse(etag.AsSpan(Md5Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int parts) && parts is > 0 and <= MaxParts
                ? parts
                : -1;
    }

    /// <summary>Lists the part sizes that an object of a certain size may have been uploaded with, the likeliest first.</summary>
    /// <param name="size">The size of the object, in bytes.</param>
    /// <param name="parts">The number of its parts, at least 1.</param>
    /// <returns>Sizes in bytes: those that programs use, then every other multiple of 1 MiB and of a million bytes.</returns>
    public static IEnumerable<long> GetPartSizes(long size, int parts)
    {
        if (parts == 1)
        {
            return [Math.Max(size, 1)];
        }

        long smallest = (size + parts - 1) / parts;
        long largest = (size - 1) / (parts - 1);
        return UsualSizes.Select(s => (long)s * MebiByte)
            .Concat(Multiples(MebiByte))
            .Concat(Multiples(1_000_000))
            .Where(s => s >= smallest && s <= largest)
            .Append(smallest)
            .Distinct();

        IEnumerable<long> Multiples(long unit)
        {
            const int MaxMultiples = 256;
            long first = (smallest + unit - 1) / unit;
            for (long i = first; i < first + MaxMultiples && i * unit <= largest; i++)
            {
                yield return i * unit;
            }
        }
    }

    /// <summary>Puts the ETag together from the hashes of parts.</summary>
    /// <param name="partHashes">The binary MD5s of the parts in their order, one after the other, 16 bytes each.</param>
    /// <returns>The ETag of an object uploaded in as many parts.</returns>
    public static string Combine(ReadOnlySpan<byte> partHashes) => string.Create(
        CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(MD5.HashData(partHashes))}-{partHashes.Length / MD5.HashSizeInBytes}");

    /// <summary>Computes the ETag that a file has by the rule of ML bundles: the plain MD5 up to one part, more parts above.</summary>
    /// <param name="read">Fills a buffer from a place of the content; called from several threads at once.</param>
    /// <param name="size">The size of the content, in bytes.</param>
    /// <param name="partSize">The size of a part, in bytes.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The ETag.</returns>
    public static async ValueTask<string> ComputeAsync(
        Func<long, Memory<byte>, CancellationToken, ValueTask> read, long size, long partSize, CancellationToken cancellationToken)
    {
        if (size <= partSize)
        {
            return Convert.ToHexStringLower(await HashAsync(read, 0, size, cancellationToken).ConfigureAwait(false));
        }

        return await ComputePartsAsync(read, size, partSize, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Finds the ETag of content that is made like another one.</summary>
    /// <param name="read">Fills a buffer from a place of the content; called from several threads at once.</param>
    /// <param name="size">The size of the content, in bytes.</param>
    /// <param name="etag">The ETag that an object of the same size has.</param>
    /// <param name="partSize">The part size of that object, where it is known for certain; else null, and the likeliest are tried, within reason.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>
    /// The same ETag if the content is the same; that of the likeliest part size if it is not, or if the object has parts of unusual sizes.
    /// </returns>
    public static async ValueTask<string> ComputeLikeAsync(
        Func<long, Memory<byte>, CancellationToken, ValueTask> read, long size, string etag, long? partSize, CancellationToken cancellationToken)
    {
        int parts = CountParts(etag);
        if (parts < 1)
        {
            return await ComputeAsync(read, size, long.MaxValue, cancellationToken).ConfigureAwait(false);
        }

        string? likeliest = null;
        int most = (int)Math.Max(LeastCandidates, MostSearched / Math.Max(size, 1));
        foreach (long candidate in partSize is long known ? [known] : GetPartSizes(size, parts).Take(most))
        {
            string found = await ComputePartsAsync(read, size, candidate, cancellationToken).ConfigureAwait(false);
            if (found.Equals(etag, StringComparison.OrdinalIgnoreCase))
            {
                return found;
            }

            likeliest ??= found;
        }

        return likeliest!;
    }

    /// <summary>Computes the plain MD5 of a file and its ETag by the rule of ML bundles in one reading.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="size">Its size, in bytes.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>Both.</returns>
    /// <exception cref="EndOfStreamException">The file has become shorter.</exception>
    internal static ValueTask<ContentHashes> ComputeBothAsync(SafeFileHandle file, long size, CancellationToken cancellationToken) =>
        ComputeBothAsync((offset, buffer, stop) => RandomAccess.ReadAsync(file, buffer, offset, stop), size, cancellationToken);

    /// <summary>Computes both of content that is read once, from its beginning to its end.</summary>
    /// <param name="next">Reads some bytes, from a place that is the end of those before.</param>
    /// <param name="size">The size of the content, in bytes.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>Both.</returns>
    /// <exception cref="EndOfStreamException">The content is shorter.</exception>
    public static async ValueTask<ContentHashes> ComputeBothAsync(
        Func<long, Memory<byte>, CancellationToken, ValueTask<int>> next, long size, CancellationToken cancellationToken)
    {
        long partSize = PartSizeOf(size);
        using IncrementalHash whole = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        using IncrementalHash part = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        using MemoryStream parts = new();
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(MebiByte, Math.Max(size, 1)));
        try
        {
            for (long offset = 0; offset < size;)
            {
                long endOfPart = Math.Min(size, (offset / partSize + 1) * partSize);
                Memory<byte> piece = buffer.AsMemory(0, (int)Math.Min(buffer.Length, endOfPart - offset));
                int read = await next(offset, piece, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    throw new EndOfStreamException();
                }

                whole.AppendData(buffer, 0, read);
                offset += read;
                if (size > PartSize)
                {
                    part.AppendData(buffer, 0, read);
                    if (offset == endOfPart)
                    {
                        parts.Write(part.GetHashAndReset());
                    }
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        string md5 = Convert.ToHexStringLower(whole.GetHashAndReset());
        return new ContentHashes(md5, size > PartSize ? Combine(parts.ToArray()) : md5);
    }

    /// <summary>Computes the ETag of content that was uploaded in parts of certain sizes.</summary>
    /// <param name="read">Fills a buffer from a place of the content.</param>
    /// <param name="partSizes">The sizes of the parts in their order, in bytes.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The ETag.</returns>
    public static async ValueTask<string> ComputePartsAsync(
        Func<long, Memory<byte>, CancellationToken, ValueTask> read, IReadOnlyList<long> partSizes, CancellationToken cancellationToken)
    {
        using MemoryStream hashes = new();
        long offset = 0;
        foreach (long size in partSizes)
        {
            hashes.Write(await HashAsync(read, offset, size, cancellationToken).ConfigureAwait(false));
            offset += size;
        }

        return Combine(hashes.ToArray());
    }

    private static long Ceiling(long number, long unit) => (number + unit - 1) / unit;

    private static async ValueTask<string> ComputePartsAsync(
        Func<long, Memory<byte>, CancellationToken, ValueTask> read, long size, long partSize, CancellationToken cancellationToken)
    {
        // Of one file the parts can be hashed at once, which MD5 as such can't.
        int count = (int)Math.Max(1, (size + partSize - 1) / partSize);
        byte[] hashes = new byte[count * MD5.HashSizeInBytes];
        await Parallel.ForAsync(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
            async (part, stop) =>
            {
                long offset = part * partSize;
                byte[] hash = await HashAsync(read, offset, Math.Min(partSize, size - offset), stop).ConfigureAwait(false);
                hash.CopyTo(hashes, part * MD5.HashSizeInBytes);
            }).ConfigureAwait(false);
        return Combine(hashes);
    }

    /// <summary>Hashes a piece of content.</summary>
    /// <param name="read">Fills a buffer from a place of the content.</param>
    /// <param name="offset">Where the piece begins.</param>
    /// <param name="length">How many bytes it has.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>Its binary MD5.</returns>
    internal static async ValueTask<byte[]> HashAsync(
        Func<long, Memory<byte>, CancellationToken, ValueTask> read, long offset, long length, CancellationToken cancellationToken)
    {
        using IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (long end = offset + length; offset < end;)
            {
                Memory<byte> piece = buffer.AsMemory(0, (int)Math.Min(buffer.Length, end - offset));
                await read(offset, piece, cancellationToken).ConfigureAwait(false);
                md5.AppendData(piece.Span);
                offset += piece.Length;
            }

            return md5.GetHashAndReset();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
