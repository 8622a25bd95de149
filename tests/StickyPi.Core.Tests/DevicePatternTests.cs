using StickyPi.Core.Images;

namespace StickyPi.Tests;

public class DevicePatternTests
{
    [Theory]
    [InlineData("5c173ff2", true)]
    [InlineData("5C173FF2", true)]
    [InlineData("5c17*", true)]
    [InlineData("5c17%", true)]
    [InlineData("?c173ff2", true)]
    [InlineData("_c173ff2", true)]
    [InlineData("%ff_", true)]
    [InlineData("*", true)]
    [InlineData("5c173ff", false)]
    [InlineData("c17*", false)]
    [InlineData("5c[1]73ff2", false)]
    [InlineData(@"5c173ff\2", false)]
    [InlineData("' OR 1=1 --", false)]
    [InlineData("<c173ff2", false)]
    public void A_pattern_is_like_and_wildcards_without_case(string pattern, bool matches) =>
        Assert.Equal(matches, DevicePattern.Matches("5c173ff2", [pattern]));

    [Fact]
    public void One_of_several_is_enough_and_none_means_all()
    {
        Assert.True(DevicePattern.Matches("5c173ff2", ["0a*", "5c*"]));
        Assert.True(DevicePattern.Matches("5c173ff2", []));
        Assert.False(DevicePattern.Matches("5c173ff2", ["0a*", "1b*"]));
    }
}
