using System.Diagnostics;
using StickyPi.Core;
using StickyPi.Core.Storage;

namespace StickyPi.Tests;

public class KeyFilterTests
{
    [Theory]
    [InlineData("a/b.jpg", null)]
    [InlineData("a/b.JPG", "not included")]
    [InlineData("a/b.png", "not included")]
    [InlineData("cache/b.jpg", "excluded by '^cache/'")]
    [InlineData("cache/b.png", "excluded by '^cache/'")]
    [InlineData("a/cache/b.jpg", null)]
    [InlineData("a/tmp/b.svg", "excluded by 'tmp'")]
    public void What_is_excluded_wins_and_what_is_not_included_is_out(string key, string? whyNot) =>
        Assert.Equal(whyNot, new KeyFilter([@"\.jpg$", @"\.svg$"], ["^cache/", "tmp"]).WhyNot(key));

    [Fact]
    public void Without_patterns_everything_passes()
    {
        Assert.Null(KeyFilter.All.WhyNot("a/b"));
        Assert.Null(new KeyFilter([], []).WhyNot("a/b"));
        Assert.Null(new KeyFilter(null, ["x"]).WhyNot("a/b"));
        Assert.NotNull(new KeyFilter(["x"], null).WhyNot("a/b"));
    }

    [Theory]
    [InlineData("*.jpg")]
    [InlineData("(")]
    [InlineData("[a")]
    public void A_wildcard_is_refused_with_the_expression_that_it_should_be(string pattern)
    {
        foreach (Action make in (Action[])[() => _ = new KeyFilter([pattern], null), () => _ = new KeyFilter(null, ["a", pattern])])
        {
            StickyException error = Assert.Throws<StickyException>(make);
            Assert.Equal(("InvalidPattern", pattern), (error.ErrorId, error.Target));
            Assert.Contains(@"'\.jpg$'", error.RecommendedAction, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_pattern_that_would_hang_the_run_is_an_error_soon()
    {
        Stopwatch clock = Stopwatch.StartNew();

        StickyException error = Assert.Throws<StickyException>(() => new KeyFilter(["^(a+)+$"], null).WhyNot(new string('a', 40) + "!"));

        Assert.Equal(("PatternTooSlow", "^(a+)+$"), (error.ErrorId, error.Target));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Matching_does_not_depend_on_the_culture_of_the_user()
    {
        System.Globalization.CultureInfo before = System.Globalization.CultureInfo.CurrentCulture;
        try
        {
            System.Globalization.CultureInfo.CurrentCulture = new System.Globalization.CultureInfo("tr-TR");
            Assert.Null(new KeyFilter(["(?i)FILE"], null).WhyNot("file"));
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentCulture = before;
        }
    }
}
