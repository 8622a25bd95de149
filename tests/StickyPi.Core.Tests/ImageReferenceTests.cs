using StickyPi.Core;
using StickyPi.Core.Images;

namespace StickyPi.Tests;

public class ImageReferenceTests
{
    [Fact]
    public void A_file_name_gives_the_device_and_the_time_in_utc()
    {
        ImageReference reference = ImageReference.Parse("5c173ff2.2020-06-20_21-33-24.jpg");

        Assert.Equal("5c173ff2", reference.Device);
        Assert.Equal(new DateTime(2020, 6, 20, 21, 33, 24), reference.DateTime);
        Assert.Equal(DateTimeKind.Utc, reference.DateTime.Kind);
        Assert.Equal("5c173ff2.2020-06-20_21-33-24.jpg", reference.FileName);
        Assert.Equal("raw_images/5c173ff2/5c173ff2.2020-06-20_21-33-24.jpg.thumbnail-mini", reference.Key(ImageContent.ThumbnailMini));
    }

    [Theory]
    [InlineData("5C173FF2.2020-06-20_21-33-24.JPG")] // as a FAT card may show it
    [InlineData("5c173ff2.2020-06-20_21-33-24.jpg")]
    public void Upper_and_lower_case_name_the_same_picture(string name) =>
        Assert.Equal("5c173ff2", ImageReference.Parse(name).Device);

    [Theory]
    [InlineData("5c173ff2.2020-06-20_21-33-24.jpeg", "extension")]
    [InlineData("5c173ff2.2020-06-20_21-33-24.png", "extension")]
    [InlineData("5c173ff2.2020-06-20_21-33-24.jpg.thumbnail", "4 dot-separated fields")]
    [InlineData("5c173ff2.jpg", "2 dot-separated fields")]
    [InlineData("5c173ff.2020-06-20_21-33-24.jpg", "8 hexadecimal digits")]
    [InlineData("5c173ffg.2020-06-20_21-33-24.jpg", "8 hexadecimal digits")]
    [InlineData("٥c173ff2.2020-06-20_21-33-24.jpg", "8 hexadecimal digits")]
    [InlineData("5c173ff2.2020-06-31_21-33-24.jpg", "YYYY-MM-DD_HH-MM-SS")]
    [InlineData("5c173ff2.2020-06-20 21-33-24.jpg", "YYYY-MM-DD_HH-MM-SS")]
    [InlineData("5c173ff2.2019-10-31_23-59-59.jpg", "before 2019-11-01")]
    [InlineData("", "1 dot-separated fields")]
    public void Any_other_name_is_refused_with_its_reason(string name, string reason)
    {
        StickyException error = Assert.Throws<StickyException>(() => ImageReference.Parse(name));

        Assert.Equal("InvalidFileName", error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.RecommendedAction);
    }

    [Fact]
    public void The_first_moment_of_the_platform_is_valid() =>
        Assert.Equal(StickyTime.Earliest, ImageReference.Parse("5c173ff2.2019-11-01_00-00-00.jpg").DateTime);
}
