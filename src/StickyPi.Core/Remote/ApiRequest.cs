using System.Net;
using System.Net.Http.Headers;

namespace StickyPi.Core.Remote;

/// <summary>A request to a server.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path below the address of the server, without a slash at its start; with a query, or without.</param>
public sealed record ApiRequest(HttpMethod Method, string Path)
{
    /// <summary>How long a server may take to answer where nothing else is said, from the last byte of the request on.</summary>
    internal static readonly TimeSpan DefaultPatience = TimeSpan.FromMinutes(2);

    /// <summary>How long a server may take to answer what needs it to read or write much.</summary>
    internal static readonly TimeSpan LongPatience = TimeSpan.FromMinutes(30);

    /// <summary>Parameters of the query, in their order; one may come several times.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>Headers besides those of the body, in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Makes the body, anew for each attempt; null for none.</summary>
    public Func<HttpContent>? Content { get; init; }

    /// <summary>What the answer should be; JSON by default.</summary>
    public MediaTypeWithQualityHeaderValue Accept { get; init; } = new("application/json");

    /// <summary>Whether it may be sent again when its answer is lost: GET, HEAD, PUT and DELETE may by themselves.</summary>
    public bool IsIdempotent { get; init; } = Method == HttpMethod.Get || Method == HttpMethod.Head || Method == HttpMethod.Put || Method == HttpMethod.Delete;

    /// <summary>Whether it leaves the server as it was, so that answers that were kept stay good.</summary>
    internal bool ChangesNothing { get; init; } = Method == HttpMethod.Get || Method == HttpMethod.Head || Method == HttpMethod.Options;

    /// <summary>Statuses besides those of success that are answers, and no errors.</summary>
    internal IReadOnlyList<HttpStatusCode> Expected { get; init; } = [];

    /// <summary>How long the server may take to answer.</summary>
    internal TimeSpan Patience { get; init; } = DefaultPatience;

    /// <summary>The item that the request is about, for errors; null for the one that the server names, or the server.</summary>
    internal object? Target { get; init; }

    /// <summary>Method and path, without the query, which may hold what nobody else should see.</summary>
    /// <returns>For instance <c>GET v1/images</c>.</returns>
    public override string ToString() => $"{Method} {Path.Split('?')[0]}";

    /// <summary>The address that is asked.</summary>
    /// <param name="server">The address of the server, with a slash at its end.</param>
    /// <returns>The whole of it.</returns>
    /// <exception cref="StickyException"><c>InvalidPath</c>: the path leads to another server.</exception>
    internal Uri ToUri(Uri server)
    {
        string query = string.Join('&', Query.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
        string path = query.Length == 0 ? Path : $"{Path}{(Path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{query}";

        // Put behind the address as a text: a path such as //other.example/ must not take the token there. A whole address, as it is copied from
        // somewhere, is taken at its word.
        bool isWhole = path.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || path.StartsWith("http://", StringComparison.OrdinalIgnoreCase);
        return Uri.TryCreate(isWhole ? path : server.AbsoluteUri + path.TrimStart('/'), UriKind.Absolute, out Uri? uri)
            && uri.AbsoluteUri.StartsWith(server.AbsoluteUri, StringComparison.Ordinal)
                ? uri
                : throw new StickyException(
                    "InvalidPath",
                    StickyErrorKind.InvalidData,
                    $"'{Path.Split('?')[0]}' is no path below {server}.",
                    Path.Split('?')[0],
                    "Give a path relative to the address of the server, such as v1/images.");
    }
}
