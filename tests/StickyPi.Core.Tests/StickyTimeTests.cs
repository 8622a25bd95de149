using StickyPi.Core;

namespace StickyPi.Tests;

public class StickyTimeTests
{
    private static readonly DateTime Noon = new(2020, 6, 20, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void The_tests_run_under_a_zone_that_is_not_utc() =>
        Assert.NotEqual(TimeSpan.Zero, TimeZoneInfo.Local.GetUtcOffset(Noon));

    [Theory]
    [InlineData("2020-06-20_12-00-00")]
    [InlineData("2020-06-20 12:00:00")]
    [InlineData("2020-06-20T12:00:00")]
    [InlineData("2020-06-20T12:00")]
    [InlineData("2020-06-20T12:00:00Z")]
    [InlineData("2020-06-20T14:00:00+02:00")]
    [InlineData("2020-06-20 12:00:00.000000")]
    [InlineData("2020-06-20T12:00:00.0000000Z")]
    [InlineData("06/20/2020 12:00:00")]
    [InlineData(" 2020-06-20_12-00-00 ")]
    public void Every_accepted_shape_means_the_same_moment(string text)
    {
        Assert.True(StickyTime.TryParse(text, out DateTime time));
        Assert.Equal(Noon, time);
        Assert.Equal(DateTimeKind.Utc, time.Kind);
    }

    [Theory]
    [InlineData("20/06/2020 12:00:00")]
    [InlineData("20.06.2020 12:00:00")]
    [InlineData("yesterday")]
    [InlineData("2020-06-20_12-00-00.jpg")]
    [InlineData("")]
    public void What_could_mean_another_day_elsewhere_is_refused(string text) => Assert.False(StickyTime.TryParse(text, out _));

    [Fact]
    public void A_time_without_a_kind_means_utc_and_a_local_one_is_converted()
    {
        Assert.Equal(Noon, StickyTime.ToUtc(new DateTime(2020, 6, 20, 12, 0, 0)));
        Assert.Equal(DateTimeKind.Utc, StickyTime.ToUtc(new DateTime(2020, 6, 20, 12, 0, 0)).Kind);
        Assert.Equal(Noon, StickyTime.ToUtc(Noon.ToLocalTime()));
    }
}
