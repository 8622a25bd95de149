using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Users;

namespace StickyPi.Core.Remote.Existing;

/// <summary>The tokens of the existing server: they go where a name would, with an empty password, and nothing revokes them.</summary>
internal sealed class ExistingTokenScheme : TokenScheme
{
    public override ApiRequest LogIn { get; } = new(HttpMethod.Post, "get_token")
    {
        IsIdempotent = true,
        ChangesNothing = true,
        Expected = [HttpStatusCode.Unauthorized, HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed, HttpStatusCode.TooManyRequests],
    };

    public override ApiRequest? Revocation => null;

    public override AuthenticationHeaderValue Present(string token) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{token}:")));

    public override async ValueTask<ApiToken?> ReadAsync(Stream answer, string userName, CancellationToken cancellationToken) =>
        await JsonSerializer.DeserializeAsync(answer, ExistingJson.Default.ExistingToken, cancellationToken).ConfigureAwait(false) is ExistingToken token
            ? new ApiToken(token.Token, DateTimeOffset.FromUnixTimeSeconds(token.Expiration).UtcDateTime, ExistingStore.Unknown(userName))
            : null;
}
