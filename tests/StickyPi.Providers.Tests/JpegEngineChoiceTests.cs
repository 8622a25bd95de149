using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.Providers.Jpeg;

namespace StickyPi.Tests;

/// <summary>Which JPEG engine is taken, and how alike their thumbnails are.</summary>
public class JpegEngineChoiceTests
{
    private static readonly IJpegEngine Libvips = new Providers.StickyProviders("libvips").Jpeg;
    private static readonly IJpegEngine Managed = new Providers.StickyProviders("managed").Jpeg;
    private static readonly StickyException Fault = new("JpegEngineMissing", StickyErrorKind.ComponentMissing, "libvips cannot be loaded: no such file");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Libvips_is_taken_where_it_loads_and_the_managed_engine_where_it_does_not(string? name)
    {
        Assert.StartsWith("libvips ", new ChosenJpegEngine(() => name, () => null).Describe(), StringComparison.Ordinal);

        ChosenJpegEngine fallback = new(() => name, () => Fault);
        Assert.Equal("the managed engine (ImageSharp 2.1.13), because libvips cannot be loaded: no such file", fallback.Describe());
        Assert.Equal(96, JpegHeader.Read(fallback.CreateThumbnails(Pictures.Camera.Draw(640, 480, 1), new JpegHeader(640, 480), default).ThumbnailMini).Height);
    }

    [Fact]
    public void An_engine_that_was_asked_for_is_taken_or_none()
    {
        Assert.Equal("the managed engine (ImageSharp 2.1.13), which was asked for", new ChosenJpegEngine(() => "managed", () => null).Describe());

        ChosenJpegEngine missing = new(() => "libvips", () => Fault);
        Assert.Same(Fault, Assert.Throws<StickyException>(missing.Describe));
        Assert.Same(Fault, Assert.Throws<StickyException>(() => missing.Encode(new byte[3], 1, 1, 75)));
    }

    [Theory]
    [InlineData("Managed")]
    [InlineData("vips")]
    public void Another_name_is_an_error_that_lists_those_that_there_are(string name)
    {
        StickyException error = Assert.Throws<StickyException>(new ChosenJpegEngine(() => name, () => null).Describe);

        Assert.Equal("InvalidJpegEngine", error.ErrorId);
        Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'libvips' or 'managed'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_engines_make_thumbnails_of_the_same_size()
    {
        Random random = new(1);
        for (int i = 0; i < 40; i++)
        {
            (int width, int height) = (random.Next(1, 3000), random.Next(1, i % 4 == 0 ? 3000 : 300));
            (Thumbnails one, Thumbnails other) = MakeBoth(Pictures.Camera.Draw(width, height, i));

            Assert.Equal(
                (width, height, JpegHeader.Read(one.Thumbnail), JpegHeader.Read(one.ThumbnailMini)),
                (width, height, JpegHeader.Read(other.Thumbnail), JpegHeader.Read(other.ThumbnailMini)));
        }
    }

    [Theory]
    [InlineData(2592, 1944)]
    [InlineData(1944, 2592)]
    [InlineData(1920, 1080)]
    [InlineData(1024, 1024)]
    [InlineData(640, 480)]
    [InlineData(500, 333)]
    public void The_thumbnails_of_both_engines_look_alike(int width, int height) => AssertAlike(Pictures.Camera.Draw(width, height, seed: width));

    [SkippableFact]
    public void The_thumbnails_of_both_engines_look_alike_for_pictures_of_real_traps()
    {
        SampleData.SkipIfAbsent();
        Assert.NotEmpty(SampleData.Pictures);
        Assert.All(SampleData.Pictures, file => AssertAlike(File.ReadAllBytes(file)));
    }

    private static void AssertAlike(byte[] picture)
    {
        (Thumbnails one, Thumbnails other) = MakeBoth(picture);
        Assert.InRange(JpegPixels.Compare(one.Thumbnail, other.Thumbnail), 30, double.PositiveInfinity);
        Assert.InRange(JpegPixels.Compare(one.ThumbnailMini, other.ThumbnailMini), 30, double.PositiveInfinity);
    }

    private static (Thumbnails Libvips, Thumbnails Managed) MakeBoth(byte[] picture)
    {
        JpegHeader header = JpegHeader.Read(picture);
        return (Libvips.CreateThumbnails(picture, header), Managed.CreateThumbnails(picture, header));
    }
}
