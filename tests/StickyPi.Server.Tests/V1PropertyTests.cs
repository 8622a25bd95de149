using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace StickyPi.Tests;

/// <summary>Extra properties, and the snapshot of the catalog, over <c>/v1</c>.</summary>
public sealed class V1PropertyTests : V1Test
{
    private const string Device = "5c173ff2";
    private const string OfDevice = "/v1/properties/device/" + Device;
    private const string OfImage = "/v1/properties/image/5c173ff2.2021-06-01_00-00-00";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _ = await Writer.SendImageAsync(Pictures.Write(Folder.Path, Device, Pictures.Start)).ReadNodeAsync(201);
    }

    [Fact]
    public async Task Properties_are_set_merged_and_removed()
    {
        Assert.Equal("{}", (await Reader.GetNodeAsync(OfDevice))["properties"]!.ToJsonString());

        JsonNode set = await PutAsync(OfDevice, new { site = "orchard", height = 1.5, tags = new[] { "a" }, inner = new { x = 1, y = 2 } }).ReadNodeAsync();
        Assert.Equal(LabServer.Writer, (string?)set["apiUser"]);
        JsonNode merged = await Writer.SendJsonAsync(
            HttpMethod.Patch, OfDevice, new { height = (double?)null, inner = new { y = 3 } }, "application/merge-patch+json").ReadNodeAsync();
        Assert.Equal("""{"site":"orchard","tags":["a"],"inner":{"x":1,"y":3}}""", merged["properties"]!.ToJsonString());
        JsonNode changed = await Writer.SendJsonAsync(HttpMethod.Patch, OfDevice, new { remove = new[] { "tags" }, set = new { site = (string?)null } }).ReadNodeAsync();
        Assert.Equal("""{"site":null,"inner":{"x":1,"y":3}}""", changed["properties"]!.ToJsonString());
        Assert.Equal("""{"site":null}""", (await Writer.DeleteAsync(OfDevice + "?name=inner&name=none").ReadNodeAsync())["properties"]!.ToJsonString());
        Assert.Equal("{}", (await Writer.DeleteAsync(OfDevice).ReadNodeAsync())["properties"]!.ToJsonString());
    }

    [Fact]
    public async Task Names_that_differ_in_case_alone_are_two()
    {
        _ = await PutAsync(OfDevice, new Dictionary<string, int> { ["a"] = 1, ["A"] = 2 }).ReadNodeAsync();
        JsonNode merged = await Writer.SendJsonAsync(HttpMethod.Patch, OfDevice, new { merge = new { A = 3 } }).ReadNodeAsync();

        Assert.Equal("""{"a":1,"A":3}""", merged["properties"]!.ToJsonString());
    }

    [Fact]
    public async Task Properties_are_listed_found_and_asked_for_only_when_they_have_changed()
    {
        _ = await PutAsync(OfDevice, new { a = 1 }).ReadNodeAsync();
        _ = await PutAsync(OfImage, new { b = 2 }).ReadNodeAsync();

        Assert.Equal(Device, (string?)Assert.Single(await Reader.GetLinesAsync("/v1/properties/Device"))["id"]);
        Assert.Single(await Reader.GetPagesAsync("/v1/properties/image?id=5c*", 1));
        Assert.Empty(await Reader.GetLinesAsync("/v1/properties/image?id=08*"));
        List<JsonNode> found = await Reader.PostLinesAsync(
            "/v1/properties/find", new { kind = "Image", id = "5c173ff2.2021-06-01_00-00-00" }, new { kind = "Device", id = "08038ade" }, new { kind = "Film", id = "x" });
        Assert.Equal(2, (int?)found[0]["value"]!["properties"]!["b"]);
        Assert.Equal("DeviceNotFound", (string?)found[1]["error"]!["title"]);
        Assert.Equal("[2].kind", (string?)found[2]["error"]!["field"]);

        EntityTagHeaderValue etag = (await Reader.GetAsync(OfDevice)).Headers.ETag!;
        Assert.Equal(HttpStatusCode.NotModified, (await AskAgainAsync(OfDevice, etag)).StatusCode);
        _ = await PutAsync(OfDevice, new { a = 2 }).ReadNodeAsync();
        Assert.Equal(HttpStatusCode.OK, (await AskAgainAsync(OfDevice, etag)).StatusCode);
    }

    [Fact]
    public async Task What_is_wrong_with_properties_is_named()
    {
        _ = await Reader.GetAsync("/v1/properties/film/x").AssertRefusedAsync(400, "InvalidParameter", "kind");
        _ = await Reader.GetAsync("/v1/properties/device/08038ade").AssertRefusedAsync(404, "DeviceNotFound");
        _ = await PutAsync(OfDevice, new[] { new { a = 1 } }).AssertRefusedAsync(400, "InvalidJson");
        _ = await PutAsync(OfDevice, "text").AssertRefusedAsync(400, "InvalidElement");
        _ = await Writer.PutAsync(OfDevice, new StringContent("{\"a\":1,\"a\":2}")).AssertRefusedAsync(400, "InvalidElement");
        _ = await PutAsync(OfDevice, new Dictionary<string, int> { ["a\u001b[2J"] = 1 }).AssertRefusedAsync(400, "InvalidProperties");
        _ = await PutAsync(OfDevice, new Dictionary<string, int> { ["a\u200bb"] = 1 }).AssertRefusedAsync(400, "InvalidProperties");
        _ = await PutAsync(OfDevice, new { a = new[] { new Dictionary<string, int> { ["b\n"] = 1 } } }).AssertRefusedAsync(400, "InvalidProperties");
        _ = await Writer.PutAsync(OfDevice, new StringContent("{")).AssertRefusedAsync(400, "InvalidJson");
        _ = await Writer.PutAsync(OfDevice, new StringContent(new string('[', 100))).AssertRefusedAsync(400, "InvalidJson");
        Assert.Equal("{}", (await Reader.GetNodeAsync(OfDevice))["properties"]!.ToJsonString());
    }

    [Fact]
    public async Task The_catalog_comes_as_a_database_that_is_asked_for_again_only_when_rows_have_changed()
    {
        string path = Folder["catalog.db"];
        using HttpResponseMessage first = await Reader.GetAsync("/v1/catalog");
        byte[] catalog = await first.Content.ReadAsByteArrayAsync();
        await File.WriteAllBytesAsync(path, catalog);

        Assert.Equal($"\"{Convert.ToHexStringLower(MD5.HashData(catalog))}\"", first.Headers.ETag?.ToString());
        using (SqliteConnection connection = new($"Data Source={path};Mode=ReadOnly;Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "SELECT (SELECT count(*) FROM images) || ' ' || (SELECT count(*) FROM users)";
            Assert.Equal("1 0", command.ExecuteScalar());
        }

        Assert.Equal(HttpStatusCode.NotModified, (await AskAgainAsync("/v1/catalog", first.Headers.ETag!)).StatusCode);
        using HttpRequestMessage rest = new(HttpMethod.Get, "/v1/catalog") { Headers = { Range = new RangeHeaderValue(100, null) } };
        Assert.Equal(catalog[100..], await (await Reader.SendAsync(rest)).Content.ReadAsByteArrayAsync());

        _ = await Writer.SendImageAsync(Pictures.Write(Folder.Path, Device, Pictures.Start.AddDays(1))).ReadNodeAsync(201);
        Assert.Equal(HttpStatusCode.OK, (await AskAgainAsync("/v1/catalog", first.Headers.ETag!)).StatusCode);
        Assert.Single(Directory.GetFiles(Path.Combine(Server["store"], "cache", "uploads"), "*.db", SearchOption.AllDirectories));
    }

    private Task<HttpResponseMessage> PutAsync(string path, object properties) => Writer.SendJsonAsync(HttpMethod.Put, path, properties);

    private async Task<HttpResponseMessage> AskAgainAsync(string path, EntityTagHeaderValue etag)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path) { Headers = { IfNoneMatch = { etag } } };
        return await Reader.SendAsync(request);
    }
}
