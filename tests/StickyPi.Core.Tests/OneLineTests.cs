using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Storage;

namespace StickyPi.Tests;

/// <summary>What any text looks like in a message of ours.</summary>
public sealed class OneLineTests
{
    [Theory]
    [InlineData("a plain message, with 'quotes' and C:\\data\\new.jpg", "a plain message, with 'quotes' and C:\\data\\new.jpg")]
    [InlineData("Fühler 20 °C – 蛾 🦋 …", "Fühler 20 °C – 蛾 🦋 …")]
    [InlineData("two  blanks in a path", "two  blanks in a path")]
    [InlineData("a\nb\r\nc\td", @"a\nb\r\nc\td")]
    [InlineData("\u001B]0;title\u0007\u001B[2J", @"\u001B]0;title\u0007\u001B[2J")]
    [InlineData("\0 \u007F \u0085 \u009B31m", @"\u0000 \u007F \u0085 \u009B31m")]
    [InlineData("a\u2028b\u2029c", @"a\u2028b\u2029c")]
    [InlineData("a\u202Egpj.exe \u2066b\u2069", @"a\u202Egpj.exe \u2066b\u2069")]
    [InlineData("a\u200Eb\u200Fc\u061Cd", @"a\u200Eb\u200Fc\u061Cd")]
    public void A_message_is_one_line_that_obeys_nobody(string text, string shown) => Assert.Equal(shown, OneLine.Of(text));

    // No attribute can hold them.
    [Fact]
    public void Half_a_surrogate_pair_is_shown_as_what_it_is() => Assert.Equal(@"a\uD83Eb\uDD8B🦋", OneLine.Of("a\uD83Eb\uDD8B🦋"));

    [Theory]
    [InlineData("Permission denied.", "Permission denied")]
    [InlineData("  first line\r\n\r\n    second   line.\n", "first line second line")]
    [InlineData("relation \"x\" does not exist\n\nPOSITION: 15", "relation \"x\" does not exist POSITION: 15")]
    [InlineData("no\u00A0break\u2028here...", "no break here")]
    [InlineData("red: \u001B[31mno", @"red: \u001B[31mno")]
    public void What_others_say_becomes_a_part_of_our_sentence(string text, string quoted) => Assert.Equal(quoted, OneLine.Quote(text));

    [Fact]
    public void Of_a_long_text_its_beginning_and_its_end_are_quoted()
    {
        string quoted = OneLine.Quote($"'{new string('x', 1_000_000)}' is no token. LineNumber: 7.");

        Assert.Equal(OneLine.QuoteLength, quoted.Length);
        Assert.StartsWith("'xxx", quoted, StringComparison.Ordinal);
        Assert.EndsWith("x' is no token. LineNumber: 7", quoted, StringComparison.Ordinal);
        Assert.Contains("x…x", quoted, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_keeps_its_blanks_and_full_stops() => Assert.Equal(@" a  b.\n", OneLine.Value(" a  b.\n"));

    [Fact]
    public void An_exception_that_says_nothing_is_called_by_its_type() =>
        Assert.Equal("IOException", OneLine.Quote(new IOException(" \n")));

    [Fact]
    public void A_message_of_ours_is_quoted_whole()
    {
        string path = $"/{new string('p', 2000)}";
        StickyException error = new("FileNotFound", StickyErrorKind.NotFound, $"'{path}' does not exist.");

        Assert.Equal($"'{path}' does not exist", OneLine.Quote(error));
    }

    [Fact]
    public void A_path_is_the_same_in_what_the_file_system_says_and_in_the_rest_of_the_message()
    {
        string path = Path.Combine(Path.GetTempPath(), $"none  a\nb\u001B[2J/{new string('p', 250)}/{new string('q', 250)}");

        string quoted = OneLine.Quote(Assert.ThrowsAny<IOException>(() => File.OpenRead(path).Dispose()));

        Assert.Contains(OneLine.Of(path), quoted, StringComparison.Ordinal);
        AssertOneLine(quoted);
    }

    [Fact]
    public void No_text_whatever_makes_a_message_of_more_than_a_line()
    {
        Random random = new(12);
        char[] signs = ['a', ' ', '.', '\n', '\r', '\u001B', '\u0090', '\u2029', '\u202E', '\u2067', '\uD83E', '\uDD8B', '\\', '…'];
        for (int i = 0; i < 2000; i++)
        {
            string text = new([.. Enumerable.Range(0, random.Next(0, 700)).Select(_ => signs[random.Next(signs.Length)])]);
            string quote = OneLine.Quote(text);
            AssertOneLine(quote);
            Assert.InRange(quote.Length, 0, OneLine.QuoteLength);
            Assert.Equal(quote.TrimEnd('.', ' '), OneLine.Quote(quote));
            AssertOneLine(OneLine.Value(text));
            string message = OneLine.Of(text);
            AssertOneLine(message);
            Assert.Equal(message, OneLine.Of(message));
            AssertOneLine(OneLine.Of(text, 100));
        }
    }

    [Fact]
    public void An_error_is_one_line_whoever_made_it_and_keeps_its_item_as_it_is()
    {
        const string path = "/media/a\nb\u001B[2J.jpg";
        StickyException error = new("FileNotFound", StickyErrorKind.NotFound, $"'{path}' does not exist.", path, $"Rename '{path}'.");

        Assert.Equal(@"'/media/a\nb\u001B[2J.jpg' does not exist.", error.Message);
        Assert.Equal(@"Rename '/media/a\nb\u001B[2J.jpg'.", error.RecommendedAction);
        Assert.Equal(path, error.Target);
        StickyException endless = new("X", StickyErrorKind.InvalidData, new string('\n', 1_000_000));
        Assert.Equal(OneLine.MaximumLength, endless.Message.Length);
    }

    [Fact]
    public void What_a_server_says_of_itself_is_one_line()
    {
        AssertOneLine(new ServiceError("S3", "Access\r\nDenied", 403, new string('\n', 5000)).ToString());
        ApiError error = JsonSerializer.Deserialize(
            """{"title":"Odd","detail":"a\nb\u001b[2Jc","kind":"InvalidData","recommendedAction":"d\ne"}""", ApiJson.Default.ApiError)!;
        Assert.Equal((@"a\nb\u001B[2Jc", @"d\ne"), (error.Message, error.RecommendedAction));
    }

    [Fact]
    public void What_the_loader_says_of_a_library_that_is_not_there_fits_into_a_sentence()
    {
        DllNotFoundException error = Assert.Throws<DllNotFoundException>(
            () => NativeLibrary.Load(Path.Combine(Path.GetTempPath(), "libnone.so.42")));

        string quoted = OneLine.Quote(error);

        AssertOneLine(quoted);
        Assert.Contains("libnone.so.42", quoted, StringComparison.Ordinal);
        Assert.InRange(quoted.Length, 10, OneLine.QuoteLength);
    }

    [Fact]
    public void A_token_of_10_kB_in_JSON_is_shortened_in_the_error_and_its_place_is_told()
    {
        byte[] json = Encoding.UTF8.GetBytes($"{{\"annotations\": [],\n\"metadata\": t{new string('o', 10_000)}}}");

        StickyException error = AnnotationJson.Read(json, "the input").Error!;

        Assert.Equal("InvalidJson", error.ErrorId);
        AssertOneLine(error.Message);
        Assert.InRange(error.Message.Length, 50, 500);
        Assert.Contains("LineNumber: 1", error.Message, StringComparison.Ordinal);
        _ = Assert.IsType<JsonException>(error.InnerException, exactMatch: false);
    }

    [Fact]
    public void A_pattern_of_a_megabyte_that_is_no_regular_expression_does_not_fill_the_screen()
    {
        StickyException error = Assert.Throws<StickyException>(() => new KeyFilter([$"{new string('\n', 1_000_000)}("], []));

        AssertOneLine(error.Message);
        Assert.InRange(error.Message.Length, 50, 1000);
        Assert.EndsWith("Not enough )'s.", error.Message, StringComparison.Ordinal);
        Assert.Equal(1_000_001, Assert.IsType<string>(error.Target).Length);
    }

    [Theory]
    [InlineData(typeof(StickyException))]
    [InlineData(typeof(Providers.StickyProviders))]
    public void What_exceptions_say_gets_into_messages_as_a_line_only(Type type)
    {
        // These pass on what is a message of ours, ask whether there is one, find a place in it, or hand it to an exception that is quoted in its turn.
        string[] allowed =
        [
            "ApiError.From", "OneLine.Quote", "StickyException.Of", "SyncRun.FailAsync",
            "S3Credentials.CheckFiles", "S3Errors.FromAnswer", "S3Storage.ReadBodyAsync", "S3Storage.SendAsync", "VipsJpegEngine.LastLine", "VipsJpegEngine.Shorten",
        ];

        Assert.Empty(CallSites.Of(type.Assembly, ["Exception"], "get_Message").Except(allowed));
    }

    private static void AssertOneLine(string text)
    {
        Assert.DoesNotContain(
            text, c => char.IsControl(c) || c is '\u061C' or '\u200E' or '\u200F' or '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'));
        Rune rune;
        for (int i = 0; i < text.Length; i += rune.Utf16SequenceLength)
        {
            Assert.True(Rune.TryGetRuneAt(text, i, out rune), "There is half a surrogate pair.");
        }
    }
}
