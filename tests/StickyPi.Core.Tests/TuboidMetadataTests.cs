using System.Globalization;
using System.Text;
using StickyPi.Core;
using StickyPi.Core.Tuboids;

namespace StickyPi.Tests;

public class TuboidMetadataTests
{
    private const string First = "08038ade.2020-07-08_22-16-46,854.248847,185.418994,2.333333";
    private const string Second = "08038ade.2020-07-08_22-35-31,853.954529,184.329913,2.240000";

    [Theory]
    [InlineData($"{First}\n{Second}\n")]
    [InlineData($"{First}\r\n{Second}\r\n")]
    [InlineData($"{First}\n{Second}")]
    [InlineData($"{First}\n{Second}\n\n \n")]
    [InlineData($"\uFEFF{First}\n{Second}\n")]
    public void Each_line_is_a_shot_however_lines_end(string text)
    {
        TuboidMetadata metadata = Parse(text);

        Assert.Equal(2, metadata.Shots.Count);
        Assert.Equal(new DateTime(2020, 7, 8, 22, 16, 46, DateTimeKind.Utc), metadata.StartTime);
        Assert.Equal(new DateTime(2020, 7, 8, 22, 35, 31, DateTimeKind.Utc), metadata.EndTime);
        Assert.Equal(new TuboidShot(metadata.StartTime, 854.248847, 185.418994, 2.333333), metadata.Shots[0]);
    }

    [Theory]
    [InlineData("", "no shot")]
    [InlineData("\n\r\n", "no shot")]
    [InlineData($"{First}\n\n{Second}\n", "line 2 is blank")]
    [InlineData($"{First}\n08038ade.2020-07-08_22-35-31,853.9,184.3\n", "line 2 has 3 comma-separated fields")]
    [InlineData($"{First}\n{Second},1\n", "line 2 has more than 4 comma-separated fields")]
    [InlineData("08038ade.2020-07-08_22-35-31,left,184.3,2\n", "line 1 has 'left' where x should be")]
    [InlineData($"{First}\n{First}\n08038ade.2020-07-08_22-35-31,1,NaN,2\n", "line 3 has 'NaN' where y should be")]
    [InlineData("08038ade.2020-07-08_22-35-31,1,2,1e999\n", "line 1 has '1e999' where the scale should be")]
    [InlineData("08038ade.2020-07-08_22-35-31,1,2,\n", "line 1 has '' where the scale should be")]
    [InlineData("08038ade.2020-07-08,1,2,3\n", "line 1 has the time '2020-07-08'")]
    [InlineData("08038ade,1,2,3\n", "line 1 begins with '08038ade'")]
    [InlineData($"{First}\n5c173ff2.2020-07-08_22-35-31,1,2,3\n", "line 2 is of device '5c173ff2'")]
    [InlineData($"{Second}\n{First}\n", "line 2 is of 2020-07-08_22-16-46, before")]
    public void What_is_wrong_is_said_with_its_line(string text, string reason)
    {
        StickyException error = Assert.Throws<StickyException>(() => Parse(text));

        Assert.Equal(("InvalidTuboidMetadata", (object)"/x/metadata.txt"), (error.ErrorId, error.Target));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_do_not_depend_on_the_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal(854.248847, Parse(First).Shots[0].X);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static TuboidMetadata Parse(string text) => TuboidMetadata.Parse(Encoding.UTF8.GetBytes(text), "08038ade", "/x/metadata.txt");
}
