using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace StickyPi.Tests;

/// <summary>What a server answers, as it says itself.</summary>
internal static partial class ServerRoutes
{
    /// <summary>All routes of a server, as <c>METHOD /pattern</c>.</summary>
    public static IReadOnlyList<(string Method, string Pattern)> Routes(this LabServer server) =>
    [
        .. server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
                .Select(method => (method, "/" + Constraints().Replace(endpoint.RoutePattern.RawText!, "{$1}").Trim('/'))))
            .Distinct()
            .Order(),
    ];

    /// <summary>The path of a route with something in the place of each parameter.</summary>
    public static string Fill(string pattern, Func<string, string> value) => Parameters().Replace(pattern, match => value(match.Groups[1].Value));

    /// <summary>Something that is right, and does not exist.</summary>
    public static string Absent(string parameter) => parameter switch
    {
        "device" => "0a5bb6f4",
        "dateTime" => "2021-01-01_00-00-00",
        "what" => "metadata",
        "documentName" => "v1",
        "kind" => "Device",
        "id" => "0a5bb6f4",
        "key" => "ml/none/config.yaml",
        "tuboidId" => "0a5bb6f4.2021-01-01_00-00-00.2021-01-02_00-00-00.1-abc.0001",
        _ => "none",
    };

    [GeneratedRegex(@"\{(\**\w+)(?::[^}]*|\?)?\}")]
    private static partial Regex Constraints();

    [GeneratedRegex(@"\{\**(\w+)\}")]
    private static partial Regex Parameters();
}
