using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using StickyPi.Core;
using StickyPi.Server.Existing;

namespace StickyPi.Tests.Wire;

/// <summary>Lists that the existing API is sent are read item by item.</summary>
public sealed class JsonInputTests(LabServer server) : IClassFixture<LabServer>
{
    private const string Item = """{"device":"5c173ff2","datetime":"2021-06-01_00-00-00"}""";

    [Theory]
    [InlineData("0", "InvalidRequest")]
    [InlineData("[[]]", "InvalidRequest")]
    [InlineData(Item, null)]
    public async Task A_long_list_takes_no_memory_but_for_what_is_read_of_its_items(string item, string? errorId)
    {
        const int Count = 50_000;
        byte[] body = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat(item, Count))}]");
        DefaultHttpContext context = new() { Request = { Body = new MemoryStream(body) } };

        long before = GC.GetAllocatedBytesForCurrentThread();
        ValueTask<List<DateTime>> reading = JsonInput.ReadListAsync(context, read => read.Required("datetime").Time());
        Assert.True(reading.IsCompleted);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        if (errorId is null)
        {
            Assert.Equal(Count, (await reading).Count);

            // A document, its text and the time of each item, one after the other.
            Assert.InRange(allocated, 0, Count * 1000L);
        }
        else
        {
            Assert.Equal(errorId, (await Assert.ThrowsAsync<StickyException>(async () => await reading)).ErrorId);
            Assert.InRange(allocated, 0, 500_000);
        }
    }

    [Fact]
    public async Task A_list_with_more_items_than_are_taken_is_refused()
    {
        byte[] body = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat("0", JsonInput.MaximumItems + 1))}]");
        DefaultHttpContext context = new() { Request = { Body = new MemoryStream(body) } };

        StickyException error = await Assert.ThrowsAsync<StickyException>(async () => await JsonInput.ReadListAsync(context, _ => 0));
        Assert.Equal("TooManyItems", error.ErrorId);
    }

    [Theory]
    [InlineData("get_images/metadata", "[0,0]", "InvalidRequest", "[0]")]
    [InlineData("get_images/metadata", "[{\"device\":\"5c173ff2\",\"datetime\":17}]", "InvalidRequest", "[0].datetime")]
    [InlineData("get_images/metadata", "[" + Item + "] [" + Item + "]", "InvalidJson", "")]
    [InlineData("get_images/metadata", "[" + Item + ",", "InvalidJson", "")]
    [InlineData("get_images/metadata", " ", "InvalidRequest", "")]
    [InlineData("get_images/metadata", "{}", "InvalidRequest", "")]
    [InlineData("get_images/metadata", "null", "InvalidRequest", "")]
    [InlineData("_get_itc_labels", "[{\"tuboid_id\":\"x\"},{}]", "InvalidRequest", "[1].tuboid_id")]
    [InlineData("_get_ml_bundle_file_list/all", "[\"a\"]", "InvalidRequest", "")]
    [InlineData("_get_ml_bundle_file_list/all", "[]", "InvalidRequest", "")]
    [InlineData("_get_ml_bundle_file_list/all", "\"a\" \"b\"", "InvalidJson", "")]
    [InlineData("_get_ml_bundle_file_list/all", "", "InvalidRequest", "")]
    [InlineData("put_users", "[{\"username\":\"eve\",\"password\":\"x\",\"can_write\":false,\"can_write\":true}]", "InvalidJson", "")]
    [InlineData("get_users", "0", "InvalidRequest", "")]
    public async Task What_is_wrong_with_a_list_is_named(string path, string body, string errorId, string field)
    {
        using HttpResponseMessage answer = await server.Client(LabServer.Administrator).PostAsync(path, new StringContent(body));
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == 400, text);
        Assert.Equal((errorId, field), ((string?)JsonNode.Parse(text)!["title"], (string?)JsonNode.Parse(text)!["field"] ?? ""));
    }

    [Theory]
    [InlineData("%")]
    [InlineData("_C173FF2")]
    [InlineData("5c173ff2")]
    public async Task A_tuboid_of_a_series_of_any_device_is_of_its_own_device(string device)
    {
        await using LabServer own = new();
        await own.InitializeAsync();
        string folder = Tuboids.Write(own["card"], Tuboids.Id(0));

        using HttpResponseMessage answer = await SendAsync(own, folder, device);
        string text = await answer.Content.ReadAsStringAsync();

        Assert.True(answer.IsSuccessStatusCode, text);
        JsonNode series = Assert.Single(await own.Client(LabServer.Reader).GetLinesAsync("/v1/tuboid-series"));
        Assert.Equal(Tuboids.Device, (string?)series["device"]);
    }

    [Fact]
    public async Task A_series_of_other_devices_takes_no_tuboid()
    {
        using HttpResponseMessage answer = await SendAsync(server, Tuboids.Write(server["card"], Tuboids.Id(0)), "0a%");
        Assert.Equal("series_info.device", (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["field"]);
    }

    private static async Task<HttpResponseMessage> SendAsync(LabServer server, string folder, string device)
    {
        using MultipartFormDataContent form = [];
        foreach ((string part, string file) in
            ((string, string)[])[("metadata", "metadata.txt"), ("tuboid", "tuboid.jpg"), ("context", "context.jpg")])
        {
            form.Add(new ByteArrayContent(File.ReadAllBytes(Path.Combine(folder, file))), part, file);
        }

        JsonObject series = new()
        {
            ["device"] = device,
            ["start_datetime"] = "2020-01-01_00-00-00",
            ["end_datetime"] = "2030-12-31_00-00-00",
            ["n_tuboids"] = 6,
            ["n_images"] = 10,
            ["algo_name"] = "test",
            ["algo_version"] = "11111111-19191919",
        };
        form.Add(new StringContent($"\"{Path.GetFileName(folder)}\""), "tuboid_id", "tuboid_id");
        form.Add(new StringContent(series.ToJsonString()), "series_info", "series_info");
        return await server.Client(LabServer.Writer).PostAsync("_put_tiled_tuboids", form);
    }
}
