using StickyPi.Core;

namespace StickyPi.Tests;

public class NamePatternTests
{
    [Theory]
    [InlineData("insect", "insect", true)]
    [InlineData("insect", "INSECT", true)]
    [InlineData("insect", "insec", false)]
    [InlineData("insect", "insects", false)]
    [InlineData("insect", "*", true)]
    [InlineData("insect", "i*t", true)]
    [InlineData("insect", "*sec*", true)]
    [InlineData("insect", "*insect*", true)]
    [InlineData("insect", "i*s*s*t", false)]
    [InlineData("insect", "inse?t", true)]
    [InlineData("insect", "insect?", false)]
    [InlineData("insect", "??????", true)]
    [InlineData("insect", "%", false)]
    [InlineData("insect", "insec_", false)]
    [InlineData("insect", "[i]nsect", false)]
    [InlineData("insect", "", false)]
    [InlineData("", "", true)]
    [InlineData("", "*", true)]
    [InlineData("", "?", false)]
    [InlineData("aXbaXc", "a*aXc", true)]
    [InlineData("aaab", "*a?b", true)]
    [InlineData("Käfer", "kÄ*", true)]
    public void Wildcards_are_those_of_powershell_and_everything_else_is_itself(string name, string pattern, bool matches) =>
        Assert.Equal(matches, NamePattern.Matches(name, [pattern]));

    [Theory]
    [InlineData("a*b", "a`*b", true)]
    [InlineData("axb", "a`*b", false)]
    [InlineData("a?b", "a`?b", true)]
    [InlineData("axb", "a`?b", false)]
    [InlineData("a`b", "a``b", true)]
    [InlineData("ab", "`a`b", true)]
    [InlineData("a`", "a`", true)]
    [InlineData("x*", "*`*", true)]
    [InlineData("x", "*`*", false)]
    [InlineData(@"a\*", @"a\*", true)]
    [InlineData(@"a\x", @"a\*", true)]
    public void A_backtick_takes_the_meaning_from_what_follows_it(string name, string pattern, bool matches) =>
        Assert.Equal(matches, NamePattern.Matches(name, [pattern]));

    [Fact]
    public void A_name_matches_one_of_several_patterns_and_no_patterns_match_every_name()
    {
        Assert.True(NamePattern.Matches("insect", ["moth", "ins*"]));
        Assert.False(NamePattern.Matches("insect", ["moth", "fly*"]));
        Assert.True(NamePattern.Matches("insect", []));
    }

    [Fact]
    public void Many_stars_on_a_long_name_end()
    {
        string name = new('a', 5000);
        Assert.False(NamePattern.Matches(name, [string.Concat(Enumerable.Repeat("*a", 500)) + "b"]));
        Assert.True(NamePattern.Matches(name, [string.Concat(Enumerable.Repeat("*a", 500))]));
    }
}
