namespace StickyPi.Tests;

/// <summary>Content that is the same each time, does not compress, and differs from part to part, at the speed of memory.</summary>
public static class RandomBytes
{
    // No part size is a multiple of it.
    private const int Period = (1024 * 1024) + 7;

    public static byte[] Make(int length, int seed = 4711)
    {
        byte[] bytes = new byte[length];
        Span<byte> first = bytes.AsSpan(0, Math.Min(length, Period));
        new Random(seed).NextBytes(first);
        for (int offset = first.Length; offset < length; offset += Period)
        {
            first[..Math.Min(Period, length - offset)].CopyTo(bytes.AsSpan(offset));
        }

        return bytes;
    }
}
