using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using StickyPi.Core.Remote.Api;

namespace StickyPi.Core.Remote;

/// <summary>How an API gives out tokens, and takes them.</summary>
internal abstract class TokenScheme
{
    /// <summary>What asks for a token; a name and a password go with it. It expects 401, 404, 405 and 429.</summary>
    public abstract ApiRequest LogIn { get; }

    /// <summary>What revokes the token that goes with it; null where the API cannot.</summary>
    public abstract ApiRequest? Revocation { get; }

    /// <summary>How a token is presented.</summary>
    /// <param name="token">The token.</param>
    /// <returns>The header <c>Authorization</c>.</returns>
    public abstract AuthenticationHeaderValue Present(string token);

    /// <summary>Reads the answer to <see cref="LogIn"/>.</summary>
    /// <param name="answer">Its body.</param>
    /// <param name="userName">Who has logged in.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The token; null where the answer has none.</returns>
    /// <exception cref="JsonException">The answer is something else.</exception>
    public abstract ValueTask<ApiToken?> ReadAsync(Stream answer, string userName, CancellationToken cancellationToken);
}

/// <summary>The tokens of <c>/v1</c>.</summary>
internal sealed class V1TokenScheme : TokenScheme
{
    private const string TokenPath = "v1/token";

    public override ApiRequest LogIn { get; } = new(HttpMethod.Post, TokenPath)
    {
        IsIdempotent = true,
        ChangesNothing = true,
        Expected = [HttpStatusCode.Unauthorized, HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed, HttpStatusCode.TooManyRequests],
    };

    public override ApiRequest Revocation { get; } = new(HttpMethod.Delete, TokenPath) { ChangesNothing = true };

    public override AuthenticationHeaderValue Present(string token) => new("Bearer", token);

    public override ValueTask<ApiToken?> ReadAsync(Stream answer, string userName, CancellationToken cancellationToken) =>
        JsonSerializer.DeserializeAsync(answer, ApiJson.Default.ApiToken, cancellationToken);
}
