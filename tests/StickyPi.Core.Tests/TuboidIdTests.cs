using StickyPi.Core;
using StickyPi.Core.Tuboids;

namespace StickyPi.Tests;

public class TuboidIdTests
{
    private const string Sample =
        "08038ade.2020-07-08_20-00-00.2020-07-09_15-00-00.1606980656-91e2199fccf371d3d690b2856613e8f5.0028";

    [Fact]
    public void An_id_says_its_series_and_its_number()
    {
        TuboidId id = TuboidId.Parse(Sample);

        Assert.Equal(("08038ade", "1606980656-91e2199fccf371d3d690b2856613e8f5", 28), (id.Device, id.AlgoVersion, id.Number));
        Assert.Equal(new DateTime(2020, 7, 8, 20, 0, 0, DateTimeKind.Utc), id.StartTime);
        Assert.Equal(new DateTime(2020, 7, 9, 15, 0, 0, DateTimeKind.Utc), id.EndTime);
        Assert.Equal(DateTimeKind.Utc, id.StartTime.Kind);
        Assert.Equal(Sample[..^5], id.SeriesId);
        Assert.Equal($"tiled_tuboids/{Sample[..^5]}/{Sample}/context.jpg", id.Key(TuboidFile.Context));
    }

    [Theory]
    [InlineData("", "1 dot-separated fields")]
    [InlineData("08038ade.2020-07-08_20-00-00.2020-07-09_15-00-00.0028", "4 dot-separated fields")]
    [InlineData("08038adx.2020-07-08_20-00-00.2020-07-09_15-00-00.v1.0028", "device '08038adx'")]
    [InlineData("08038ade.2020-07-08T20-00-00.2020-07-09_15-00-00.v1.0028", "start '2020-07-08T20-00-00'")]
    [InlineData("08038ade.2020-07-08_20-00-00.2020-02-30_15-00-00.v1.0028", "end '2020-02-30_15-00-00'")]
    [InlineData("08038ade.2020-07-09_20-00-00.2020-07-08_15-00-00.v1.0028", "before its start")]
    [InlineData("08038ade.2020-07-08_20-00-00.2020-07-09_15-00-00..0028", "version ''")]
    [InlineData("08038ade.2020-07-08_20-00-00.2020-07-09_15-00-00.a/b.0028", "version 'a/b'")]
    [InlineData("08038ade.2020-07-08_20-00-00.2020-07-09_15-00-00.ä.0028", "version 'ä'")]
    [InlineData("08038ade.2020-07-08_20-00-00.2020-07-09_15-00-00.v1.28", "number '28'")]
    [InlineData("08038ade.2020-07-08_20-00-00.2020-07-09_15-00-00.v1.٠٠٢٨", "number '٠٠٢٨'")]
    [InlineData("../../../../x", "dot-separated fields")]
    [InlineData("08038ade.2020-07-08_20-00-00.2020-07-09_15-00-00.v12345678901234567890123456789012345678901234567890.0028", "105 characters")]
    public void What_is_no_id_is_refused_with_the_reason(string text, string reason)
    {
        StickyException error = Assert.Throws<StickyException>(() => TuboidId.Parse(text));

        Assert.Equal("InvalidTuboidId", error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.False(TuboidId.TryParse(text, out _));
    }
}
