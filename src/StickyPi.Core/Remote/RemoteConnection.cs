using System.Net;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Remote.Existing;
using StickyPi.Core.Users;

namespace StickyPi.Core.Remote;

/// <summary>Opens stores that a server serves.</summary>
public static class RemoteConnection
{
    private static readonly ApiRequest V1 = new(HttpMethod.Get, "v1") { Patience = TimeSpan.FromSeconds(30) };
    private static readonly ApiRequest ExistingApi = new(HttpMethod.Post, "get_token") { IsIdempotent = true, Patience = V1.Patience };

    // The existing server answers what it does not know with one of the first two; servers of files know no POST at all.
    private static readonly HttpStatusCode[] Unknown = [HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed, HttpStatusCode.NotImplemented];

    /// <summary>Logs in, with the password or with a token that was kept, and finds out which API the server speaks.</summary>
    /// <param name="options">Which server, and who asks. A password that is given is used even where a token was kept: a wrong one must not seem right.</param>
    /// <param name="providers">The parts that need packages.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <returns>The store.</returns>
    /// <exception cref="StickyException">
    /// <c>InvalidUri</c>, <c>InvalidUserName</c>; <c>ServerUnreachable</c>: wrong host, port or no network; <c>ServerNotTrusted</c>: TLS;
    /// <c>NotAStickyPiServer</c>; <c>ClockWrong</c>; <c>CredentialMissing</c>, <c>CredentialRefused</c>; <c>TooManyAttempts</c>.
    /// </exception>
    public static async ValueTask<IRemoteStore> OpenAsync(
        RemoteOptions options, IStickyProviders providers, CancellationToken cancellationToken = default)
    {
        Uri server = ServerAddress.Parse(options.Uri);
        if (UserRules.CheckLogInName(options.UserName) is StickyException error)
        {
            throw error;
        }

        if (ServerAddress.IsUnprotected(server))
        {
            options.Warn?.Invoke($"{server} is not reached through TLS (https:): the password, and all that is sent, can be read on the way.");
        }

        ApiTransport transport = new(server);
        ApiClient? client = null;
        try
        {
            // Asked without a name first: a password must not be shown to what is no such server.
            if (await IsLogInAskedForAsync(transport, V1, cancellationToken).ConfigureAwait(false))
            {
                client = new ApiClient(transport, new ApiSession(transport, new V1TokenScheme(), options));
                ApiServer answer = await new RemoteApi(client, cache: null)
                    .GetAsync("v1", QueryParameters.None, ApiJson.Default.ApiServer, Freshness.Now, cancellationToken).ConfigureAwait(false);
                return RemoteStore.Create(client, answer.User, options, providers);
            }

            if (!await IsLogInAskedForAsync(transport, ExistingApi, cancellationToken).ConfigureAwait(false))
            {
                throw RemoteErrors.NotAServer(server, "it knows neither the API below 'v1' nor the one before that");
            }

            return await ExistingStore.OpenAsync(transport, options, providers, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            client?.Dispose();
            transport.Dispose();
            if (e is StickyException failure)
            {
                throw RemoteErrors.OfConnecting(failure, server);
            }

            throw;
        }
    }

    /// <summary>Forgets the token that an earlier connection left on this machine, and revokes it where the server can, without opening the store.</summary>
    /// <param name="options">Which server and user, and where tokens are kept; the rest does not count.</param>
    /// <param name="others">The stores that are open; where one is of this user at this server, the token stays until that is closed.</param>
    /// <param name="cancellationToken">Stops the work; the token is forgotten all the same.</param>
    /// <returns>Null, also where no token was kept; or <c>TokenNotRevoked</c>, which is no more than a warning: the server could not be told.</returns>
    /// <exception cref="StickyException"><c>InvalidUri</c>.</exception>
    public static async ValueTask<StickyException?> ForgetAsync(
        RemoteOptions options, IEnumerable<IRemoteStore> others, CancellationToken cancellationToken = default)
    {
        using ApiTransport transport = new(ServerAddress.Parse(options.Uri));
        using ApiSession session = new(transport, new V1TokenScheme(), options with { Password = null });
        return await session.ForgetAsync(others.Select(other => other.Api.Session), cancellationToken).ConfigureAwait(false);
    }

    // Nobody who asks so is let in; but the answer says who refuses.
    private static async ValueTask<bool> IsLogInAskedForAsync(ApiTransport transport, ApiRequest request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await transport.SendAsync(request, authorization: null, cancellationToken).ConfigureAwait(false);
        if (Unknown.Contains(response.StatusCode))
        {
            response.Dispose();
            return false;
        }

        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            response.Dispose();
            return true;
        }

        if (!response.IsSuccessStatusCode)
        {
            throw await RemoteErrors.FromAnswerAsync(response, transport.Server, request, cancellationToken).ConfigureAwait(false);
        }

        using (response)
        {
            throw RemoteErrors.NotAServer(transport.Server, $"it answers whoever asks, with {response.Content.Headers.ContentType?.MediaType ?? "nothing"}");
        }
    }
}
