using System.Text;
using QuickStart;
using StickyPi.Core.Images;

namespace StickyPi.Tests;

public class ExifReaderTests
{
    private static readonly byte[] Comment = Encoding.ASCII.GetBytes("v,T\n3.1.0,21.5");

    [Fact]
    public void The_readings_are_found_behind_a_segment_that_another_program_put_before_them()
    {
        byte[] picture = Pictures.Camera.Draw(64, 48, seed: 1);
        byte[] own = SampleCamera.WithExif(picture, "StickyPi", "RP_imx219", Comment);
        foreach (byte[] file in (byte[][])
            [own, SampleCamera.WithExif(own, "Canon", "EOS", "holiday"u8.ToArray()), SampleCamera.WithExif(own, null, "scanner", null), AfterText(own)])
        {
            DeviceReadings readings = DeviceReadings.Parse(Pictures.Providers.Exif.Read(file));
            Assert.Equal(("3.1.0", 21.5), (readings.DeviceVersion, readings.Temperature));
        }

        byte[] first = SampleCamera.WithExif(SampleCamera.WithExif(picture, Pictures.Literal(21.5), "RP_ov5647", null), "Canon", "EOS", Comment);
        Assert.Equal(21.5, DeviceReadings.Parse(Pictures.Providers.Exif.Read(first)).Temperature);

        // Of two cameras that are none of ours, the first is named.
        byte[] foreign = SampleCamera.WithExif(SampleCamera.WithExif(picture, "Nikon", "Z", null), "Canon", "EOS", null);
        Assert.Equal("Canon", Pictures.Providers.Exif.Read(foreign).Make);
    }

    // XMP lies in a segment of the same marker; and a segment may say that it is EXIF, and hold none.
    private static byte[] AfterText(byte[] file)
    {
        byte[] xmp = [0xFF, 0xE1, 0, 33, .. "http://ns.adobe.com/xap/1.0/\0<x"u8];
        byte[] broken = [0xFF, 0xE1, 0, 12, .. "Exif\0\0"u8, 1, 2, 3, 4];
        return [.. file[..2], .. broken, .. xmp[..2], 0, (byte)(xmp.Length - 2), .. xmp[4..], .. file[2..]];
    }
}
