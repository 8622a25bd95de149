using System.Buffers.Binary;

namespace StickyPi.Core.Images;

/// <summary>
/// Bounds the work of decoding a JPEG file before it begins. A progressive picture is decoded once for each of its scans, of which a small
/// file may hold hundreds: the size in its header does not tell what it costs.
/// </summary>
internal static class JpegEffort
{
    /// <summary>The most scans of a picture. Programs that make progressive pictures write about ten.</summary>
    public const int MaximumScans = 64;

    /// <summary>The most pixels that all scans may have together. A core decodes as many in about a second.</summary>
    public const long MaximumPixelScans = 1_000_000_000;

    private const byte Marker = 0xFF;
    private const byte Temporary = 0x01;
    private const byte FirstRestart = 0xD0;
    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;

    /// <summary>Counts the scans of a file. Whatever else is wrong with it is left to the decoder.</summary>
    /// <param name="jpeg">The whole file.</param>
    /// <exception cref="InvalidDataException">It would take too long to decode; the message is the end of a sentence.</exception>
    public static void Check(ReadOnlySpan<byte> jpeg)
    {
        long pixels = 0;
        int scans = 0;
        int position = 0;
        while (Find(jpeg, ref position) is byte marker and not EndOfImage)
        {
            if (marker is Temporary or (>= FirstRestart and <= StartOfImage))
            {
                continue;
            }

            // What comes before a cut counts: decoders do that work before they notice it.
            if (position + 2 > jpeg.Length)
            {
                break;
            }

            ReadOnlySpan<byte> segment = jpeg[position..];
            if (IsFrame(marker) && segment.Length >= 7)
            {
                long size = (long)BinaryPrimitives.ReadUInt16BigEndian(segment[3..]) * BinaryPrimitives.ReadUInt16BigEndian(segment[5..]);
                pixels = Math.Max(pixels, size);
            }

            scans += marker == StartOfScan ? 1 : 0;
            position += BinaryPrimitives.ReadUInt16BigEndian(segment);
        }

        if (scans > MaximumScans)
        {
            throw new InvalidDataException(
                FormattableString.Invariant($"the JPEG file has {scans:N0} scans, more than the {MaximumScans} that are decoded"));
        }

        if (scans * pixels > MaximumPixelScans)
        {
            throw new InvalidDataException(FormattableString.Invariant(
                $"the JPEG file has {scans:N0} scans of {pixels / 1_000_000} megapixels, more than the {MaximumPixelScans / 1_000_000:N0} megapixels that are decoded"));
        }
    }

    // The next marker, as decoders find it: what is no marker is passed over, and so is the 0 that follows FF within picture data.
    private static byte? Find(ReadOnlySpan<byte> jpeg, ref int position)
    {
        while (position < jpeg.Length)
        {
            int found = jpeg[position..].IndexOf(Marker);
            if (found < 0)
            {
                break;
            }

            position += found;
            while (position < jpeg.Length && jpeg[position] == Marker)
            {
                position++;
            }

            if (position < jpeg.Length && jpeg[position++] is byte marker and not 0)
            {
                return marker;
            }
        }

        return null;
    }

    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not 0xC4 and not 0xC8 and not 0xCC;
}
