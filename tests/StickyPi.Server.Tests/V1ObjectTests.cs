using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using StickyPi.Core.Storage;

namespace StickyPi.Tests;

/// <summary>Objects and ML bundles over <c>/v1</c>.</summary>
public sealed class V1ObjectTests : V1Test
{
    private const string Key = "ml/uid/config/a b#?ö%2F.yaml";

    [Fact]
    public async Task An_object_keeps_its_bytes_its_time_and_its_name()
    {
        DateTime time = new(2021, 3, 4, 5, 6, 7, 890, DateTimeKind.Utc);
        byte[] bytes = RandomNumberGenerator.GetBytes(100_000);
        string etag = Convert.ToHexStringLower(MD5.HashData(bytes));

        JsonNode item = await SendAsync(Key, bytes, etag, time).ReadNodeAsync();

        Assert.Equal((Key, 100_000, etag), ((string)item["key"]!, (long)item["size"]!, (string)item["eTag"]!));
        Assert.Equal(time, File.GetLastWriteTimeUtc(Path.Combine(Server["store"], Key)));
        using HttpResponseMessage whole = await Reader.GetAsync(PathOf(Key));
        Assert.Equal(bytes, await whole.Content.ReadAsByteArrayAsync());
        Assert.Equal($"\"{etag}\"", whole.Headers.ETag?.ToString());
        Assert.Equal(time, DateTime.Parse(whole.Headers.GetValues("X-Sticky-Modified-Time").Single(), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind));

        using HttpRequestMessage middle = new(HttpMethod.Get, PathOf(Key)) { Headers = { Range = new RangeHeaderValue(50_000, 50_999) } };
        Assert.Equal(bytes[50_000..51_000], await (await Reader.SendAsync(middle)).Content.ReadAsByteArrayAsync());
        using HttpRequestMessage again = new(HttpMethod.Get, PathOf(Key)) { Headers = { IfNoneMatch = { whole.Headers.ETag! } } };
        Assert.Equal(HttpStatusCode.NotModified, (await Reader.SendAsync(again)).StatusCode);
        using HttpResponseMessage head = await Reader.SendAsync(new HttpRequestMessage(HttpMethod.Head, PathOf(Key)));
        Assert.Equal((100_000, $"\"{etag}\""), (head.Content.Headers.ContentLength, head.Headers.ETag?.ToString()));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());

        string url = (string)(await Reader.GetNodeAsync($"/v1/object-url?key={Uri.EscapeDataString(Key)}"))["url"]!;
        Assert.Equal(bytes, await Server.Client().GetByteArrayAsync(url));
        Assert.Equal(Key, (string?)(await Administrator.DeleteAsync(PathOf(Key)).ReadNodeAsync())["key"]);
        _ = await Reader.GetAsync(PathOf(Key)).AssertRefusedAsync(404, "ObjectNotFound");
        _ = await Reader.GetAsync($"/v1/object-url?key={Uri.EscapeDataString(Key)}").AssertRefusedAsync(404, "ObjectNotFound");
        _ = await Administrator.DeleteAsync(PathOf(Key)).AssertRefusedAsync(404, "ObjectNotFound");
    }

    [Theory]
    [InlineData("If-None-Match", "*")]
    [InlineData("If-Match", "\"0cc175b9c0f1b6a831c399e269772661\"")]
    [InlineData("If-Unmodified-Since", "Mon, 01 Jan 2018 00:00:00 GMT")]
    public async Task A_change_with_a_condition_is_refused_and_nothing_changes(string header, string value)
    {
        _ = await SendAsync(Key, "first"u8.ToArray()).ReadNodeAsync();
        foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Delete])
        {
            using HttpRequestMessage request = new(method, PathOf(Key)) { Content = method == HttpMethod.Put ? new ByteArrayContent("second"u8.ToArray()) : null };
            Assert.True(request.Headers.TryAddWithoutValidation(header, value));
            _ = await Administrator.SendAsync(request).AssertRefusedAsync(400, "InvalidParameter", header);
        }

        Assert.Equal("first", await Reader.GetStringAsync(PathOf(Key)));
    }

    [Fact]
    public async Task Looking_at_a_large_object_does_not_wait_until_all_of_it_is_read()
    {
        byte[] large = RandomNumberGenerator.GetBytes(ETag.PartSize + 1);
        _ = await SendAsync(Key, large).ReadNodeAsync();

        using HttpResponseMessage first = await HeadAsync();
        Assert.Equal((HttpStatusCode.OK, large.Length, null), (first.StatusCode, first.Content.Headers.ContentLength, first.Headers.ETag?.Tag));
        using HttpResponseMessage whole = await Reader.GetAsync(PathOf(Key));
        using HttpResponseMessage second = await HeadAsync();
        Assert.NotNull(whole.Headers.ETag);
        Assert.Equal(whole.Headers.ETag, second.Headers.ETag);

        _ = await SendAsync(Key, large).ReadNodeAsync();
        using HttpResponseMessage same = await HeadAsync(whole.Headers.ETag);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);

        async Task<HttpResponseMessage> HeadAsync(EntityTagHeaderValue? known = null)
        {
            using HttpRequestMessage request = new(HttpMethod.Head, PathOf(Key));
            if (known is not null)
            {
                request.Headers.IfNoneMatch.Add(known);
            }

            return await Reader.SendAsync(request);
        }
    }

    [Fact]
    public async Task Objects_of_any_name_have_an_address_and_a_url()
    {
        foreach (string key in (string[])["url", "compare", "notes/2021/a.txt"])
        {
            byte[] bytes = RandomNumberGenerator.GetBytes(100);
            _ = await SendAsync(key, bytes).ReadNodeAsync();

            Assert.Equal(bytes, await Reader.GetByteArrayAsync(PathOf(key)));
            string url = (string)(await Reader.GetNodeAsync($"/v1/object-url?key={Uri.EscapeDataString(key)}"))["url"]!;
            using HttpResponseMessage file = await Server.Client().GetAsync(url);
            Assert.Equal(bytes, await file.Content.ReadAsByteArrayAsync());
            Assert.Equal(("application/octet-stream", "nosniff"), (file.Content.Headers.ContentType?.MediaType, file.Headers.GetValues("X-Content-Type-Options").Single()));
        }
    }

    [Fact]
    public async Task A_body_that_is_not_what_was_said_leaves_what_was_there()
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(1000);
        _ = await SendAsync("ml/uid/config/x.yaml", bytes).ReadNodeAsync();

        _ = await SendAsync("ml/uid/config/x.yaml", [1, 2, 3], new string('0', 32)).AssertRefusedAsync(400, "ObjectNotVerified");
        _ = await SendAsync("ml/uid/config/x.yaml", [1, 2, 3], "nonsense").AssertRefusedAsync(400, "InvalidParameter", "X-Sticky-ETag");
        _ = await SendAsync("ml/uid/config/y.yaml", [1, 2, 3], new string('0', 32)).AssertRefusedAsync(400, "ObjectNotVerified");

        Assert.Equal(bytes, await Reader.GetByteArrayAsync(PathOf("ml/uid/config/x.yaml")));
        Assert.Single(await Reader.GetLinesAsync("/v1/objects"));
    }

    [Fact]
    public async Task A_model_may_be_larger_than_any_other_body()
    {
        byte[] model = new byte[101 * 1024 * 1024];
        JsonNode item = await SendAsync("ml/a/output/model_final.pth", model).ReadNodeAsync();

        Assert.Equal(model.Length, (long?)item["size"]);

        // Whoever does not ask first may be cut while sending, before the answer is read.
        using HttpClient asking = Writer;
        asking.DefaultRequestHeaders.ExpectContinue = true;
        _ = await asking.SendImageAsync(new("5c173ff2", Pictures.Start), model).AssertRefusedAsync(413, "BodyTooLarge");
    }

    [Theory]
    [InlineData("raw_images/5c173ff2/x.jpg", 409, "ReservedKey")]
    [InlineData("Tiled_Tuboids/x", 409, "ReservedKey")]
    [InlineData("database.db", 409, "ReservedKey")]
    [InlineData("cache/x", 409, "ReservedKey")]
    [InlineData("ml", 409, "ReservedKey")]
    [InlineData("RAW_IMAGES", 409, "ReservedKey")]
    [InlineData("ml/a/.stickypi-0123456789ab-1-x.partial", 409, "ReservedKey")]
    [InlineData("ml/cafe%CC%81.txt", 400, "InvalidKey")]
    [InlineData("ml/a%E2%80%8Bb.txt", 400, "InvalidKey")]
    [InlineData("ml/%E2%80%AEtxt.jpg", 400, "InvalidKey")]
    [InlineData("ml/%E3%85%A4/x", 400, "InvalidKey")]
    [InlineData("ml/x%20", 400, "InvalidKey")]
    [InlineData("ml//x", 400, "InvalidKey")]
    [InlineData("ml/a%5Cb", 400, "InvalidKey")]
    [InlineData("ml/..%2F..%2Fx", 400, "InvalidKey")]
    public async Task What_has_rows_and_what_is_the_stores_own_is_not_written(string path, int status, string errorId)
    {
        _ = await Writer.PutAsync($"/v1/objects/{path}", new ByteArrayContent([1])).AssertRefusedAsync(status, errorId);

        Assert.Empty(await Reader.GetLinesAsync("/v1/objects"));
    }

    [Fact]
    public async Task Objects_are_listed_below_a_prefix_and_page_by_page()
    {
        string[] keys = ["ml/a-b/config/x.yaml", "ml/a/config/x.yaml", "ml/a/data/1.jpg", "ml/b/config/x.yaml", "notes.txt"];
        foreach (string key in keys.Reverse())
        {
            _ = await SendAsync(key, [1]).ReadNodeAsync();
        }

        Assert.Equal(keys, (await Reader.GetLinesAsync("/v1/objects")).Select(item => (string)item["key"]!).Order(StringComparer.Ordinal));
        Assert.Equal(keys, (await Reader.GetPagesAsync("/v1/objects", 2)).Select(item => (string)item["key"]!));
        Assert.Equal(keys[1..3], (await Reader.GetPagesAsync("/v1/objects?prefix=ml/a", 1)).Select(item => (string)item["key"]!));
        _ = await Reader.GetAsync("/v1/objects?prefix=..").AssertRefusedAsync(400, "InvalidKey");
    }

    [Fact]
    public async Task The_server_compares_on_its_side()
    {
        byte[] large = RandomNumberGenerator.GetBytes(ETag.PartSize + 1);
        string parts = ETag.Combine([.. MD5.HashData(large.AsSpan(0, ETag.PartSize)), .. MD5.HashData(large.AsSpan(ETag.PartSize))]);
        _ = await SendAsync("ml/a/output/model_final.pth", large, parts).ReadNodeAsync();

        List<JsonNode> lines = await Reader.PostLinesAsync(
            "/v1/objects/compare",
            new { key = "ml/a/output/model_final.pth", size = large.Length, eTag = parts },
            new { key = "ml/a/output/model_final.pth", size = large.Length, eTag = Convert.ToHexString(MD5.HashData(large)) },
            new { key = "ml/a/output/model_final.pth", size = large.Length, eTag = new string('0', 32) },
            new { key = "ml/a/output/model_final.pth", size = 17, eTag = new string('0', 32) },
            new { key = "../none", size = 17, eTag = new string('0', 32) });

        Assert.Equal([true, true, false, false, null], lines.Select(line => (bool?)line["value"]?["equal"]));
        Assert.All(lines, line => Assert.Null(line["error"]));
    }

    [Fact]
    public async Task Bundles_are_listed_and_deleted_whole()
    {
        _ = await SendAsync("ml/a/config/x.yaml", [1, 2]).ReadNodeAsync();
        _ = await SendAsync("ml/b/config/x.yaml", [1]).ReadNodeAsync();
        _ = await SendAsync("ml/b/data/1.jpg", [1]).ReadNodeAsync();

        Assert.Equal([("a", 1, 2), ("b", 2, 2)], (await Reader.GetPagesAsync("/v1/bundles", 1)).Select(bundle => ((string)bundle["name"]!, (int)bundle["fileCount"]!, (int)bundle["size"]!)));
        Assert.Single(await Reader.GetLinesAsync("/v1/bundles?name=B*"));
        Assert.Equal("""["a","b"]""", (await Reader.GetNodeAsync("/v1/bundles/names")).ToJsonString());
        Assert.Equal(2, (int?)(await Administrator.DeleteAsync("/v1/bundles/b").ReadNodeAsync())["fileCount"]);
        _ = await Administrator.DeleteAsync("/v1/bundles/b").AssertRefusedAsync(404, "BundleNotFound");
        _ = await Administrator.DeleteAsync("/v1/bundles/a%2Fconfig").AssertRefusedAsync(400, "InvalidBundleName");
        Assert.Single(await Reader.GetLinesAsync("/v1/objects"));
    }

    private static string PathOf(string key) => "/v1/objects/" + string.Join('/', key.Split('/').Select(Uri.EscapeDataString));

    private Task<HttpResponseMessage> SendAsync(string key, byte[] bytes, string? etag = null, DateTime? time = null)
    {
        HttpRequestMessage request = new(HttpMethod.Put, PathOf(key)) { Content = new ByteArrayContent(bytes) };
        if (etag is not null)
        {
            request.Headers.Add("X-Sticky-ETag", etag);
        }

        if (time is not null)
        {
            request.Headers.Add("X-Sticky-Modified-Time", time.Value.ToString("O", CultureInfo.InvariantCulture));
        }

        return Writer.SendAsync(request);
    }
}
