using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.Providers.Jpeg;

namespace StickyPi.Tests;

/// <summary>Which JPEG engine is taken, and how alike their thumbnails are.</summary>
public class JpegEngineChoiceTests
{
    private static readonly StickyException Fault = new("JpegEngineMissing", StickyErrorKind.ComponentMissing, "libvips cannot be loaded: no such file");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Libvips_is_taken_where_it_loads_and_the_managed_engine_where_it_does_not(string? name)
    {
        Assert.StartsWith("libvips ", new ChosenJpegEngine(() => name, () => null).Describe(), StringComparison.Ordinal);

        ChosenJpegEngine fallback = new(() => name, () => Fault);
        Assert.Equal("the managed engine (ImageSharp 2.1.13), because libvips cannot be loaded: no such file", fallback.Describe());
        Assert.Equal(96, JpegHeader.Read(fallback.CreateThumbnails(Pictures.Camera.Draw(640, 480, 1), new JpegHeader(640, 480)).ThumbnailMini).Height);
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
    public void Both_engines_make_thumbnails_of_one_size_that_look_alike()
    {
        IJpegEngine libvips = new Providers.StickyProviders("libvips").Jpeg;
        IJpegEngine managed = new Providers.StickyProviders("managed").Jpeg;
        Random random = new(1);
        for (int i = 0; i < 40; i++)
        {
            (int width, int height) = (random.Next(1, 3000), random.Next(1, i % 4 == 0 ? 3000 : 400));
            byte[] picture = Pictures.Camera.Draw(width, height, i);
            JpegHeader header = new(width, height);
            Thumbnails one = libvips.CreateThumbnails(picture, header);
            Thumbnails other = managed.CreateThumbnails(picture, header);

            Assert.True(JpegHeader.Read(one.Thumbnail) == JpegHeader.Read(other.Thumbnail), $"{header}: {JpegHeader.Read(one.Thumbnail)} and {JpegHeader.Read(other.Thumbnail)}");
            Assert.True(JpegHeader.Read(one.ThumbnailMini) == JpegHeader.Read(other.ThumbnailMini), $"{header}: {JpegHeader.Read(one.ThumbnailMini)} and {JpegHeader.Read(other.ThumbnailMini)}");
            Assert.True(JpegPixels.Compare(one.Thumbnail, other.Thumbnail) >= 30, $"{header}: {JpegPixels.Compare(one.Thumbnail, other.Thumbnail)} dB");
            Assert.True(JpegPixels.Compare(one.ThumbnailMini, other.ThumbnailMini) >= 30, $"{header}: {JpegPixels.Compare(one.ThumbnailMini, other.ThumbnailMini)} dB (mini)");
        }
    }
}
