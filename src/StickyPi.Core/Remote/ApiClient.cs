namespace StickyPi.Core.Remote;

/// <summary>Sends requests to a server as one user: with a token that is renewed once when it is refused, and again where that is safe.</summary>
public sealed partial class ApiClient : IDisposable
{
    private readonly ApiTransport _transport;
    private readonly ApiSession _session;

    /// <summary>Takes over the connections to a server, and the being logged in there.</summary>
    /// <param name="transport">The connections.</param>
    /// <param name="session">Who asks.</param>
    internal ApiClient(ApiTransport transport, ApiSession session)
    {
        _transport = transport;
        _session = session;
    }

    /// <summary>The address of the server, with a slash at its end.</summary>
    public Uri Uri => _transport.Server;

    /// <summary>Who asks.</summary>
    internal ApiSession Session => _session;

    /// <summary>
    /// Called when a request may have changed something on the server, whether its answer came or not; and once more at the end of an answer that comes
    /// line by line, however it ends, because the server goes on changing things meanwhile.
    /// </summary>
    internal Action? Changed { get; set; }

    /// <summary>The address that a request asks, without its query, which may hold what nobody else should see.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The address.</returns>
    /// <exception cref="StickyException"><c>InvalidPath</c>: it is not below that of the server.</exception>
    public Uri GetAddress(ApiRequest request) => new(request.ToUri(Uri).GetLeftPart(UriPartial.Path));

    /// <summary>Sends a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The answer, whose status says success; to be disposed of.</returns>
    /// <exception cref="StickyException">The server refused it or can't be reached; with what it said.</exception>
    public async ValueTask<HttpResponseMessage> SendAsync(ApiRequest request, CancellationToken cancellationToken = default)
    {
        HttpResponseMessage response;
        try
        {
            response = await _session.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (!request.ChangesNothing)
            {
                Changed?.Invoke();
            }
        }

        if (!request.ChangesNothing && response.Content is WatchedAnswer { Headers.ContentType.MediaType: ApiLines.MediaType } lines)
        {
            lines.Closed = Changed;
        }

        return response.IsSuccessStatusCode || request.Expected.Contains(response.StatusCode)
            ? response
            : throw await RemoteErrors.FromAnswerAsync(response, Uri, request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes the connections, and wipes the password.</summary>
    public void Dispose()
    {
        _transport.Dispose();
        _session.Dispose();
    }
}
