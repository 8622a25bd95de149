using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Remote;

/// <summary>
/// The connections to one server. Requests are sent again where that is safe: those that may be repeated, whatever went wrong; all others
/// only where nothing was sent, or the server says that it has done nothing yet.
/// </summary>
internal sealed class ApiTransport : IDisposable
{
    private const int MaxAttempts = 5;

    private const long ExpectContinueSize = 8 * 1024 * 1024;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(8);

    // A server that wants more time than this is better told to the user than waited for.
    private static readonly TimeSpan LongestRequestedWait = TimeSpan.FromSeconds(30);

    private static readonly ProductInfoHeaderValue UserAgent = new(
        "StickyPi", typeof(ApiTransport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0");

    private readonly HttpClient _http;
    private volatile string? _tls;
    private volatile bool _reached;

    /// <summary>Prepares connections; none is made yet.</summary>
    /// <param name="server">The address of the server, with a slash at its end.</param>
    public ApiTransport(Uri server)
    {
        Server = server;
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            UseCookies = false,
        };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
        {
            _tls = errors == System.Net.Security.SslPolicyErrors.None
                ? null
                : RemoteErrors.DescribeCertificate(server.Host, certificate as X509Certificate2, chain, errors);
            return _tls is null;
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The address of the server, with a slash at its end.</summary>
    public Uri Server { get; }

    /// <summary>
    /// How long all attempts at a request may have waited for a server that says nothing, before another one would make it longer. A line that died
    /// unnoticed is so found out by a second attempt; a server that was given half an hour is not given it again.
    /// </summary>
    internal TimeSpan LongestSilence { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Sends a request, again where that is safe and may help.</summary>
    /// <param name="request">The request.</param>
    /// <param name="authorization">Who asks; null for nobody.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The answer, whatever it says.</returns>
    /// <exception cref="StickyException"><c>ServerUnreachable</c>, <c>ServerNotTrusted</c>, <c>InvalidPath</c>.</exception>
    public async ValueTask<HttpResponseMessage> SendAsync(
        ApiRequest request, AuthenticationHeaderValue? authorization, CancellationToken cancellationToken)
    {
        Uri uri = request.ToUri(Server);
        TimeSpan silence = TimeSpan.Zero;
        for (int attempt = 1; ; attempt++)
        {
            TimeSpan wait;
            try
            {
                HttpResponseMessage response = await SendOnceAsync(request, uri, authorization, cancellationToken).ConfigureAwait(false);
                _reached = true;
                if (attempt == MaxAttempts || WaitBefore(request, response, attempt) is not TimeSpan requested)
                {
                    return response;
                }

                response.Dispose();
                wait = requested;
            }
            catch (HttpRequestException e) when (e.InnerException is StickyException source)
            {
                // The body could not be read: a file that has gone.
                throw source;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && IsOfTheWay(e))
            {
                bool nothingSent = IsConnecting(e);
                silence += !nothingSent && e is OperationCanceledException ? request.Patience : TimeSpan.Zero;
                bool isTooLong = silence > TimeSpan.Zero && silence + request.Patience > LongestSilence;

                // A mistyped address shows at once; a server that has answered before may be starting again.
                if (attempt == MaxAttempts || isTooLong || !(request.IsIdempotent || nothingSent) || (nothingSent && !_reached) || _tls is not null)
                {
                    throw RemoteErrors.FromWay(e, Server, _tls, request, mayBeDone: !nothingSent && !request.IsIdempotent, _reached);
                }

                wait = Backoff(attempt);
            }

            await Task.Delay(wait, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits before something is tried again: longer each time, and not for as long as others that failed at the same time.</summary>
    /// <param name="attempt">How often it has been tried.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>A task that ends with the waiting.</returns>
    public static Task WaitAsync(int attempt, CancellationToken cancellationToken) => Task.Delay(Backoff(attempt), cancellationToken);

    /// <summary>How long a server wants to be left alone.</summary>
    /// <param name="response">Its answer.</param>
    /// <returns>The time, or null where it does not say.</returns>
    public static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: TimeSpan delta } => delta,
        { Date: DateTimeOffset date } => date > DateTimeOffset.UtcNow ? date - DateTimeOffset.UtcNow : TimeSpan.Zero,
        _ => null,
    };

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static bool IsOfTheWay(Exception error) => error is HttpRequestException or IOException or OperationCanceledException;

    private static bool IsConnecting(Exception error) =>
        error is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError }
        || (error is OperationCanceledException { InnerException: TimeoutException });

    // Null where the answer is to be taken as it is.
    private static TimeSpan? WaitBefore(ApiRequest request, HttpResponseMessage response, int attempt)
    {
        TimeSpan? requested = RetryAfter(response);
        bool isRefusedUnread = response.StatusCode == HttpStatusCode.TooManyRequests
            || (response.StatusCode == HttpStatusCode.ServiceUnavailable && requested is not null);
        bool isPassing = response.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
        return (isRefusedUnread || (isPassing && request.IsIdempotent))
            && !(requested > LongestRequestedWait)
            && !request.Expected.Contains(response.StatusCode)
                ? requested ?? Backoff(attempt)
                : null;
    }

    private static TimeSpan Backoff(int attempt)
    {
        double longest = Math.Min(LongestWait.TotalMilliseconds, FirstWait.TotalMilliseconds * Math.Pow(2, attempt));
        return TimeSpan.FromMilliseconds(longest * (0.5 + (0.5 * Random.Shared.NextDouble())));
    }

    private async ValueTask<HttpResponseMessage> SendOnceAsync(
        ApiRequest request, Uri uri, AuthenticationHeaderValue? authorization, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stall.CancelAfter(request.Patience);
        using HttpRequestMessage message = new(request.Method, uri) { VersionPolicy = HttpVersionPolicy.RequestVersionOrHigher };
        message.Headers.Authorization = authorization;
        message.Headers.Accept.Add(request.Accept);
        message.Headers.UserAgent.Add(UserAgent);
        foreach (KeyValuePair<string, string> header in request.Headers)
        {
            _ = message.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        WatchedContent? body = request.Content is null ? null : new WatchedContent(request.Content(), stall, request.Patience);
        message.Content = body;

        // A server that refuses a body without reading it ends the connection, and what it said would be lost with it. Pictures are shorter.
        message.Headers.ExpectContinue = body?.Headers.ContentLength >= ExpectContinueSize;
        try
        {
            HttpResponseMessage response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, stall.Token).ConfigureAwait(false);
            response.Content = new WatchedAnswer(
                response.Content, request.Patience, cause => RemoteErrors.FromWay(cause, Server, tls: null, request, mayBeDone: false, wasReached: true));
            return response;
        }
        finally
        {
            body?.Close();
        }
    }
}
