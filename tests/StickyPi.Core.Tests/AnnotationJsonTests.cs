using System.Text;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Images;

namespace StickyPi.Tests;

public class AnnotationJsonTests
{
    private const string Contour = "[[[1, 2]], [[30, 4]], [[5, 60]]]";
    private const string Version = "1598113346-ad2cd78dfaca12821046dfb8994724d5";

    // As in the captured traffic of the existing client.
    private const string Metadata =
        $$"""{"algo_name": "sticky-pi-universal-insect-detector", "algo_version": "{{Version}}", "device": "5c173ff2", "datetime": "2020-06-20_21-33-24", "md5": "9e6e908d9c29d332b511f8d5121857f8"}""";

    private static string Element(string annotation) => $$"""{"annotations": [{{annotation}}], "metadata": {{Metadata}}}""";

    private static string Annotation(string contour = Contour, string rest = """, "name": "insect", "stroke_colour": "#0000ff", "value": 0, "fill_colour": "#ff0000" """) =>
        $$"""{"contour": {{contour}}{{rest}}}""";

    [Fact]
    public async Task An_element_of_the_existing_client_is_read_and_its_json_kept_byte_for_byte()
    {
        string json = Element(Annotation());

        AnnotationElement element = Assert.Single(await ReadAsync($" [ {json} ] ")).Value!;

        Assert.Equal(json, element.Json);
        Assert.Equal(
            ("5c173ff2", new DateTime(2020, 6, 20, 21, 33, 24, DateTimeKind.Utc), "9e6e908d9c29d332b511f8d5121857f8", "sticky-pi-universal-insect-detector", Version, 1),
            (element.Device, element.DateTime, element.Md5, element.AlgoName, element.AlgoVersion, element.ObjectCount));
        AnnotatedObject item = Assert.Single(element.Objects);
        Assert.Equal([new ContourPoint(1, 2), new(30, 4), new(5, 60)], item.Contour);
        Assert.Equal(("insect", 0, "#ff0000", "#0000ff"), (item.Name, item.Value, item.FillColour, item.StrokeColour));
        Assert.Equal((new BoundingBox(1, 2, 30, 59), 837.0), (item.BoundingBox, item.Area));
    }

    [Fact]
    public async Task Elements_come_one_by_one_however_the_bytes_arrive()
    {
        string one = Element(Annotation());
        string big = Element(string.Join(",", Enumerable.Repeat(Annotation(), 2_000)));
        string[] inputs =
        [
            $"[{one},{big},{one}]", $"\uFEFF[{one},\r\n{big} , {one}]\n", $"{one}\n{big}\n{one}", $"[{one}][{big}] {one}",
        ];
        foreach (string input in inputs)
        {
            using TrickleStream stream = new(Encoding.UTF8.GetBytes(input));
            List<Outcome<AnnotationElement>> elements = await AnnotationJson.ReadAsync(stream, "x").ToListAsync();
            Assert.Equal([one, big, one], elements.Select(element => element.Value!.Json));
            Assert.Equal([1, 2_000, 1], elements.Select(element => element.Value!.ObjectCount));
        }
    }

    [Fact]
    public async Task Keys_that_are_not_known_are_kept_and_no_objects_at_all_are_fine()
    {
        string json = $$"""{"x": {"y": [1, {"z": null}]}, "metadata": {"more": [1], {{Metadata[1..]}}, "annotations": []}""";

        AnnotationElement element = Assert.Single(await ReadAsync(json)).Value!;

        Assert.Equal((0, json), (element.ObjectCount, element.Json));
    }

    [Theory]
    [InlineData("[[[1, 2]], [[3, 4]]]", "in object 1, its contour has 2 points, and an outline takes 3")]
    [InlineData("[]", "in object 1, its contour has 0 points")]
    [InlineData("[[1, 2], [3, 4], [5, 6]]", "in object 1, point 1 of its contour is not of the form [[x, y]]")]
    [InlineData("[[[1, 2]], [[3, 4], [5, 6]], [[7, 8]]]", "point 2 of its contour is not of the form")]
    [InlineData("[[[1, 2]], [[3, 4, 5]], [[7, 8]]]", "point 2 of its contour is not of the form")]
    [InlineData("[[[1, 2]], [[3]], [[7, 8]]]", "point 2 of its contour is not of the form")]
    [InlineData("[[[1, 2]], [[3, 4]], [[\"7\", 8]]]", "point 3 of its contour is not of the form")]
    [InlineData("[[[1, 2]], [[3, 4.5]], [[7, 8]]]", "point 2 of its contour is not made of whole numbers")]
    [InlineData("[[[1, 2]], [[3, 99999999999]], [[7, 8]]]", "point 2 of its contour is not made of whole numbers")]
    [InlineData("[[[1, 2]], [[3, 4]], [[5, 6]]]", "in object 1, its contour has no area")]
    [InlineData("[[[1, 2]], [[1, 2]], [[1, 2]]]", "in object 1, its contour has no area")]
    [InlineData("null", "its contour is no array")]
    [InlineData("{}", "its contour is no array")]
    public async Task A_contour_of_another_shape_is_refused_and_the_message_says_where(string contour, string reason) =>
        AssertRefused(await ReadAsync(Element(Annotation(contour))), "InvalidAnnotation", reason);

    [Theory]
    [InlineData(""", "stroke_colour": "#0000ff", "fill_colour": "#ff0000" """, "it has no name")]
    [InlineData(""", "name": "", "stroke_colour": "#0000ff", "fill_colour": "#ff0000" """, "it has no name")]
    [InlineData(""", "name": "\u200b", "stroke_colour": "#0000ff", "fill_colour": "#ff0000" """, "it has no name")]
    [InlineData(""", "name": " \u2060\u3164", "stroke_colour": "#0000ff", "fill_colour": "#ff0000" """, "it has no name")]
    [InlineData(""", "name": 3, "stroke_colour": "#0000ff", "fill_colour": "#ff0000" """, "it has no name")]
    [InlineData(""", "name": "x", "fill_colour": "#ff0000" """, "it has no stroke_colour")]
    [InlineData(""", "name": "x", "stroke_colour": "#0000fg", "fill_colour": "#ff0000" """, "its stroke_colour '#0000fg' is not of the form #rrggbb")]
    [InlineData(""", "name": "x", "stroke_colour": "#0000ff", "fill_colour": "red" """, "its fill_colour 'red' is not of the form #rrggbb")]
    [InlineData(""", "name": "x", "stroke_colour": "#0000ff", "fill_colour": "#f00" """, "its fill_colour '#f00' is not of the form #rrggbb")]
    [InlineData(""", "name": "x", "stroke_colour": "#0000ff", "fill_colour": "#ff0000", "value": 1.5 """, "its value is no whole number")]
    [InlineData(""", "name": "x", "stroke_colour": "#0000ff", "fill_colour": "#ff0000", "value": "1" """, "its value is no whole number")]
    [InlineData(""", "name": "\ud800", "stroke_colour": "#0000ff", "fill_colour": "#ff0000" """, "characters that do not exist")]
    [InlineData(""", "name": "x\u001b[2J", "stroke_colour": "#0000ff", "fill_colour": "#ff0000" """, "its name has control characters")]
    [InlineData(""", "name": "x\u202ey", "stroke_colour": "#0000ff", "fill_colour": "#ff0000" """, "its name has control characters")]
    [InlineData(""", "name": "an\u200bt", "stroke_colour": "#0000ff", "fill_colour": "#ff0000" """, "its name holds the character U+200B, which is not seen")]
    [InlineData(""", "name": "abeille me\u0301le\u0301e", "stroke_colour": "#0000ff", "fill_colour": "#ff0000" """, "Unicode's form NFC")]
    [InlineData(""", "name": "x", "name": "y", "stroke_colour": "#0000ff", "fill_colour": "#ff0000" """, "its name comes twice")]
    [InlineData(""", "name": "x", "stroke_colour": "#0000ff", "stroke_colour": "#0000ff", "fill_colour": "#ff0000" """, "its stroke_colour comes twice")]
    [InlineData(""", "name": "x", "stroke_colour": "#0000ff", "fill_colour": "#ff0000", "contour": [[[1, 2]], [[3, 4]], [[5, 6]]] """, "its contour comes twice")]
    [InlineData(""", "name": "x", "stroke_colour": "#0000ff", "fill_colour": "#ff0000", "value": 1, "value": 2 """, "its value comes twice")]
    public async Task An_object_with_a_wrong_field_is_refused(string rest, string reason) =>
        AssertRefused(await ReadAsync(Element(Annotation(Contour, rest))), "InvalidAnnotation", reason);

    [Theory]
    [InlineData("\"device\": \"5c173ff2\", ", "", "its metadata has no 'device'")]
    [InlineData("5c173ff2", "../../x", "its device '../../x' is not 8 hexadecimal digits")]
    [InlineData("\"5c173ff2\"", "7", "its 'device' is no text")]
    [InlineData("2020-06-20_21-33-24", "2020-06-20T21:33:24", "its datetime '2020-06-20T21:33:24' is no time of the form YYYY-MM-DD_HH-MM-SS")]
    [InlineData("9e6e908d9c29d332b511f8d5121857f8", "9e6e", "its md5 '9e6e' is not 32 hexadecimal digits")]
    [InlineData(Version, "1.0", "its algo_version '1.0' is not of the form timestamp-md5")]
    [InlineData(Version, "ad2cd78dfaca12821046dfb8994724d5-1598113346", "is not of the form timestamp-md5")]
    [InlineData("1598113346-", "15981133461598-", "is not of the form timestamp-md5")]
    [InlineData("universal", "\\u001b[31m", "its algo_name has control characters")]
    [InlineData("universal", "univer\\ufeffsal", "its algo_name holds the character U+FEFF, which is not seen")]
    [InlineData("sticky-pi-universal-insect-detector", " \\u200b", "its algo_name shows nothing")]
    [InlineData("\"device\"", "\"device\": \"08038ade\", \"device\"", "'device' of its metadata comes twice")]
    [InlineData("sticky-pi-universal-insect-detector", "", "its algo_name '' has 0 characters instead of 1 to 64")]
    [InlineData("universal", "a-name-that-goes-on-and-on-until-no-column-can-hold-it", "instead of 1 to 64")]
    public async Task Metadata_that_is_wrong_is_refused(string right, string wrong, string reason) =>
        AssertRefused(await ReadAsync(Element(Annotation()).Replace(right, wrong, StringComparison.Ordinal)), "InvalidAnnotation", reason);

    [Theory]
    [InlineData("{}", "it has no 'annotations'")]
    [InlineData("""{"annotations": [{"id": 1}], "images": [], "categories": []}""", "it is a COCO file, which Import-StickyAnnotation reads")]
    [InlineData("[7]", "Element 1 of 'x' is no valid annotation: it is no object with 'annotations' and 'metadata'")]
    [InlineData("""{"annotations": []}""", "it has no 'metadata'")]
    [InlineData("""{"annotations": {}, "metadata": {}}""", "its 'annotations' is no array")]
    [InlineData("""{"annotations": [], "metadata": []}""", "its 'metadata' is no object")]
    [InlineData("""{"annotations": [7], "metadata": {}}""", "in object 1, it is no object")]
    [InlineData("""{"annotations": [], "annotations": []}""", "its 'annotations' comes twice")]
    public async Task What_is_no_element_is_refused(string json, string reason) => AssertRefused(await ReadAsync(json), "InvalidAnnotation", reason);

    [Fact]
    public async Task A_wrong_element_does_not_keep_the_others_from_being_read()
    {
        string good = Element(Annotation());

        List<Outcome<AnnotationElement>> elements = await ReadAsync($"[{good}, {Element(Annotation("[]"))}, {good}]");

        Assert.Equal([true, false, true], elements.Select(element => element.Succeeded));
        Assert.StartsWith("Element 2 of 'x' is no valid annotation", elements[1].Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("hello", 0)]
    [InlineData("[1, 2", 1)]
    [InlineData("[1, 2, ", 2)]
    [InlineData("{\"annotations\": [", 0)]
    [InlineData("\"half", 0)]
    public async Task Text_that_is_no_json_is_one_error_after_what_came_before(string json, int before)
    {
        List<Outcome<AnnotationElement>> elements = await ReadAsync(json);

        Assert.Equal(before + 1, elements.Count);
        Assert.Equal("InvalidJson", elements[^1].Error!.ErrorId);
    }

    [Fact]
    public async Task The_error_for_broken_json_names_the_line()
    {
        List<Outcome<AnnotationElement>> elements = await ReadAsync($"[\n{Element(Annotation())},\n{{\"annotations\": x}}]");

        Assert.Equal(2, elements.Count);
        Assert.Contains("LineNumber: 2", elements[1].Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_utf8_are_refused_even_where_nobody_looks()
    {
        byte[] json = [.. Encoding.Latin1.GetBytes("""{"note": "é", """), .. Encoding.UTF8.GetBytes(Element(Annotation())[1..])];
        using MemoryStream stream = new(json);

        AssertRefused(await AnnotationJson.ReadAsync(stream, "'x'").ToListAsync(), "InvalidAnnotation", "characters that do not exist");
    }

    [Fact]
    public async Task A_file_that_fails_while_it_is_read_is_one_error_after_what_came_before()
    {
        using FailingStream stream = new(Encoding.UTF8.GetBytes($"[{Element(Annotation())}, "));

        List<Outcome<AnnotationElement>> elements = await AnnotationJson.ReadAsync(stream, "'x'").ToListAsync();

        Assert.True(elements[0].Succeeded);
        Assert.Equal("FileUnreadable", elements[1].Error!.ErrorId);
        Assert.Contains("'x' cannot be read: the card is gone", elements[1].Error!.Message, StringComparison.Ordinal);
        Assert.Equal(2, elements.Count);
    }

    [Theory]
    [InlineData("empty.json", "InvalidJson")]
    [InlineData("missing.json", "FileNotFound")]
    public async Task A_file_that_cannot_be_opened_is_one_error(string name, string errorId)
    {
        using TestFolder folder = new();
        File.WriteAllBytes(folder["empty.json"], []);

        Assert.Equal(errorId, Assert.Single(await AnnotationJson.ReadFileAsync(folder[name]).ToListAsync()).Error!.ErrorId);
    }

    [Fact]
    public void What_is_made_of_objects_is_read_as_the_same_objects()
    {
        AnnotatedObject[] objects =
        [
            new() { Contour = [new(0, 0), new(-3, 5), new(int.MaxValue, int.MinValue)], Name = "\"<&'>\" é 🐞 ", Value = -7, FillColour = "#abcdef", StrokeColour = "#012345" },
            new() { Contour = [new(1, 1), new(1, 1), new(2, 1), new(1, 2)], Value = null },
        ];
        ImageReference image = new("5c173ff2", new DateTime(2020, 6, 20, 21, 33, 24, DateTimeKind.Utc));

        AnnotationElement made = AnnotationJson.Create(image, "9e6e908d9c29d332b511f8d5121857f8", "manual", Version, objects, "here");
        AnnotationElement read = AnnotationJson.Read(made.GetUtf8Json().Span, "there").Value!;

        Assert.Equal(made.GetReference(), read.GetReference());
        Assert.Equal(made.Json, read.Json);
        foreach ((AnnotatedObject expected, AnnotatedObject actual) in objects.Zip(read.Objects))
        {
            Assert.Equal(expected.Contour, actual.Contour);
            Assert.Equal(expected with { Contour = actual.Contour }, actual);
        }
    }

    [Theory]
    [InlineData("1598113346-a", "1598113345-b", 1)]
    [InlineData("999-ffff", "1000-0000", -1)]
    [InlineData("1598113346-b", "1598113346-a", 1)]
    [InlineData("v2", "v1", 1)]
    [InlineData("1-a", "v9", 1)]
    [InlineData("7-x", "7-x", 0)]
    public void The_newer_version_is_the_one_with_the_later_time(string left, string right, int order) =>
        Assert.Equal(order, Math.Sign(AlgorithmVersion.Compare(left, right)));

    private static async Task<List<Outcome<AnnotationElement>>> ReadAsync(string json)
    {
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(json));
        return await AnnotationJson.ReadAsync(stream, "'x'").ToListAsync();
    }

    private static void AssertRefused(List<Outcome<AnnotationElement>> elements, string errorId, string reason)
    {
        StickyException error = Assert.Single(elements).Error!;
        Assert.Equal(errorId, error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.RecommendedAction);
    }

    /// <summary>A card that is pulled out.</summary>
    private sealed class FailingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is int count and > 0 ? count : throw new IOException("the card is gone");
    }

    /// <summary>Hands out a few bytes at a time, as a slow disk or network does.</summary>
    private sealed class TrickleStream(byte[] bytes) : MemoryStream(bytes)
    {
        private int _turn;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 1 + (_turn++ % 997))], cancellationToken);
    }
}
