using System.Buffers.Binary;

namespace StickyPi.Core.Images;

/// <summary>
/// What the marker segments of a JPEG file say (ITU-T T.81, annex B): its size, and whether the file ends where it should.
/// Reading it decodes nothing, so it is safe on untrusted files and needs no native library.
/// </summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
public readonly record struct JpegHeader(int Width, int Height)
{
    /// <summary>The most pixels that a picture may have: the largest camera made for a Raspberry Pi takes 64 megapixels.</summary>
    public const long MaximumPixels = 9248L * 6944;

    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;

    /// <summary>Reads the header of a JPEG file.</summary>
    /// <param name="jpeg">The whole file.</param>
    /// <returns>Its header.</returns>
    /// <exception cref="InvalidDataException">The bytes are no JPEG file, are cut short, or claim more pixels than allowed.</exception>
    public static JpegHeader Read(ReadOnlySpan<byte> jpeg)
    {
        if (jpeg.IsEmpty)
        {
            throw new InvalidDataException("the file is empty");
        }

        if (jpeg.Length < 4 || jpeg[0] != 0xFF || jpeg[1] != StartOfImage)
        {
            throw new InvalidDataException("the file does not start as a JPEG file does");
        }

        JpegHeader? header = null;
        int position = 2;
        while (true)
        {
            byte marker = ReadMarker(jpeg, ref position);
            if (marker == EndOfImage)
            {
                throw new InvalidDataException("the JPEG file ends before its picture begins");
            }

            ReadOnlySpan<byte> segment = ReadSegment(jpeg, ref position);
            if (IsStartOfFrame(marker))
            {
                header = ReadFrame(segment);
            }
            else if (marker == StartOfScan)
            {
                break;
            }
        }

        if (header is null)
        {
            throw new InvalidDataException("the JPEG file does not say its size");
        }

        // Inside a scan 0xFF is always followed by 0x00 or a restart marker, so the last FF D9 after its start is the end of the image.
        if (jpeg[position..].LastIndexOf([(byte)0xFF, EndOfImage]) < 0)
        {
            throw new InvalidDataException("the JPEG file is cut short: it has no end-of-image marker");
        }

        return header.Value;
    }

    private static byte ReadMarker(ReadOnlySpan<byte> jpeg, ref int position)
    {
        if (position < jpeg.Length && jpeg[position] != 0xFF)
        {
            throw new InvalidDataException($"the JPEG file is damaged: byte {position} should start a marker");
        }

        while (position < jpeg.Length && jpeg[position] == 0xFF)
        {
            position++;
        }

        return position < jpeg.Length ? jpeg[position++] : throw CutShort();
    }

    private static ReadOnlySpan<byte> ReadSegment(ReadOnlySpan<byte> jpeg, ref int position)
    {
        if (position + 2 > jpeg.Length)
        {
            throw CutShort();
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(jpeg[position..]);
        if (length < 2 || position + length > jpeg.Length)
        {
            throw CutShort();
        }

        ReadOnlySpan<byte> segment = jpeg.Slice(position + 2, length - 2);
        position += length;
        return segment;
    }

    private static JpegHeader ReadFrame(ReadOnlySpan<byte> segment)
    {
        if (segment.Length < 6)
        {
            throw CutShort();
        }

        int height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]);
        int width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
        if (width == 0 || height == 0)
        {
            throw new InvalidDataException($"the JPEG file says that it is {width}×{height} pixels large");
        }

        if ((long)width * height > MaximumPixels)
        {
            throw new InvalidDataException(
                $"the JPEG file says that it is {width}×{height} pixels large, more than the {MaximumPixels / 1_000_000} megapixels of any Sticky Pi camera");
        }

        return new JpegHeader(width, height);
    }

    // C4, C8 and CC lie in the same range but are tables and an extension, not frames.
    private static bool IsStartOfFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not 0xC4 and not 0xC8 and not 0xCC;

    private static InvalidDataException CutShort() => new("the JPEG file is cut short in its header");
}
