using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace StickyPi.Tests;

/// <summary>What OpenAPI tells of <c>/v1</c>.</summary>
public sealed partial class V1OpenApiTests(LabServer server) : IClassFixture<LabServer>
{
    [Fact]
    public async Task The_description_is_valid_and_anybody_may_read_it()
    {
        (OpenApiDocument? document, OpenApiDiagnostic? diagnostic) = OpenApiDocument.Parse(await server.Client().GetStringAsync("/openapi/v1.json"), "json");

        Assert.NotNull(document);
        Assert.Empty(diagnostic!.Errors);
        Assert.Empty(document.Validate(ValidationRuleSet.GetDefaultRuleSet()));
    }

    [Fact]
    public async Task Every_operation_has_a_name_a_summary_a_role_and_says_what_it_takes_and_gives()
    {
        foreach ((string path, string method, JsonNode operation) in await OperationsAsync())
        {
            string where = $"{method} {path}";
            Assert.True(Regex.IsMatch((string?)operation["operationId"] ?? "", "^[A-Z][A-Za-z]+$"), where);
            Assert.True(((string?)operation["summary"])?.EndsWith('.'), where);
            Assert.True((string?)operation["x-role"] is "Reader" or "Writer" or "Administrator", where);
            Assert.Equal(PathParameter().Matches(path).Count, Parameters(operation).Count(parameter => (string?)parameter["in"] == "path"));
            Assert.All(Parameters(operation), parameter =>
            {
                Assert.False(string.IsNullOrEmpty((string?)parameter["description"]), where);
                Assert.NotNull(parameter["schema"]!["type"]);
            });
            Assert.True((operation["requestBody"] is not null) == (method is "put" or "post" or "patch" && path != "/v1/token"), where);
            JsonObject answers = operation["responses"]!.AsObject();
            Assert.True(answers.Any(answer => answer.Key.StartsWith('2')), where);
            if (path != "/v1/token")
            {
                Assert.All(["400", "401", "403"], status => Assert.NotNull(answers[status]?["content"]?["application/problem+json"]?["schema"]));
                Assert.All(answers, answer => Assert.NotEmpty(answer.Value!["content"]!.AsObject()));
            }
        }
    }

    [Fact]
    public async Task Every_route_is_described_once_and_its_role_is_the_one_that_it_is_for()
    {
        List<(string Path, string Method, JsonNode Operation)> operations = await OperationsAsync();
        string[] described = [.. operations.Select(one => $"{one.Method.ToUpperInvariant()} {one.Path} {one.Operation["x-role"]}").Order(StringComparer.Ordinal)];
        string[] mapped =
        [
            .. server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                .Where(endpoint => endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith("v1", StringComparison.Ordinal))
                .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Where(method => method != "HEAD").Select(method =>
                    $"{method} /{endpoint.RoutePattern.RawText!.Trim('/').Replace("**", "")} {endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>()[^1].Policy}"))
                .Order(StringComparer.Ordinal),
        ];

        Assert.Equal(mapped, described);
        Assert.Equal(operations.Count, operations.Select(one => (string?)one.Operation["operationId"]).Distinct().Count());
    }

    [Fact]
    public async Task The_description_tells_what_a_client_needs_to_know()
    {
        JsonNode document = await server.Client().GetNodeAsync("/openapi/v1.json");
        JsonNode list = document["paths"]!["/v1/images"]!["get"]!;

        Assert.Equal("ListImages", (string?)list["operationId"]);
        JsonNode start = Parameters(list).Single(parameter => (string?)parameter["name"] == "startTime");
        Assert.Equal(("query", "string", "date-time"), ((string?)start["in"], (string?)start["schema"]!["type"], (string?)start["schema"]!["format"]));
        JsonNode what = Parameters(list).Single(parameter => (string?)parameter["name"] == "what");
        Assert.Equal("""["metadata","image","thumbnail","thumbnail-mini"]""", what["schema"]!["enum"]!.ToJsonString());
        Assert.NotNull(list["responses"]!["200"]!["content"]!["application/x-ndjson"]!["schema"]);
        string text = document.ToJsonString();
        Assert.Contains("\"noFlashExposureTime\"", text);
        Assert.Contains("\"Administrator\"", text);
    }

    private static IEnumerable<JsonNode> Parameters(JsonNode operation) => operation["parameters"]?.AsArray().Select(parameter => parameter!) ?? [];

    private async Task<List<(string Path, string Method, JsonNode Operation)>> OperationsAsync() =>
    [
        .. (await server.Client().GetNodeAsync("/openapi/v1.json"))["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(method => (path.Key, method.Key, method.Value!))),
    ];

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex PathParameter();
}
