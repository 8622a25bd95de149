using System.Text.Json;
using System.Text.Json.Nodes;
using StickyPi.Core.Images;

namespace StickyPi.Tests;

/// <summary>Annotations over <c>/v1</c>.</summary>
public sealed class V1AnnotationTests : V1Test
{
    private const string Device = "5c173ff2";
    private const string Version = "1598113346-ad2cd78dfaca12821046dfb8994724d5";

    private string[] _md5 = [];

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        List<string> md5 = [];
        foreach (string path in Pictures.WriteSeries(Folder.Path, Device, 3))
        {
            md5.Add((string)(await Writer.SendImageAsync(path).ReadNodeAsync(201))["image"]!["md5"]!);
        }

        _md5 = [.. md5];
    }

    [Fact]
    public async Task An_annotation_comes_back_as_the_very_text_that_was_sent()
    {
        string sent = Element(0).Replace("\"name\":\"insect\"", "\"name\":\"\\u0061pis — 蝶\",\"extra\": 1.50");

        Assert.Empty(await Writer.PostTextAsync("/v1/annotations", sent));

        using HttpRequestMessage request = new(HttpMethod.Get, "/v1/annotations?what=data") { Headers = { { "Accept", "application/x-ndjson" } } };
        string line = await (await Reader.SendAsync(request)).Content.ReadAsStringAsync();
        Assert.Contains($"\"element\":{sent}", line, StringComparison.Ordinal);
        JsonNode annotation = JsonNode.Parse(line)!["value"]!;
        Assert.Equal((Device, "detector", 1), ((string?)annotation["device"], (string?)annotation["algoName"], (int?)annotation["objectCount"]));
        Assert.Equal(LabServer.Writer, (string?)annotation["apiUser"]);
        Assert.Null(Assert.Single(await Reader.GetLinesAsync("/v1/annotations"))["value"]!["element"]);
    }

    [Fact]
    public async Task What_other_programs_have_stored_is_one_line_of_JSON_all_the_same()
    {
        Assert.Empty(await Writer.PostTextAsync("/v1/annotations", $"{Element(0)}\n{Element(1)}"));
        Assert.Equal(2, Server.Execute(
            """
            UPDATE uid_annotations SET json = CASE WHEN id = (SELECT min(id) FROM uid_annotations)
                THEN '{"annotations": [{"contour": [], "value": NaN}],' || char(10) || ' "metadata": {}}' ELSE 'no JSON' END
            """));

        List<JsonNode> lines = await Reader.GetLinesAsync("/v1/annotations?what=data");

        Assert.Equal("""{"annotations":[{"contour":[],"value":null}],"metadata":{}}""", lines[0]["value"]!["element"]!.ToJsonString());
        Assert.Equal("InvalidAnnotation", (string?)lines[1]["error"]!["title"]);
        Assert.Equal(2, (await Reader.GetPagesAsync("/v1/annotations?what=data", 1)).Count);
    }

    [Fact]
    public async Task All_is_stored_or_nothing_and_each_error_says_of_which_element()
    {
        string[] elements = [Element(0), Element(1, md5: new string('0', 32)), Element(2), """{"annotations":[]}"""];

        List<JsonNode> refused = await Writer.PostTextAsync("/v1/annotations", string.Join('\n', elements));
        Assert.Equal([("InvalidAnnotation", 3), ("Md5Mismatch", 1)], refused.Select(line => ((string)line["error"]!["title"]!, (int)line["index"]!)).Order());
        Assert.Empty(await Reader.GetLinesAsync("/v1/annotations"));

        Assert.Equal(2, (await Writer.PostTextAsync("/v1/annotations?simulate=true&continueOnError=true", string.Join('\n', elements))).Count);
        Assert.Empty(await Reader.GetLinesAsync("/v1/annotations"));

        List<JsonNode> lines = await Writer.PostTextAsync("/v1/annotations?continueOnError=true&returnStored=true", $"[{string.Join(',', elements)}]");
        Assert.Equal(2, lines.Count(line => line["value"] is not null));
        Assert.Equal(2, (await Reader.GetLinesAsync("/v1/annotations")).Count);

        JsonNode twice = Assert.Single(await Writer.PostTextAsync("/v1/annotations", Element(0)));
        Assert.Equal(("AnnotationExists", 0), ((string)twice["error"]!["title"]!, (int)twice["index"]!));
        Assert.Equal("InvalidJson", (string?)Assert.Single(await Writer.PostTextAsync("/v1/annotations", "{"))["error"]!["title"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?simulate=true")]
    [InlineData("?continueOnError=true&returnStored=true")]
    public async Task An_outline_that_is_cut_at_the_edge_of_its_picture_is_told_of(string query)
    {
        List<JsonNode> lines = await Writer.PostTextAsync("/v1/annotations" + query, string.Join('\n', Element(0), Outline(Element(1), -5), Outline(Element(2), 5)));

        JsonNode warning = Assert.Single(lines, line => line["warning"] is not null);
        Assert.Equal(
            (1, "In element 2 of the request, the contour of object 1 reaches beyond the picture, which is 64×48 pixels large, and was clipped."),
            ((int)warning["index"]!, (string)warning["warning"]!));
        Assert.DoesNotContain(lines, line => line["error"] is not null);
        Assert.Equal(query.Contains("returnStored", StringComparison.Ordinal) ? 3 : 0, lines.Count(line => line["value"] is not null));
    }

    [Fact]
    public async Task Annotations_are_listed_and_found_by_picture_algorithm_and_version()
    {
        const string Newer = "1698113346-ad2cd78dfaca12821046dfb8994724d5";
        Assert.Empty(await Writer.PostTextAsync(
            "/v1/annotations", string.Join('\n', Element(0), Element(0, version: Newer), Element(0, algorithm: "person"), Element(2))));

        Assert.Equal(4, (await Reader.GetLinesAsync("/v1/annotations")).Count);
        Assert.Equal(3, (await Reader.GetLinesAsync("/v1/annotations?latest=true")).Count);
        Assert.Single(await Reader.GetLinesAsync("/v1/annotations?algoName=PERS*"));
        Assert.Single(await Reader.GetLinesAsync($"/v1/annotations?algoVersion={Newer}"));
        Assert.Single(await Reader.GetLinesAsync("/v1/annotations?startTime=2021-06-01_00-40-00"));
        Assert.Empty(await Reader.GetLinesAsync("/v1/annotations?device=08*"));

        // A page never parts the annotations of a picture.
        JsonNode page = await Reader.GetNodeAsync("/v1/annotations?pageSize=1");
        Assert.Equal(3, page["items"]!.AsArray().Count);
        Assert.Equal(
            (await Reader.GetLinesAsync("/v1/annotations")).Select(line => line.ToJsonString()),
            (await Reader.GetPagesAsync("/v1/annotations", 1)).Select(line => line.ToJsonString()));

        List<JsonNode> found = await Reader.PostLinesAsync(
            "/v1/annotations/find?algoName=detector&latest=true", Reference(2), Reference(1), new { device = Device }, Reference(0));
        Assert.Equal(
            ["2021-06-01T00:40:00Z", "2021-06-01T00:00:00Z", null], found.Select(line => (string?)line["value"]?["dateTime"]));
        Assert.Equal((2, "[2]"), ((int)found[2]["index"]!, (string?)found[2]["error"]!["field"]));
    }

    [Fact]
    public async Task Thousands_of_pictures_are_asked_for_at_once_and_each_wrong_one_is_named()
    {
        const int Count = 40_000;
        Assert.Empty(await Writer.PostTextAsync("/v1/annotations", string.Join('\n', Element(0), Element(2))));
        object[] items = [.. Enumerable.Repeat(Reference(1), Count)];
        (items[3], items[20_000], items[^2], items[^1]) = (Reference(2), new { device = Device }, new { device = new string('x', 50_000) }, Reference(0));

        List<JsonNode> found = await Reader.PostLinesAsync("/v1/annotations/find", items);

        Assert.Equal(
            ["2021-06-01T00:40:00Z", "20000", "2021-06-01T00:00:00Z", $"{Count - 2}"],
            found.Select(line => (string?)line["value"]?["dateTime"] ?? $"{line["index"]}"));

        // It goes when the answer has gone, which whoever has read the answer may be quicker than.
        Assert.True(SpinWait.SpinUntil(
            () => Directory.GetFiles(Path.Combine(Server["store"], "cache", "uploads"), "*.tmp", SearchOption.AllDirectories).Length == 0, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Whatever_names_a_picture_at_too_great_length_ends_the_batch_with_its_place()
    {
        List<JsonNode> found = await Reader.PostLinesAsync("/v1/annotations/find", Reference(1), new { device = new string('x', 100_000) }, Reference(0));

        Assert.Equal((1, "InvalidJson"), ((int)Assert.Single(found)["index"]!, (string?)found[0]["error"]!["title"]));
    }

    [Fact]
    public async Task Annotations_are_deleted_by_those_who_may()
    {
        Assert.Empty(await Writer.PostTextAsync("/v1/annotations", Element(0)));
        object reference = new { image = Reference(0), algoName = "detector", algoVersion = Version };

        _ = await Writer.SendJsonAsync(HttpMethod.Post, "/v1/annotations/delete", reference).AssertRefusedAsync(403, "AccessDenied");
        List<JsonNode> lines = await Administrator.PostLinesAsync("/v1/annotations/delete", reference, reference);

        Assert.Null(lines[0]["error"]);
        Assert.Equal("AnnotationNotFound", (string?)lines[1]["error"]!["title"]);
        Assert.Empty(await Reader.GetLinesAsync("/v1/annotations"));
    }

    private static object Reference(int index) => new { device = Device, dateTime = Pictures.Start.AddMinutes(20 * index) };

    private string Element(int index, string? md5 = null, string algorithm = "detector", string version = Version) => JsonSerializer.Serialize(new
    {
        annotations = new[] { new { contour = new[] { Point(1, 2), Point(3, 4), Point(5, 9) }, name = "insect", fill_colour = "#ff0000", stroke_colour = "#00ff00", value = (int?)null } },
        metadata = new
        {
            algo_name = algorithm,
            algo_version = version,
            device = Device,
            datetime = new ImageReference(Device, Pictures.Start.AddMinutes(20 * index)).FileName.Split('.')[1],
            md5 = md5 ?? _md5[index],
        },
    });

    // The left-most corner somewhere else.
    private static string Outline(string element, int x) => element.Replace("[[1,2]]", $"[[{x},2]]", StringComparison.Ordinal);

    private static int[][] Point(int x, int y) => [[x, y]];
}
