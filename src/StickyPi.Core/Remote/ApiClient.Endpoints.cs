using System.Text.Json;

namespace StickyPi.Core.Remote;

public sealed partial class ApiClient
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

    /// <summary>What the server can do, by its own OpenAPI description.</summary>
    /// <param name="cancellationToken">Stops the asking.</param>
    /// <returns>The endpoints, ordered by path and method.</returns>
    /// <exception cref="StickyException"><c>NotAStickyPiServer</c>: what it describes itself with is no OpenAPI; those of <see cref="SendAsync"/>.</exception>
    public async ValueTask<IReadOnlyList<StickyApiEndpoint>> GetEndpointsAsync(CancellationToken cancellationToken = default)
    {
        using HttpResponseMessage response = await SendAsync(new ApiRequest(HttpMethod.Get, "openapi/v1.json"), cancellationToken).ConfigureAwait(false);
        using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using JsonDocument description = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken).ConfigureAwait(false);
            return
            [
                .. ReadEndpoints(description.RootElement)
                    .OrderBy(endpoint => endpoint.Path, StringComparer.Ordinal)
                    .ThenBy(endpoint => endpoint.Method, StringComparer.Ordinal),
            ];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw RemoteErrors.NotAServer(Uri, "its description of itself is no OpenAPI", e);
        }
    }

    private static IEnumerable<StickyApiEndpoint> ReadEndpoints(JsonElement description)
    {
        foreach (JsonProperty path in description.GetProperty("paths").EnumerateObject())
        {
            JsonElement[] shared = [.. Items(path.Value, "parameters")];
            foreach (JsonProperty operation in path.Value.EnumerateObject().Where(member => Methods.Contains(member.Name)))
            {
                string method = operation.Name.ToUpperInvariant();
                JsonElement body = Follow(description, Member(operation.Value, "requestBody"));
                yield return new StickyApiEndpoint
                {
                    Name = Text(operation.Value, "operationId") ?? $"{method} {path.Name}",
                    Method = method,
                    Path = path.Name,
                    Summary = Text(operation.Value, "summary") ?? Text(operation.Value, "description"),
                    Parameters = [.. shared.Concat(Items(operation.Value, "parameters")).Select(parameter => ReadParameter(description, Follow(description, parameter)))],
                    RequestTypes = Member(body, "content") is { ValueKind: JsonValueKind.Object } content ? [.. content.EnumerateObject().Select(type => type.Name)] : [],
                };
            }
        }
    }

    private static StickyApiParameter ReadParameter(JsonElement description, JsonElement parameter) => new(
        Text(parameter, "name") ?? "",
        Text(parameter, "in") ?? "",
        TypeOf(description, Follow(description, Member(parameter, "schema"))),
        Member(parameter, "required").ValueKind == JsonValueKind.True,
        Text(parameter, "description"));

    private static string TypeOf(JsonElement description, JsonElement schema)
    {
        JsonElement type = Member(schema, "type");
        string name = type.ValueKind switch
        {
            JsonValueKind.String => type.GetString()!,

            // A type that may be null, in OpenAPI 3.1; what may be a text as well is the other thing.
            JsonValueKind.Array => type.EnumerateArray().Select(item => item.GetString()!).Where(item => item != "null")
                .OrderBy(item => item == "string").FirstOrDefault() ?? "any",
            _ => Member(schema, "enum").ValueKind == JsonValueKind.Array ? "string" : "any",
        };
        return name == "array" ? $"{TypeOf(description, Follow(description, Member(schema, "items")))}[]"
            : Text(schema, "format") is string format ? $"{name} ({format})"
            : name;
    }

    // What stands elsewhere in the description: {"$ref": "#/components/schemas/X"}.
    private static JsonElement Follow(JsonElement description, JsonElement element)
    {
        const int MaxSteps = 8;
        for (int step = 0; step < MaxSteps && Text(element, "$ref") is string reference && reference.StartsWith("#/", StringComparison.Ordinal); step++)
        {
            element = reference[2..].Split('/').Aggregate(
                description,
                (at, name) => Member(at, name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)));
        }

        return element;
    }

    private static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement member) ? member : default;

    private static string? Text(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];
}
