using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using StickyPi.Core.Images;
using StickyPi.Server.V1;

namespace StickyPi.Tests;

/// <summary>What the tests of <c>/v1</c> ask of it, as any HTTP client would.</summary>
public static class V1Client
{
    /// <summary>Sends a picture.</summary>
    public static Task<HttpResponseMessage> SendImageAsync(this HttpClient client, string path, string query = "", byte[]? md5 = null)
    {
        ImageReference reference = ImageReference.Parse(Path.GetFileName(path));
        return client.SendImageAsync(reference, File.ReadAllBytes(path), query, md5);
    }

    /// <summary>Sends what is said to be a picture.</summary>
    public static Task<HttpResponseMessage> SendImageAsync(
        this HttpClient client, ImageReference reference, byte[] bytes, string query = "", byte[]? md5 = null)
    {
        ByteArrayContent content = new(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        content.Headers.ContentMD5 = md5 ?? MD5.HashData(bytes);
        return client.PutAsync(PathOf(reference) + query, content);
    }

    /// <summary>The path of a picture.</summary>
    public static string PathOf(ImageReference reference) => $"/v1/images/{reference.FileName.Split('.')[0]}/{reference.FileName.Split('.')[1]}";

    /// <summary>Gets JSON, which must be there.</summary>
    public static async Task<JsonNode> GetNodeAsync(this HttpClient client, string path)
    {
        HttpResponseMessage response = await client.GetAsync(path);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>Gets all lines of a list.</summary>
    public static async Task<List<JsonNode>> GetLinesAsync(this HttpClient client, string path)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        return await client.ReadLinesAsync(request);
    }

    /// <summary>Sends a batch, and gets the lines of the answer.</summary>
    public static Task<List<JsonNode>> PostLinesAsync(this HttpClient client, string path, params object[] items) =>
        client.PostTextAsync(path, string.Join('\n', items.Select(item => JsonSerializer.Serialize(item))));

    /// <summary>Sends a text as a batch, and gets the lines of the answer.</summary>
    public static async Task<List<JsonNode>> PostTextAsync(this HttpClient client, string path, string text)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = new StringContent(text, Encoding.UTF8, Streaming.Lines) };
        return await client.ReadLinesAsync(request);
    }

    /// <summary>Gets all items of a list page by page; between two pages, something may happen.</summary>
    public static async Task<List<JsonNode>> GetPagesAsync(this HttpClient client, string path, int pageSize, Func<int, Task>? between = null)
    {
        List<JsonNode> items = [];
        string? cursor = null;
        for (int page = 1; ; page++)
        {
            string separator = path.Contains('?') ? "&" : "?";
            JsonNode answer = await client.GetNodeAsync(
                $"{path}{separator}pageSize={pageSize}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}");
            items.AddRange(answer["items"]!.AsArray().Select(item => item!));
            cursor = (string?)answer["next"];
            if (cursor is null)
            {
                return items;
            }

            Assert.True(page < 10_000, "The pages do not end.");
            await (between?.Invoke(page) ?? Task.CompletedTask);
        }
    }

    /// <summary>Asserts that a request was refused, and why.</summary>
    public static async Task<JsonNode> AssertRefusedAsync(this Task<HttpResponseMessage> asked, int status, string errorId, string? field = null)
    {
        using HttpResponseMessage response = await asked;
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        JsonNode error = JsonNode.Parse(text)!;
        Assert.Equal((errorId, field), ((string?)error["title"], (string?)error["field"]));
        Assert.False(string.IsNullOrEmpty((string?)error["detail"]));
        Assert.Equal(response.Headers.GetValues("X-Request-Id").Single(), (string?)error["requestId"]);
        return error;
    }

    /// <summary>Reads the JSON of an answer with a certain status.</summary>
    public static async Task<JsonNode> ReadNodeAsync(this Task<HttpResponseMessage> asked, int status = 200)
    {
        using HttpResponseMessage response = await asked;
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }

    /// <summary>Sends JSON.</summary>
    public static Task<HttpResponseMessage> SendJsonAsync(
        this HttpClient client, HttpMethod method, string path, object body, string mediaType = "application/json") =>
        client.SendAsync(new HttpRequestMessage(method, path) { Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, mediaType) });

    private static async Task<List<JsonNode>> ReadLinesAsync(this HttpClient client, HttpRequestMessage request)
    {
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(Streaming.Lines));
        using HttpResponseMessage response = await client.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        Assert.Equal(Streaming.Lines, response.Content.Headers.ContentType?.MediaType);
        Assert.True(text.Length == 0 || text[^1] == '\n');
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }
}
