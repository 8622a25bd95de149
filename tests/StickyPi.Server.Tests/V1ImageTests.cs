using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using StickyPi.Core.Images;

namespace StickyPi.Tests;

/// <summary>Pictures and devices over <c>/v1</c>.</summary>
public sealed class V1ImageTests : V1Test
{
    private const string Device = "5c173ff2";

    [Fact]
    public async Task A_picture_is_added_once_however_often_it_is_sent()
    {
        string path = Pictures.Write(Folder.Path, Device, Pictures.Start);

        JsonNode first = await Writer.SendImageAsync(path).ReadNodeAsync(201);
        JsonNode second = await Writer.SendImageAsync(path).ReadNodeAsync(200);

        Assert.Equal(("Added", "Skipped"), ((string?)first["status"], (string?)second["status"]));
        Assert.Equal(Device, (string?)first["image"]!["device"]);
        Assert.Equal("2021-06-01T00:00:00Z", (string?)first["image"]!["dateTime"]);
        Assert.Equal(LabServer.Writer, (string?)first["image"]!["apiUser"]);
        Assert.Equal(1, (long?)(await Reader.GetNodeAsync("/v1/images/count"))["count"]);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task Another_picture_of_the_same_device_and_time_is_a_conflict_unless_it_is_forced()
    {
        string path = Pictures.Write(Folder.Path, Device, Pictures.Start, temperature: 20);
        _ = await Writer.SendImageAsync(path).ReadNodeAsync(201);
        string other = Pictures.Write(Folder.Path, Device, Pictures.Start, temperature: 21);

        JsonNode error = await Writer.SendImageAsync(other).AssertRefusedAsync(409, "ImageConflict");
        Assert.DoesNotContain(Server["store"], error.ToJsonString());
        Assert.Equal("Replaced", (string?)(await Administrator.SendImageAsync(other, "?force=true&simulate=true").ReadNodeAsync())["status"]);
        Assert.Equal(20, (double?)(await Reader.GetNodeAsync(V1Client.PathOf(new(Device, Pictures.Start))))["temperature"]);

        Assert.Equal("Replaced", (string?)(await Administrator.SendImageAsync(other, "?force=true").ReadNodeAsync())["status"]);
        Assert.Equal(21, (double?)(await Reader.GetNodeAsync(V1Client.PathOf(new(Device, Pictures.Start))))["temperature"]);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task Who_may_not_delete_pictures_may_not_put_others_in_their_place_either_but_restores_files()
    {
        string path = Pictures.Write(Folder.Path, Device, Pictures.Start, temperature: 20);
        _ = await Writer.SendImageAsync(path).ReadNodeAsync(201);
        string thumbnail = Directory.GetFiles(Path.Combine(Server["store"], "raw_images"), "*.thumbnail", SearchOption.AllDirectories).Single();
        File.Delete(thumbnail);

        Assert.Equal("Replaced", (string?)(await Writer.SendImageAsync(path, "?force=true").ReadNodeAsync())["status"]);
        Assert.True(File.Exists(thumbnail));
        string other = Pictures.Write(Folder.Path, Device, Pictures.Start, temperature: 21);
        _ = await Writer.SendImageAsync(other, "?force=true").AssertRefusedAsync(403, "AccessDenied");
        _ = await Writer.SendImageAsync(other, "?force=true&simulate=true").AssertRefusedAsync(403, "AccessDenied");

        Assert.Equal(20, (double?)(await Reader.GetNodeAsync(V1Client.PathOf(new(Device, Pictures.Start))))["temperature"]);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task What_would_be_done_is_told_without_doing_it()
    {
        string path = Pictures.Write(Folder.Path, Device, Pictures.Start);

        JsonNode answer = await Writer.SendImageAsync(path, "?simulate=true").ReadNodeAsync(200);

        Assert.Equal("Added", (string?)answer["status"]);
        Assert.Null(answer["image"]);
        Assert.Equal(0, (long?)(await Reader.GetNodeAsync("/v1/images/count"))["count"]);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task A_picture_from_more_than_a_day_after_the_servers_clock_is_told_of_or_refused()
    {
        Server.Clock.Advance(TimeSpan.FromDays(-5000));
        string path = Pictures.Write(Folder.Path, Device, Pictures.Start);

        _ = await Writer.SendImageAsync(path, "?strict=true").AssertRefusedAsync(400, "ImageFromFuture");
        JsonNode sent = await Writer.SendImageAsync(path).ReadNodeAsync(201);

        Assert.Equal("Added", (string?)sent["status"]);
        Assert.StartsWith(
            "'5c173ff2.2021-06-01_00-00-00.jpg' is dated 2021-06-01_00-00-00, more than a day after the clock", (string?)sent["warning"], StringComparison.Ordinal);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task A_body_with_another_MD5_than_announced_leaves_nothing()
    {
        string path = Pictures.Write(Folder.Path, Device, Pictures.Start);

        _ = await Writer.SendImageAsync(path, md5: new byte[16]).AssertRefusedAsync(400, "Md5Mismatch", "Content-MD5");

        Assert.Equal(0, (long?)(await Reader.GetNodeAsync("/v1/images/count"))["count"]);
        Assert.False(Directory.Exists(Path.Combine(Server["store"], "raw_images")));
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task What_is_no_picture_of_a_device_is_refused_by_the_name_of_the_error()
    {
        ImageReference reference = new(Device, Pictures.Start);
        byte[] blank = Pictures.Camera.Draw(64, 48, seed: 1);
        byte[] picture = File.ReadAllBytes(Pictures.Write(Folder.Path, Device, Pictures.Start));

        JsonNode error = await Writer.SendImageAsync(reference, "no picture"u8.ToArray()).AssertRefusedAsync(400, "InvalidImage");
        Assert.Contains($"'{reference.FileName}'", (string?)error["detail"]);
        _ = await Writer.SendImageAsync(reference, []).AssertRefusedAsync(400, "InvalidImage");
        _ = await Writer.SendImageAsync(reference, picture[..(picture.Length / 2)]).AssertRefusedAsync(400, "InvalidImage");
        _ = await Writer.SendImageAsync(reference, blank).AssertRefusedAsync(400, "InvalidMetadata");
        _ = await Writer.SendImageAsync(new(Device, new DateTime(2019, 1, 1, 0, 0, 0, DateTimeKind.Utc)), picture).AssertRefusedAsync(400, "InvalidFileName");
        _ = await Writer.PutAsync(V1Client.PathOf(reference), new ByteArrayContent(picture)).AssertRefusedAsync(400, "InvalidParameter", "Content-MD5");
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task Of_the_same_picture_sent_eight_times_at_once_one_is_added_and_the_others_are_skipped()
    {
        string path = Pictures.Write(Folder.Path, Device, Pictures.Start);
        HttpClient writer = Writer;

        JsonNode[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using HttpResponseMessage response = await writer.SendImageAsync(path);
            return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        }));

        Assert.Equal(
            Enumerable.Repeat("Skipped", 7).Prepend("Added"), answers.Select(answer => (string?)answer["status"]).Order(StringComparer.Ordinal));
        Assert.Equal(1, (long?)(await Reader.GetNodeAsync("/v1/images/count"))["count"]);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task An_upload_that_is_cut_off_leaves_nothing()
    {
        byte[] picture = File.ReadAllBytes(Pictures.Write(Folder.Path, Device, Pictures.Start));
        string credential = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{LabServer.Writer}:{LabServer.Password}"));
        using (TcpClient connection = new())
        {
            await connection.ConnectAsync(Server.Uri.Host, Server.Uri.Port);
            NetworkStream stream = connection.GetStream();
            string head = $"PUT {V1Client.PathOf(new(Device, Pictures.Start))} HTTP/1.1\r\nHost: lab\r\nAuthorization: Basic {credential}\r\n"
                + $"Content-MD5: {Convert.ToBase64String(MD5.HashData(picture))}\r\nContent-Type: image/jpeg\r\nContent-Length: {picture.Length}\r\n\r\n";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
            await stream.WriteAsync(picture.AsMemory(0, picture.Length / 2));
            Assert.True(await EventuallyAsync(() => Uploaded().Length > 0), "The upload has not begun.");
        }

        Assert.True(await EventuallyAsync(() => Uploaded().Length == 0), "The upload has left something behind.");
        Assert.Equal(0, (long?)(await Reader.GetNodeAsync("/v1/images/count"))["count"]);
    }

    [Fact]
    public async Task A_picture_comes_byte_for_byte_whole_or_in_part_and_not_at_all_where_it_is_known()
    {
        string path = Pictures.Write(Folder.Path, Device, Pictures.Start);
        byte[] picture = File.ReadAllBytes(path);
        _ = await Writer.SendImageAsync(path).ReadNodeAsync(201);
        string url = V1Client.PathOf(new(Device, Pictures.Start)) + "/image";

        using HttpResponseMessage whole = await Reader.GetAsync(url);
        Assert.Equal(picture, await whole.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/jpeg", whole.Content.Headers.ContentType?.MediaType);
        Assert.Equal($"\"{Convert.ToHexStringLower(MD5.HashData(picture))}\"", whole.Headers.ETag?.ToString());

        using HttpRequestMessage rest = new(HttpMethod.Get, url) { Headers = { Range = new RangeHeaderValue(picture.Length - 10, null), IfRange = new(whole.Headers.ETag!) } };
        using HttpResponseMessage part = await Reader.SendAsync(rest);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(picture[^10..], await part.Content.ReadAsByteArrayAsync());

        using HttpRequestMessage again = new(HttpMethod.Get, url) { Headers = { IfNoneMatch = { whole.Headers.ETag! } } };
        Assert.Equal(HttpStatusCode.NotModified, (await Reader.SendAsync(again)).StatusCode);

        using HttpResponseMessage head = await Reader.SendAsync(new HttpRequestMessage(HttpMethod.Head, url));
        Assert.Equal(picture.Length, head.Content.Headers.ContentLength);

        using HttpRequestMessage beyond = new(HttpMethod.Get, url) { Headers = { Range = new RangeHeaderValue(picture.Length, null) } };
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, (await Reader.SendAsync(beyond)).StatusCode);

        byte[] mini = await Reader.GetByteArrayAsync(V1Client.PathOf(new(Device, Pictures.Start)) + "/thumbnail-mini");
        Assert.Equal(File.ReadAllBytes(Path.Combine(Server["store"], "raw_images", Device, Path.GetFileName(path) + ".thumbnail-mini")), mini);
        Assert.NotEmpty(await Reader.GetByteArrayAsync(V1Client.PathOf(new(Device, Pictures.Start)) + "/thumbnail"));
    }

    [Fact]
    public async Task A_picture_that_a_client_has_is_not_read_again()
    {
        string path = Pictures.Write(Folder.Path, Device, Pictures.Start);
        string md5 = (string)(await Writer.SendImageAsync(path).ReadNodeAsync(201))["image"]!["md5"]!;
        string stored = Path.Combine(Server["store"], "raw_images", Device, Path.GetFileName(path));
        byte[] picture = File.ReadAllBytes(stored);
        File.Delete(stored);

        Assert.Equal(HttpStatusCode.NotModified, await AskAsync($"\"{md5}\""));
        Assert.Equal(HttpStatusCode.NotModified, await AskAsync($"\"x\", W/\"{md5}\""));
        Assert.Equal(HttpStatusCode.InternalServerError, await AskAsync($"\"{new string('0', 32)}\""));
        Assert.Equal(HttpStatusCode.InternalServerError, await AskAsync($"\"{md5}\"", "thumbnail", () => File.Delete(stored + ".thumbnail")));

        File.WriteAllBytes(stored, picture);
        Assert.Equal(HttpStatusCode.PreconditionFailed, await AskAsync($"\"{md5}\"", ifMatch: "\"x\""));

        async Task<HttpStatusCode> AskAsync(string known, string what = "image", Action? before = null, string? ifMatch = null)
        {
            before?.Invoke();
            using HttpRequestMessage request = new(HttpMethod.Get, $"{V1Client.PathOf(new(Device, Pictures.Start))}/{what}");
            Assert.True(request.Headers.TryAddWithoutValidation("If-None-Match", known));
            Assert.True(ifMatch is null || request.Headers.TryAddWithoutValidation("If-Match", ifMatch));
            return (await Reader.SendAsync(request)).StatusCode;
        }
    }

    [Theory]
    [InlineData("images")]
    [InlineData("images/count")]
    [InlineData("annotations")]
    [InlineData("tuboids")]
    [InlineData("tuboid-series")]
    public async Task A_range_that_ends_before_it_starts_is_refused(string list)
    {
        JsonNode error = await Reader.GetAsync($"/v1/{list}?startTime=2021-06-02&endTime=2021-06-01_23-59-59")
            .AssertRefusedAsync(400, "InvalidTimeRange", "endTime");

        Assert.Equal("'endTime' 2021-06-01_23-59-59 is before 'startTime' 2021-06-02_00-00-00.", (string?)error["detail"]);
        Assert.Equal(HttpStatusCode.OK, (await Reader.GetAsync($"/v1/{list}?startTime=2021-06-02&endTime=2021-06-02")).StatusCode);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found_and_what_can_not_be_is_refused_by_name()
    {
        _ = await Reader.GetAsync("/v1/images/5c173ff2/2021-06-01_00-00-00").AssertRefusedAsync(404, "ImageNotFound");
        _ = await Reader.GetAsync("/v1/images/5c173ff2/2021-06-01_00-00-00/image").AssertRefusedAsync(404, "ImageNotFound");
        _ = await Administrator.DeleteAsync("/v1/images/5c173ff2/2021-06-01_00-00-00").AssertRefusedAsync(404, "ImageNotFound");
        _ = await Reader.GetAsync("/v1/images/5c173ff/2021-06-01_00-00-00").AssertRefusedAsync(400, "InvalidParameter", "device");
        _ = await Reader.GetAsync("/v1/images/5c173ff2/2021-06-31_00-00-00").AssertRefusedAsync(400, "InvalidParameter", "dateTime");
        _ = await Reader.GetAsync("/v1/images/5c173ff2/2021-06-01_00-00-00/metadata").AssertRefusedAsync(400, "InvalidParameter", "what");
        _ = await Reader.GetAsync("/v1/images/5c173ff2/2021-06-01_00-00-00/film").AssertRefusedAsync(400, "InvalidParameter", "what");
    }

    [Theory]
    [InlineData("startTime=yesterday", "startTime")]
    [InlineData("endTime=2021-06-31", "endTime")]
    [InlineData("startTime=2021-06-01&startTime=2021-06-02", "startTime")]
    [InlineData("what=film", "what")]
    [InlineData("skip=-1", "skip")]
    [InlineData("first=many", "first")]
    [InlineData("includeTotal=perhaps", "includeTotal")]
    [InlineData("pageSize=0", "pageSize")]
    [InlineData("pageSize=10001", "pageSize")]
    [InlineData("cursor=!", "cursor")]
    [InlineData("cursor=e30", "cursor")]
    [InlineData("cursor=WyIxIl0", "cursor")]
    [InlineData("device=%00", "device")]
    public async Task A_parameter_that_can_not_be_read_is_named(string query, string field) =>
        _ = await Reader.GetAsync($"/v1/images?{query}").AssertRefusedAsync(400, "InvalidParameter", field);

    [Fact]
    public async Task A_parameter_that_there_is_not_is_refused_with_those_that_there_are()
    {
        JsonNode error = await Reader.GetAsync("/v1/images?devcie=5c173ff2").AssertRefusedAsync(400, "UnknownParameter", "devcie");

        Assert.Contains("device, startTime", (string?)error["recommendedAction"]);
    }

    [Fact]
    public async Task A_series_comes_in_order_by_device_and_time_as_lines_and_as_pages_alike()
    {
        await SendSeriesAsync(("08038ade", 3), (Device, 5));

        List<JsonNode> lines = await Reader.GetLinesAsync("/v1/images?what=image");
        Assert.Equal(
            [.. Enumerable.Range(0, 3).Select(i => Name("08038ade", i)), .. Enumerable.Range(0, 5).Select(i => Name(Device, i))],
            lines.Select(image => (string)image["fileName"]!));
        Assert.All(lines, image => Assert.NotEmpty((string)image["url"]!));
        Assert.Equal(lines.Select(Text), (await Reader.GetPagesAsync("/v1/images?what=image", 3)).Select(Text));
        Assert.Equal(lines.Skip(1).Take(4).Select(Text), (await Reader.GetPagesAsync("/v1/images?what=image&skip=1&first=4", 3)).Select(Text));

        Assert.Equal(2, (await Reader.GetLinesAsync("/v1/images?device=5C17*&startTime=2021-06-01_00-20-00&endTime=2021-06-01T01:00:00Z")).Count);
        Assert.Equal(8, (await Reader.GetLinesAsync("/v1/images?device=08038ade&device=5c%25")).Count);
        Assert.Empty(await Reader.GetLinesAsync("/v1/images?first=0"));
        Assert.Equal(4, (long?)(await Reader.GetNodeAsync("/v1/images?skip=1&first=4&includeTotal=true&pageSize=2"))["total"]);
        Assert.Equal(5, (long?)(await Reader.GetNodeAsync("/v1/images/count?device=5c173ff2"))["count"]);
    }

    [Fact]
    public async Task Pages_hold_each_picture_once_while_others_are_added_and_removed()
    {
        await SendSeriesAsync(("08038ade", 4), (Device, 4));
        string early = Pictures.Write(Folder.Path, "08038ade", Pictures.Start.AddMinutes(-5));
        string late = Pictures.Write(Folder.Path, Device, Pictures.Start.AddDays(1));

        List<JsonNode> images = await Reader.GetPagesAsync("/v1/images", 3, async page =>
        {
            if (page == 1)
            {
                // The one that the cursor tells of, one before it, and one behind it.
                _ = await Administrator.DeleteAsync(V1Client.PathOf(new("08038ade", Pictures.Start.AddMinutes(40)))).ReadNodeAsync();
                _ = await Writer.SendImageAsync(early).ReadNodeAsync(201);
                _ = await Writer.SendImageAsync(late).ReadNodeAsync(201);
            }
        });

        Assert.Equal(
            [.. Enumerable.Range(0, 4).Select(i => Name("08038ade", i)), .. Enumerable.Range(0, 4).Select(i => Name(Device, i)), Path.GetFileName(late)],
            images.Select(image => (string)image["fileName"]!));
    }

    [Fact]
    public async Task Exact_pictures_are_found_in_the_order_of_the_request_whatever_its_form()
    {
        await SendSeriesAsync((Device, 2));
        object second = new { device = Device, dateTime = "2021-06-01T00:20:00Z" };
        object absent = new { device = Device, dateTime = "2021-06-01_12-00-00" };
        object first = new { device = Device, dateTime = "2021-06-01T02:00:00+02:00" };

        List<JsonNode> found = await Reader.PostLinesAsync("/v1/images/find?what=thumbnail", second, absent, first);

        Assert.Equal([Name(Device, 1), null, Name(Device, 0)], found.Select(line => (string?)line["value"]?["fileName"]));
        Assert.All(found, line => Assert.Null(line["error"]));
        Assert.Contains(".thumbnail", (string?)found[0]["value"]!["url"]);
        JsonArray array = (await Reader.SendJsonAsync(HttpMethod.Post, "/v1/images/find?what=thumbnail", new[] { second, absent, first }).ReadNodeAsync()).AsArray();
        Assert.Equal(found.Select(Text), array.Select(item => Text(item!)));
        Assert.Empty(await Reader.PostTextAsync("/v1/images/find", ""));
        Assert.Empty(await Reader.PostTextAsync("/v1/images/find", "[]"));
    }

    [Fact]
    public async Task An_item_that_can_not_be_read_is_refused_by_its_place_and_the_others_go_on()
    {
        await SendSeriesAsync((Device, 1));
        const string Good = """{"device":"5c173ff2","dateTime":"2021-06-01T00:00:00Z"}""";

        List<JsonNode> lines = await Reader.PostTextAsync(
            "/v1/images/find",
            $$"""
            {{Good}}
            {"device":"5c173ff2"}
            {"device":null,"dateTime":"2021-06-01T00:00:00Z"}
            {"device":"5c173ff2","dateTime":"yesterday"}
            17
            null
            {{Good}}
            {"device":
            """);

        Assert.Equal(8, lines.Count);
        Assert.NotNull(lines[0]["value"]);
        Assert.NotNull(lines[6]["value"]);
        Assert.Equal(["[1]", "[2].device", "[3].dateTime", "[4]", "[5]", "[7]"], new[] { 1, 2, 3, 4, 5, 7 }.Select(i => (string?)lines[i]["error"]!["field"]));
        Assert.Contains("dateTime", (string?)lines[1]["error"]!["detail"]);
        Assert.Equal([1, 2, 3, 4, 5, 7], new[] { 1, 2, 3, 4, 5, 7 }.Select(i => (int?)lines[i]["index"]));
        Assert.Equal("InvalidJson", (string?)lines[7]["error"]!["title"]);
    }

    [Fact]
    public async Task Pictures_are_deleted_one_by_one_and_in_batches()
    {
        await SendSeriesAsync((Device, 3));

        Assert.Equal(Name(Device, 0), (string?)(await Administrator.DeleteAsync(V1Client.PathOf(new(Device, Pictures.Start))).ReadNodeAsync())["fileName"]);
        List<JsonNode> lines = await Administrator.PostLinesAsync(
            "/v1/images/delete",
            new { device = Device, dateTime = Pictures.Start.AddMinutes(20) },
            new { device = Device, dateTime = Pictures.Start },
            new { device = "nonsense", dateTime = Pictures.Start });

        Assert.Equal(Name(Device, 1), (string?)lines[0]["value"]!["fileName"]);
        Assert.Equal(["ImageNotFound", "ImageNotFound"], lines.Skip(1).Select(line => (string?)line["error"]!["title"]));
        Assert.Equal(Name(Device, 2), (string?)Assert.Single(await Reader.GetLinesAsync("/v1/images"))["fileName"]);
    }

    [Fact]
    public async Task Devices_are_listed_with_what_their_pictures_say()
    {
        await SendSeriesAsync(("08038ade", 2), (Device, 3));

        List<JsonNode> devices = await Reader.GetLinesAsync("/v1/devices");
        Assert.Equal(["08038ade", Device], devices.Select(device => (string?)device["device"]));
        Assert.Equal([2, 3], devices.Select(device => (long)device["imageCount"]!));
        Assert.Equal(devices.Select(Text), (await Reader.GetPagesAsync("/v1/devices", 1)).Select(Text));
        Assert.Equal(Device, (string?)Assert.Single(await Reader.GetLinesAsync("/v1/devices?device=5c*"))["device"]);
        Assert.Equal("""["08038ade","5c173ff2"]""", Text(await Reader.GetNodeAsync("/v1/devices/names")));
    }

    [Fact]
    public async Task The_server_says_what_it_is_and_who_asks()
    {
        JsonNode answer = await Reader.GetNodeAsync("/v1");

        Assert.Equal(("StickyPi", "Folder"), ((string?)answer["name"], (string?)answer["store"]!["kind"]));
        Assert.Equal(LabServer.Reader, (string?)answer["user"]!["userName"]);
        Assert.False((bool?)answer["user"]!["canWrite"]);
        Assert.True(Version.TryParse((string?)answer["version"], out _));
    }

    private static string Text(JsonNode node) => node.ToJsonString();

    private static string Name(string device, int index) => new ImageReference(device, Pictures.Start.AddMinutes(20 * index)).FileName;

    private static async Task<bool> EventuallyAsync(Func<bool> condition)
    {
        for (int i = 0; i < 600; i++)
        {
            if (condition())
            {
                return true;
            }

            await Task.Delay(50);
        }

        return false;
    }

    private async Task SendSeriesAsync(params (string Device, int Count)[] series)
    {
        foreach ((string device, int count) in series)
        {
            foreach (string path in Pictures.WriteSeries(Folder.Path, device, count))
            {
                _ = await Writer.SendImageAsync(path).ReadNodeAsync(201);
            }
        }
    }

    private string[] Uploaded() => Directory.Exists(Path.Combine(Server["store"], "cache", "uploads"))
        ? Directory.GetFiles(Path.Combine(Server["store"], "cache", "uploads"), "*.jpg", SearchOption.AllDirectories)
        : [];

    private void AssertNothingIsLeft()
    {
        Assert.Empty(Uploaded());
        Assert.Empty(Directory.GetFiles(Server["store"], "*.partial", SearchOption.AllDirectories));
    }
}
