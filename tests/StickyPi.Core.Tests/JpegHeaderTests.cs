using StickyPi.Core.Images;

namespace StickyPi.Tests;

public class JpegHeaderTests
{
    private static readonly byte[] Picture = Pictures.Camera.Draw(64, 48, seed: 3);

    [Fact]
    public void The_size_is_read_without_decoding() => Assert.Equal(new JpegHeader(64, 48), JpegHeader.Read(Picture));

    [Fact]
    public void Bytes_after_the_end_are_no_damage() => Assert.Equal(64, JpegHeader.Read([.. Picture, 0, 0, 0, 0]).Width);

    [Fact]
    public void A_picture_that_is_cut_short_anywhere_is_refused()
    {
        for (int length = 0; length < Picture.Length - 1; length++)
        {
            _ = Assert.Throws<InvalidDataException>(() => JpegHeader.Read(Picture.AsSpan(0, length)));
        }
    }

    [Theory]
    [InlineData(10_000, 10_000, "megapixels")]
    [InlineData(65_535, 65_535, "megapixels")]
    [InlineData(0, 48, "0×48")]
    public void A_picture_that_claims_an_impossible_size_is_refused(int width, int height, string reason)
    {
        byte[] bomb = WithSize(Picture, width, height);

        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => JpegHeader.Read(bomb)).Message, StringComparison.Ordinal);
    }

    private static byte[] WithSize(byte[] jpeg, int width, int height)
    {
        byte[] changed = [.. jpeg];
        int frame = changed.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0, 0x00, 0x11]);
        changed[frame + 5] = (byte)(height >> 8);
        changed[frame + 6] = (byte)height;
        changed[frame + 7] = (byte)(width >> 8);
        changed[frame + 8] = (byte)width;
        return changed;
    }
}
