using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using StickyPi.Server.V1;

namespace StickyPi.Tests;

/// <summary>A body is taken as a whole or refused: nothing in it is passed over.</summary>
public sealed class V1BodyTests(LabServer server) : IClassFixture<LabServer>
{
    private const string Image = """{"device":"5c173ff2","dateTime":"2021-06-01T00:00:00Z"}""";

    // A body of each route that takes JSON of a known form; null where any object is right, or each element has rules of its own.
    private static readonly Dictionary<string, string?> Bodies = new()
    {
        ["POST /v1/images/find"] = Image,
        ["POST /v1/images/delete"] = Image,
        ["POST /v1/annotations/find"] = Image,
        ["POST /v1/annotations/delete"] = $$"""{"image":{{Image}},"algoName":"a","algoVersion":"1"}""",
        ["POST /v1/annotations"] = null,
        ["POST /v1/tuboid-series/find"] =
            """{"device":"5c173ff2","startTime":"2021-06-01T00:00:00Z","endTime":"2021-06-02T00:00:00Z","algoName":"a","algoVersion":"1"}""",
        ["POST /v1/tuboid-series/delete"] =
            """{"device":"5c173ff2","startTime":"2021-06-01T00:00:00Z","endTime":"2021-06-02T00:00:00Z","algoName":"a","algoVersion":"1"}""",
        ["POST /v1/labels"] = """{"tuboidId":"x","algoName":"a","algoVersion":"1","label":1,"pattern":".*","type":"Insecta"}""",
        ["POST /v1/labels/find"] = null,
        ["POST /v1/users"] = """{"userName":"eve","password":"winter moth"}""",
        ["PATCH /v1/users/{name}"] = """{"isAdmin":true}""",
        ["POST /v1/users/{name}/verify"] = """{"password":"winter moth"}""",
        ["POST /v1/objects/compare"] = """{"key":"ml/a","size":1,"etag":"x"}""",
        ["POST /v1/properties/find"] = """{"kind":"Device","id":"5c173ff2"}""",
        ["PUT /v1/properties/{kind}/{id}"] = null,
        ["PATCH /v1/properties/{kind}/{id}"] = """{"set":{"a":1}}""",
    };

    private static readonly string LogIn = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{LabServer.Administrator}:{LabServer.Password}"));

    private HttpClient Administrator => server.Client(LabServer.Administrator);

    [Fact]
    public async Task A_field_that_is_unknown_computed_or_comes_twice_is_refused_by_every_route_and_named()
    {
        string[] routes =
        [
            .. server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                .Where(endpoint => endpoint.Metadata.GetOrderedMetadata<TakenBody>()
                    .Any(body => body.MediaTypes.Contains("application/json")))
                .Select(endpoint =>
                    $"{endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0]} /{endpoint.RoutePattern.RawText!.Trim('/')}"),
        ];
        Assert.Equal(Bodies.Keys.Order(StringComparer.Ordinal), routes.Distinct().Order(StringComparer.Ordinal));
        List<string> wrong = [];
        foreach ((string route, string? body) in Bodies.Where(route => route.Value is not null))
        {
            foreach ((string changed, string id, string field) in Changes(body!))
            {
                JsonNode? error = await SendAsync(route, changed);
                if (((string?)error?["title"], ((string?)error?["field"])?.Replace("[0].", "", StringComparison.Ordinal)) != (id, field)
                    || !((string)error!["recommendedAction"]!).Contains(FirstField(body!), StringComparison.Ordinal))
                {
                    wrong.Add($"{route} {changed}: {error?.ToJsonString()}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Properties_that_are_sent_as_a_change_are_refused_with_the_type_that_merges_them()
    {
        string path = "/v1/properties/device/5c173ff2";
        JsonNode error = await Administrator.SendJsonAsync(HttpMethod.Patch, path, new { battery = 5 })
            .AssertRefusedAsync(400, "UnknownField", "battery");
        Assert.Contains("merge, replace, set, remove", (string)error["recommendedAction"]!);
        Assert.Contains("application/merge-patch+json", (string)error["recommendedAction"]!);

        // Other meanings of JSON, in particular a patch that would take the place of all there is.
        foreach ((HttpMethod method, string address, string type) in (IEnumerable<(HttpMethod, string, string)>)
        [
            (HttpMethod.Put, path, "application/merge-patch+json"), (HttpMethod.Patch, path, "application/json-patch+json"),
            (HttpMethod.Patch, path, "application/merge-patch+jsonx+json"),
            (HttpMethod.Patch, "/v1/users/rita", "application/merge-patch+json"),
        ])
        {
            _ = await Administrator.SendJsonAsync(method, address, new { email = (string?)null }, type)
                .AssertRefusedAsync(415, "InvalidRequest");
        }
    }

    [Fact]
    public async Task A_body_is_refused_where_none_is_taken_or_where_it_is_a_part_or_compressed()
    {
        foreach ((string method, string pattern) in server.Routes().Where(route => route.Pattern.StartsWith("/v1", StringComparison.Ordinal)))
        {
            if (method is "DELETE" || pattern == "/v1/token")
            {
                _ = await Administrator.SendJsonAsync(new HttpMethod(method), ServerRoutes.Fill(pattern, ServerRoutes.Absent), new { force = true })
                    .AssertRefusedAsync(pattern == "/v1/token" && method is not ("POST" or "DELETE") ? 405 : 400, "UnexpectedBody");
            }
        }

        using ByteArrayContent part = new([1, 2]);
        part.Headers.ContentRange = new ContentRangeHeaderValue(0, 1, 10);
        _ = await Administrator.PutAsync("/v1/objects/ml/a", part).AssertRefusedAsync(400, "InvalidParameter", "Content-Range");
        using ByteArrayContent zipped = new([1, 2]);
        zipped.Headers.ContentEncoding.Add("gzip");
        _ = await Administrator.PutAsync("/v1/objects/ml/a", zipped).AssertRefusedAsync(415, "InvalidRequest");
        Assert.Null(await server.Store.FindStorageItemAsync("ml/a"));
    }

    [Fact]
    public async Task A_text_with_a_character_of_code_0_is_refused_by_name()
    {
        string body = Bodies["POST /v1/labels"]!.Replace("\"x\"", "\"x\\u0000\"", StringComparison.Ordinal);
        JsonNode error = Assert.Single(await Administrator.PostTextAsync("/v1/labels", body));
        Assert.Equal(("InvalidElement", "[0].tuboidId"), ((string?)error["error"]!["title"], (string?)error["error"]!["field"]));
        Assert.Contains("code 0", (string)error["error"]!["detail"]!);
    }

    [Theory]
    [InlineData("/v1/images/find")]
    [InlineData("/v1/labels")]
    [InlineData("/v1/annotations?continueOnError=true")]
    public async Task A_batch_of_nonsense_ends_after_a_thousand_errors(string path)
    {
        List<JsonNode> lines = await Administrator.PostTextAsync(path, $"[{string.Join(',', Enumerable.Repeat("0", 5000))}]");

        Assert.Equal(Batch.MaximumErrors + 1, lines.Count);
        Assert.Equal(("TooManyErrors", "[1000]"), ((string?)lines[^1]["error"]!["title"], (string?)lines[^1]["error"]!["field"]));
    }

    [Theory]
    [InlineData("FFFFFFFFFFFFFFFFF\r\n")]
    [InlineData("-1\r\n")]
    [InlineData("+5\r\n12345\r\n0\r\n\r\n")]
    [InlineData("0x5\r\n12345\r\n0\r\n\r\n")]
    [InlineData("5\r\n123456\r\n0\r\n\r\n")]
    [InlineData("ZZ\r\n")]
    [InlineData("\r\n")]
    public async Task A_body_that_is_framed_wrongly_is_a_400(string body)
    {
        foreach (string route in (string[])
        [
            "POST /v1/images/find", "POST /v1/annotations", "PUT /v1/objects/ml/a", "PUT /v1/properties/device/5c173ff2",
            "POST /get_images/metadata", "POST /put_uid_annotations", "POST /_put_new_images", "POST /files", "POST /get_users",
        ])
        {
            using TcpClient client = new(server.Uri.Host, server.Uri.Port);
            string type = route is "POST /_put_new_images" or "POST /files" ? "multipart/form-data; boundary=x" : "application/json";
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"{route} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {LogIn}\r\nContent-Type: {type}\r\n"
                + $"Transfer-Encoding: chunked\r\n\r\n{body}"));
            using StreamReader reader = new(client.GetStream());
            string? status = await reader.ReadLineAsync();
            Assert.Equal($"{route}: HTTP/1.1 400 Bad Request", $"{route}: {status}");
        }
    }

    private static IEnumerable<(string Body, string ErrorId, string Field)> Changes(string body)
    {
        string first = FirstField(body);
        yield return (body.Insert(1, "\"nope\":1,"), "UnknownField", "nope");
        yield return (body.Insert(1, $"\"{first}\":null,"), "InvalidElement", first);
        yield return (body.Insert(1, $"\"{first.ToUpperInvariant()}\":null,"), "InvalidElement", first);
        if (body.StartsWith("{\"device\":\"5c173ff2\",\"dateTime\"", StringComparison.Ordinal))
        {
            yield return (body.Insert(1, "\"fileName\":\"x\","), "UnknownField", "fileName");
        }

        if (body.StartsWith("{\"image\"", StringComparison.Ordinal))
        {
            yield return (body.Replace("{\"device\"", "{\"nope\":1,\"device\"", StringComparison.Ordinal), "UnknownField", "image.nope");
            yield return (body.Replace("{\"device\"", "{\"isValid\":true,\"device\"", StringComparison.Ordinal), "UnknownField", "image.isValid");
        }
    }

    private static string FirstField(string body) => JsonNode.Parse(body)!.AsObject().First().Key;

    private async Task<JsonNode?> SendAsync(string route, string body)
    {
        string[] parts = route.Split(' ');
        using HttpRequestMessage request = new(new HttpMethod(parts[0]), ServerRoutes.Fill(parts[1], ServerRoutes.Absent))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        using HttpResponseMessage response = await Administrator.SendAsync(request);
        JsonNode answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        return answer is JsonArray array ? array[0]!["error"] : answer;
    }
}
