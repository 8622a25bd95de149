using NetVips;
using StickyPi.Providers.Jpeg;

namespace StickyPi.Tests;

/// <summary>JPEG files that no Sticky Pi writes, but that a picture which went through another program may be; and files of other formats.</summary>
internal static class OddJpegs
{
    static OddJpegs() => Assert.Null(VipsJpegEngine.Fault); // libvips makes them

    public static byte[] Progressive(int width, int height) => Save(width, height, image => image.JpegsaveBuffer(interlace: true));

    public static byte[] Grey(int width, int height) => Save(width, height, image =>
    {
        using Image grey = image.Colourspace(Enums.Interpretation.Bw);
        return grey.JpegsaveBuffer();
    });

    public static byte[] Cmyk(int width, int height) => Save(width, height, image =>
    {
        using Image cmyk = image.Colourspace(Enums.Interpretation.Cmyk);
        return cmyk.JpegsaveBuffer(keep: Enums.ForeignKeep.None);
    });

    public static byte[] FullColour(int width, int height) => Save(width, height, image => image.JpegsaveBuffer(subsampleMode: Enums.ForeignSubsample.Off));

    /// <summary>With a restart marker after every so many units of 16×16 pixels.</summary>
    public static byte[] WithRestarts(int width, int height, int interval = 7) => Save(width, height, image => image.JpegsaveBuffer(restartInterval: interval));

    /// <summary>With a colour profile, and EXIF that asks for the picture to be turned by a quarter.</summary>
    public static byte[] TurnedWithProfile(int width, int height) => Save(width, height, image =>
    {
        using Image turned = image.Mutate(metadata => metadata.Set(GValue.GIntType, "orientation", 6));
        using Image profiled = turned.IccTransform("p3", inputProfile: "srgb");
        return profiled.JpegsaveBuffer(keep: Enums.ForeignKeep.All);
    });

    public static byte[] Png(int width, int height) => Save(width, height, image => image.PngsaveBuffer());

    public static byte[] Gif(int width, int height) => Save(width, height, image => image.GifsaveBuffer());

    public static byte[] WebP(int width, int height) => Save(width, height, image => image.WebpsaveBuffer());

    public static byte[] Tiff(int width, int height) => Save(width, height, image => image.TiffsaveBuffer());

    private static byte[] Save(int width, int height, Func<Image, byte[]> save)
    {
        using Image image = Image.JpegloadBuffer(Pictures.Camera.Draw(width, height, seed: width));
        return save(image);
    }
}
