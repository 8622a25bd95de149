using System.Net.Http.Headers;

namespace StickyPi.Core.Remote;

/// <summary>Sends requests to a server as one user: with a token that is renewed once when it is refused, and again where that is safe.</summary>
public sealed class ApiClient
{
    /// <summary>Sends a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The answer, whose status says success; to be disposed of.</returns>
    /// <exception cref="StickyException">The server refused it or can't be reached; with what it said.</exception>
    public ValueTask<HttpResponseMessage> SendAsync(ApiRequest request, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>What the server can do, by its own OpenAPI description.</summary>
    /// <param name="cancellationToken">Stops the asking.</param>
    /// <returns>The endpoints, ordered by path and method.</returns>
    public ValueTask<IReadOnlyList<StickyApiEndpoint>> GetEndpointsAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();
}

/// <summary>A request to a server.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path below the address of the server, without a slash at its start; with a query, or without.</param>
public sealed record ApiRequest(HttpMethod Method, string Path)
{
    /// <summary>Parameters of the query, in their order; one may come several times.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>Makes the body, anew for each attempt; null for none.</summary>
    public Func<HttpContent>? Content { get; init; }

    /// <summary>What the answer should be; JSON by default.</summary>
    public MediaTypeWithQualityHeaderValue Accept { get; init; } = new("application/json");

    /// <summary>Whether it may be sent again when its answer is lost: GET, HEAD, PUT and DELETE may by themselves.</summary>
    public bool IsIdempotent { get; init; } = Method == HttpMethod.Get || Method == HttpMethod.Head || Method == HttpMethod.Put || Method == HttpMethod.Delete;
}

/// <summary>Something that a server can be asked for.</summary>
public sealed record StickyApiEndpoint
{
    /// <summary>Its name, such as <c>ListImages</c>: the <c>operationId</c> of OpenAPI.</summary>
    public required string Name { get; init; }

    /// <summary>The HTTP method, in upper case.</summary>
    public required string Method { get; init; }

    /// <summary>The path, with its parameters in braces: <c>/v1/images/{device}/{dateTime}</c>.</summary>
    public required string Path { get; init; }

    /// <summary>What it does.</summary>
    public string? Summary { get; init; }

    /// <summary>Its parameters.</summary>
    public IReadOnlyList<StickyApiParameter> Parameters { get; init; } = [];

    /// <summary>The media types that it takes in a body; none where it takes no body.</summary>
    public IReadOnlyList<string> RequestTypes { get; init; } = [];

    /// <summary>The name.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => Name;
}

/// <summary>A parameter of an endpoint.</summary>
/// <param name="Name">Its name.</param>
/// <param name="In">Where it goes: <c>path</c>, <c>query</c> or <c>header</c>.</param>
/// <param name="Type">Its JSON type, with the format where it has one: <c>string (date-time)</c>.</param>
/// <param name="IsRequired">Whether it must be given.</param>
/// <param name="Description">What it means.</param>
public sealed record StickyApiParameter(string Name, string In, string Type, bool IsRequired, string? Description)
{
    /// <summary>The name.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => Name;
}
