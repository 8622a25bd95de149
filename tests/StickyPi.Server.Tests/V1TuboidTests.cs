using System.Text;
using System.Text.Json.Nodes;

namespace StickyPi.Tests;

/// <summary>Tuboids, their series and their labels over <c>/v1</c>.</summary>
public sealed class V1TuboidTests : V1Test
{
    private const string Query = "?algoName=sim&tuboidCount=3";

    [Fact]
    public async Task A_tuboid_is_added_once_and_its_files_come_back()
    {
        string folder = Tuboids.Write(Folder.Path, Tuboids.Id(0));

        Assert.Equal("Added", (string?)(await SendAsync(folder, Query + "&simulate=true").ReadNodeAsync())["status"]);
        JsonNode first = await SendAsync(folder).ReadNodeAsync(201);
        JsonNode second = await SendAsync(folder).ReadNodeAsync();

        Assert.Equal(("Added", "Skipped"), ((string?)first["status"], (string?)second["status"]));
        Assert.Equal((Tuboids.Id(0), 3), ((string?)first["tuboid"]!["tuboidId"], (int?)first["tuboid"]!["seriesTuboidCount"]));
        JsonNode tuboid = Assert.Single(await Reader.GetLinesAsync("/v1/tuboids?what=data"));
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(folder, "metadata.txt")), await Server.Client().GetByteArrayAsync((string)tuboid["metadataUrl"]!));
        Assert.Empty(Directory.GetFiles(Path.Combine(Server["store"], "cache", "uploads"), "*.jpg", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_form_that_is_none_or_lacks_something_is_refused_by_name()
    {
        string folder = Tuboids.Write(Folder.Path, Tuboids.Id(0));
        string path = $"/v1/tuboids/{Tuboids.Id(0)}{Query}";

        _ = await Writer.PutAsync($"/v1/tuboids/nonsense{Query}", Form(folder)).AssertRefusedAsync(400, "InvalidTuboidId", "tuboidId");
        _ = await Writer.PutAsync($"/v1/tuboids/{Tuboids.Id(0)}", Form(folder)).AssertRefusedAsync(400, "InvalidParameter", "algoName");
        _ = await Writer.PutAsync(path, new StringContent("x")).AssertRefusedAsync(400, "InvalidParameter", "Content-Type");
        _ = await Writer.PutAsync(path, Form(folder, "tuboid", "metadata")).AssertRefusedAsync(400, "InvalidParameter", "context");
        _ = await Writer.PutAsync(path, Form(folder, "tuboid", "metadata", "context", "tuboid")).AssertRefusedAsync(400, "InvalidParameter", "tuboid");
        MultipartFormDataContent other = Form(folder);
        other.Add(new ByteArrayContent([1]), "film", "film.jpg");
        _ = await Writer.PutAsync(path, other).AssertRefusedAsync(400, "InvalidParameter", "part");
        StringContent broken = new("--x\r\nContent-Disposition: form-data; name=\"tuboid\"\r\n\r\nabc", Encoding.ASCII);
        broken.Headers.Remove("Content-Type");
        _ = broken.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=x");
        _ = await Writer.PutAsync(path, broken).AssertRefusedAsync(400, "InvalidMultipart");
        File.WriteAllText(Path.Combine(folder, "metadata.txt"), "nonsense");
        JsonNode error = await SendAsync(folder).AssertRefusedAsync(400, "InvalidTuboidMetadata");
        Assert.DoesNotContain("cache", error.ToJsonString());
        Assert.Empty(await Reader.GetLinesAsync("/v1/tuboid-series"));
    }

    [Fact]
    public async Task A_series_takes_as_many_tuboids_as_it_has_and_is_found_listed_and_deleted_by_its_identity()
    {
        string[] folders = Tuboids.WriteSeries(Folder.Path, 4);
        foreach (string folder in folders.Take(3))
        {
            _ = await SendAsync(folder).ReadNodeAsync(201);
        }

        _ = await SendAsync(folders[3]).AssertRefusedAsync(409, "SeriesFull");
        _ = await SendAsync(folders[3], "?algoName=sim&tuboidCount=4").AssertRefusedAsync(409, "SeriesConflict");
        string other = Tuboids.Write(Folder.Path, Tuboids.Id(0, "08038ade"));
        _ = await SendAsync(other).ReadNodeAsync(201);

        List<JsonNode> series = await Reader.GetLinesAsync("/v1/tuboid-series");
        Assert.Equal([("08038ade", 1), (Tuboids.Device, 3)], series.Select(one => ((string)one["device"]!, (int)one["storedTuboidCount"]!)));
        Assert.Equal(series.Select(one => one.ToJsonString()), (await Reader.GetPagesAsync("/v1/tuboid-series", 1)).Select(one => one.ToJsonString()));
        Assert.Single(await Reader.GetLinesAsync("/v1/tuboid-series?device=08*&algoName=SIM"));
        Assert.Empty(await Reader.GetLinesAsync("/v1/tuboid-series?endTime=2021-06-01"));

        List<JsonNode> tuboids = await Reader.GetLinesAsync("/v1/tuboids");
        Assert.Equal([Tuboids.Id(0, "08038ade"), .. Enumerable.Range(0, 3).Select(i => Tuboids.Id(i))], tuboids.Select(tuboid => (string?)tuboid["tuboidId"]));
        Assert.Equal(tuboids.Select(one => one.ToJsonString()), (await Reader.GetPagesAsync("/v1/tuboids", 1)).Select(one => one.ToJsonString()));

        JsonNode reference = series[1]["reference"]!;
        object absent = new { device = Tuboids.Device, startTime = Tuboids.Start, endTime = Tuboids.End, algoName = "other", algoVersion = Tuboids.Version };
        List<JsonNode> found = await Reader.PostLinesAsync("/v1/tuboid-series/find", absent, reference);
        Assert.Equal([null, (int?)series[1]["id"]], found.Select(line => (int?)line["value"]?["id"]));
        List<JsonNode> deleted = await Administrator.PostLinesAsync("/v1/tuboid-series/delete", reference, reference);
        Assert.Equal(3, (int?)deleted[0]["value"]!["storedTuboidCount"]);
        Assert.Equal("TuboidSeriesNotFound", (string?)deleted[1]["error"]!["title"]);
        Assert.Single(await Reader.GetLinesAsync("/v1/tuboids"));
    }

    [Fact]
    public async Task Labels_are_added_listed_and_found()
    {
        foreach (string folder in Tuboids.WriteSeries(Folder.Path, 3))
        {
            _ = await SendAsync(folder).ReadNodeAsync(201);
        }

        List<JsonNode> added = await Writer.PostLinesAsync(
            "/v1/labels", Label(1, "v1"), Label(0, "v1"), Label(9, "v1"), new { tuboidId = Tuboids.Id(0) }, Label(1, "v2"), Label(1, "v1"), Label(0, new string('x', 47)));
        Assert.Equal([Tuboids.Id(1), Tuboids.Id(0), null, null, Tuboids.Id(1), null, null], added.Select(line => (string?)line["value"]?["tuboidId"]));
        Assert.Equal(
            [null, null, "TuboidNotFound", "InvalidElement", null, "LabelExists", "InvalidLabel"], added.Select(line => (string?)line["error"]?["title"]));
        Assert.Equal(LabServer.Writer, (string?)added[0]["value"]!["apiUser"]);

        List<JsonNode> all = await Reader.GetLinesAsync("/v1/labels");
        Assert.Equal([Tuboids.Id(1), Tuboids.Id(0), Tuboids.Id(1)], all.Select(label => (string?)label["tuboidId"]));
        Assert.Equal(all.Select(label => label.ToJsonString()), (await Reader.GetPagesAsync("/v1/labels", 1)).Select(label => label.ToJsonString()));
        Assert.Single(await Reader.GetLinesAsync("/v1/labels?algoVersion=v2"));
        string exact = $"/v1/labels?tuboidId={Tuboids.Id(0)}&tuboidId={Tuboids.Id(1)}&tuboidId={Tuboids.Id(2)}";
        Assert.Equal(["v1", "v1", "v2"], (await Reader.GetLinesAsync(exact)).Select(label => (string?)label["algoVersion"]));
        Assert.Equal(
            (await Reader.GetLinesAsync(exact)).Select(label => label.ToJsonString()), (await Reader.GetPagesAsync(exact, 1)).Select(label => label.ToJsonString()));
        Assert.Equal(
            [Tuboids.Id(1), Tuboids.Id(0)],
            (await Reader.PostLinesAsync("/v1/labels/find?algoVersion=v1", Tuboids.Id(1), "none", Tuboids.Id(0))).Select(label => (string?)label["tuboidId"]));
        Assert.Empty(await Reader.PostTextAsync("/v1/labels/find", ""));
        _ = await Reader.SendJsonAsync(HttpMethod.Post, "/v1/labels/find", new[] { 17 }).AssertRefusedAsync(400, "InvalidElement", "[0]");

        // A tuboid comes once for each of its labels, and a page does not part them.
        Assert.Equal(4, (await Reader.GetLinesAsync("/v1/tuboids?includeLabels=true")).Count);
        Assert.Equal(4, (await Reader.GetPagesAsync("/v1/tuboids?includeLabels=true", 2)).Count);
    }

    private static object Label(int tuboid, string version) =>
        new { tuboidId = Tuboids.Id(tuboid), algoName = "expert", algoVersion = version, label = 3, pattern = "Diptera", type = "Insecta", order = "Diptera" };

    private static MultipartFormDataContent Form(string folder, params string[] parts)
    {
        MultipartFormDataContent form = [];
        foreach (string part in parts.Length == 0 ? ["tuboid", "metadata", "context"] : parts)
        {
            string name = part + (part == "metadata" ? ".txt" : ".jpg");
            form.Add(new ByteArrayContent(File.ReadAllBytes(Path.Combine(folder, name))), part, name);
        }

        return form;
    }

    private Task<HttpResponseMessage> SendAsync(string folder, string query = Query) =>
        Writer.PutAsync($"/v1/tuboids/{Path.GetFileName(folder)}{query}", Form(folder));
}
