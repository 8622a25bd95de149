using StickyPi.Core;
using StickyPi.Core.Storage;

namespace StickyPi.Tests;

public class ObjectKeyTests
{
    [Theory]
    [InlineData("a/b.txt", "a/b.txt")]
    [InlineData("./x.txt", "x.txt")]
    [InlineData("/lead.txt", "lead.txt")]
    [InlineData("a//./b.txt", "a/b.txt")]
    [InlineData("a/b/../z.txt", "a/z.txt")]
    [InlineData("..a/.b", "..a/.b")]
    [InlineData("../x", null)]
    [InlineData("a/../../x", null)]
    [InlineData("a/..", null)]
    [InlineData("a/", null)]
    [InlineData(".", null)]
    [InlineData("/", null)]
    public void The_file_of_an_object_lies_below_the_folder_or_there_is_none(string key, string? file) => Assert.Equal(file, ObjectKey.ToFileKey(key));

    [Fact]
    public void A_key_that_is_typed_has_its_accents_on_its_letters()
    {
        Assert.Equal("caf\u00e9", ObjectKey.Parse("cafe\u0301"));
        string half = $"half {(char)0xd83e}";
        Assert.Equal(half, ObjectKey.Parse(half));
    }

    [Theory]
    [InlineData("a/b", "a/b")]
    [InlineData(@"a\b", "a/b")]
    [InlineData(@".\a\b\", "a/b")]
    [InlineData("/a/b/", "a/b")]
    [InlineData("./a", "a")]
    [InlineData("././/a", "a")]
    [InlineData(".", "")]
    [InlineData("./", "")]
    [InlineData("/", "")]
    [InlineData("", "")]
    [InlineData("...", "...")]
    [InlineData("..a/b..", "..a/b..")]
    [InlineData(" a b ", " a b ")]
    [InlineData("100%/a+b#é", "100%/a+b#é")]
    public void A_path_becomes_a_key(string path, string key) => Assert.Equal(key, ObjectKey.Parse(path));

    [Theory]
    [InlineData("..")]
    [InlineData("../a")]
    [InlineData("a/../b")]
    [InlineData(@"a\..\b")]
    [InlineData(@"..\a")]
    [InlineData("./../a")]
    [InlineData("a/..")]
    [InlineData("a//b")]
    [InlineData("a/./b")]
    [InlineData("a\tb")]
    [InlineData("a\u0000")]
    [InlineData("a\u0085b")]
    public void A_path_that_leads_out_or_is_none_is_refused(string path)
    {
        StickyException error = Assert.Throws<StickyException>(() => ObjectKey.Parse(path));

        Assert.Equal(("InvalidKey", StickyErrorKind.InvalidData, path), (error.ErrorId, error.Kind, error.Target));
        Assert.NotNull(error.RecommendedAction);
    }

    [Fact]
    public void A_key_may_have_1024_bytes_of_utf8_and_no_more()
    {
        Assert.True(ObjectKey.IsValid(new string('x', 1024)));
        Assert.False(ObjectKey.IsValid(new string('x', 1025)));
        Assert.True(ObjectKey.IsValid(new string('ü', 512)));
        Assert.False(ObjectKey.IsValid(new string('ü', 513)));
        Assert.False(ObjectKey.IsValid(""));
    }

    [Theory]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b/c", "a/b", true)]
    [InlineData("a/bc", "a/b", false)]
    [InlineData("a", "a/b", false)]
    [InlineData("A/b", "a/b", false)]
    [InlineData("x/a/b", "a/b", false)]
    [InlineData("a/b", "", true)]
    public void A_prefix_ends_where_a_name_ends(string key, string prefix, bool under) => Assert.Equal(under, ObjectKey.IsUnder(key, prefix));

    [Theory]
    [InlineData("a", "b", "a/b")]
    [InlineData("", "b", "b")]
    [InlineData("a", "", "a")]
    [InlineData("", "", "")]
    public void A_prefix_and_a_key_make_a_key(string prefix, string key, string whole) => Assert.Equal(whole, ObjectKey.Combine(prefix, key));

    [Theory]
    [InlineData("a/what?")]
    [InlineData("a:b/c")]
    [InlineData("con")]
    [InlineData("a/Aux.txt/b")]
    [InlineData("com1.log")]
    [InlineData("trailing.")]
    [InlineData("trailing /a")]
    public void A_name_that_only_Windows_refuses_is_refused_on_Windows(string key)
    {
        Assert.True(ObjectKey.IsValid(key));
        Assert.Equal(OperatingSystem.IsWindows(), ObjectKey.WhyNotAFile(key) is not null);
    }

    [Fact]
    public void A_name_that_leads_out_is_no_file_anywhere()
    {
        Assert.Null(ObjectKey.WhyNotAFile("a/b.txt"));
        Assert.NotNull(ObjectKey.WhyNotAFile("a/../../b.txt"));
        Assert.NotNull(ObjectKey.WhyNotAFile("a//b.txt"));
    }
}
