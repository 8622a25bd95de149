using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using StickyPi.Core.Remote.Api;

namespace StickyPi.Core.Remote;

/// <summary>Makes errors that users can act on of what a server, and the way to it, answers.</summary>
internal static class RemoteErrors
{
    private const int MaxBreaks = 5;
    private const int BreaksOfSilence = 3;

    /// <summary>Whether an answer that broke may be asked for again, which is counted. A silence of minutes counts for several: it is not waited for often.</summary>
    /// <param name="error">What came in the middle of the answer.</param>
    /// <param name="breaks">How many breaks there were since anything came; one more afterwards.</param>
    /// <returns>Whether it may.</returns>
    public static bool MayAskAgain(StickyException error, ref int breaks) =>
        error.ErrorId == "ServerUnreachable" && (breaks += error.InnerException is OperationCanceledException ? BreaksOfSilence : 1) <= MaxBreaks;

    /// <summary>The server in errors.</summary>
    public const string Service = "StickyPi";

    private const string Unreachable = "ServerUnreachable";
    private const string TryLater = "Run the same command again later.";
    private const string WaitForIt = "The server answered before: it may have been stopped, or the network is gone. Run the same command again when it is back.";

    // An answer that tells of an error is short. What is longer is some page.
    private const int MaxErrorSize = 256 * 1024;

    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    /// <summary>The error for a request that got no answer, or half of one.</summary>
    /// <param name="cause">What went wrong.</param>
    /// <param name="server">The address of the server.</param>
    /// <param name="tls">Why its certificate is not trusted, where it is not.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="mayBeDone">Whether the request may have done what it was meant to do.</param>
    /// <param name="wasReached">Whether the server has answered another request, or a part of this one: then the address is right.</param>
    /// <returns>The error <c>ServerUnreachable</c> or <c>ServerNotTrusted</c>.</returns>
    public static StickyException FromWay(Exception cause, Uri server, string? tls, ApiRequest request, bool mayBeDone, bool wasReached)
    {
        string place = server.GetLeftPart(UriPartial.Authority);
        if (Find<HttpRequestException>(cause)?.HttpRequestError == HttpRequestError.SecureConnectionError || Find<AuthenticationException>(cause) is not null)
        {
            return new StickyException(
                "ServerNotTrusted",
                StickyErrorKind.StoreUnavailable,
                tls is null
                    ? $"{place} does not speak TLS, or none that this machine does: {OneLine.Quote(Innermost(cause))}."
                    : $"{place} is not trusted: {tls}.",
                request.Target ?? server,
                tls is null
                    ? "Check the port and whether the address begins with https: or http:."
                    : "Check the address and the clock of this machine. A certificate that a lab has made itself must be added to those that this machine trusts.",
                cause)
            {
                Service = new ServiceError(Service, null, null, null),
            };
        }

        (string reason, string action) = Explain(cause, server, wasReached);
        return new StickyException(
            Unreachable,
            StickyErrorKind.StoreUnavailable,
            mayBeDone ? $"The answer to '{request}' did not come, and what it asks may have been done: {reason}." : $"'{request}' failed: {reason}.",
            request.Target ?? server,
            action,
            cause)
        {
            Service = new ServiceError(Service, null, null, null),
        };
    }

    /// <summary>An error of the way while connecting, told without the request: the user asked for none.</summary>
    /// <param name="error">Any error.</param>
    /// <param name="server">The address of the server.</param>
    /// <returns>The error, which may be the same one.</returns>
    public static StickyException OfConnecting(StickyException error, Uri server) =>
        FindReason(error, server) is string reason ? Retell(error, $"Connecting failed: {reason}.") : error;

    /// <summary>The error for a series that broke in its middle: what has come of it must not be taken for the whole.</summary>
    /// <param name="error">Why it could not be gone on with.</param>
    /// <param name="server">The address of the server.</param>
    /// <param name="count">How many items have come.</param>
    /// <param name="noun">What one of them is called.</param>
    /// <returns>An error of the same id.</returns>
    public static StickyException OfSeries(StickyException error, Uri server, long count, string noun) => Retell(error, string.Create(
        CultureInfo.InvariantCulture,
        $"The series broke off after {count:N0} {noun}{(count == 1 ? "" : "s")}, and could not be gone on with: "
        + $"{FindReason(error, server) ?? OneLine.Quote(error)}."));

    /// <summary>The error that an answer tells of.</summary>
    /// <param name="response">The answer; it is disposed of.</param>
    /// <param name="server">The address of the server.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The error.</returns>
    public static async ValueTask<StickyException> FromAnswerAsync(
        HttpResponseMessage response, Uri server, ApiRequest request, CancellationToken cancellationToken)
    {
        using (response)
        {
            if (await ReadErrorAsync(response, cancellationToken).ConfigureAwait(false) is ApiError error)
            {
                return (error with { Status = (int)response.StatusCode, RequestId = error.RequestId ?? RequestId(response) }).ToException(request.Target);
            }

            string place = server.GetLeftPart(UriPartial.Authority);
            int status = (int)response.StatusCode;
            return status switch
            {
                >= 300 and < 400 => Error(
                    "NotAStickyPiServer",
                    StickyErrorKind.StoreUnavailable,
                    $"{place} sends '{request}' on to {Destination(response, server)}, where the token must not go by itself",
                    "Connect to the address where the server really is."),
                401 => Error("CredentialRefused", StickyErrorKind.AccessDenied, $"{place} does not accept who asks for '{request}'", "Connect again."),
                403 => Error(
                    "AccessDenied",
                    StickyErrorKind.AccessDenied,
                    $"{place} does not let this user do '{request}'",
                    "Ask an administrator of the server for the right to."),
                404 or 405 => Error(
                    "NotFoundOnServer", StickyErrorKind.NotFound, $"{place} knows no '{request}'", "Get-StickyApiEndpoint lists what the server can do."),
                413 => Error("RequestTooLarge", StickyErrorKind.InvalidData, $"{place} takes no request as large as this '{request}'", "Send less at a time."),
                407 => Error(
                    "ServerUnreachable",
                    StickyErrorKind.StoreUnavailable,
                    $"a proxy before {place} wants to know who asks for '{request}'",
                    "Give the name and the password of the proxy in HTTP_PROXY or HTTPS_PROXY, as in 'http://name:password@proxy:3128'."),
                429 => Error("TooManyAttempts", StickyErrorKind.AccessDenied, $"{place} has had too many requests of late", Later(response)),
                >= 500 => Error("ServerFailed", StickyErrorKind.StoreUnavailable, $"{place} failed at '{request}'", TryLater + " If it stays so, tell who runs the server, with the request."),
                _ => Error("RequestRefused", StickyErrorKind.InvalidData, $"{place} refused '{request}'", null),
            };

            StickyException Error(string errorId, StickyErrorKind kind, string what, string? action) => new(
                errorId, kind, $"{what} (status {status}).", request.Target ?? server, action)
            {
                Service = ServiceError(response),
            };
        }
    }

    /// <summary>What a server said of a request, from the headers of its answer.</summary>
    /// <param name="response">The answer.</param>
    /// <returns>Its status and request.</returns>
    public static ServiceError ServiceError(HttpResponseMessage response) =>
        new(Service, null, (int)response.StatusCode, RequestId(response));

    /// <summary>The error for an answer that is none of such a server.</summary>
    /// <param name="server">The address of the server.</param>
    /// <param name="what">What is wrong with it, as the end of a sentence.</param>
    /// <param name="cause">The cause, or null.</param>
    /// <returns>The error <c>NotAStickyPiServer</c>.</returns>
    public static StickyException NotAServer(Uri server, string what, Exception? cause = null) => new(
        "NotAStickyPiServer",
        StickyErrorKind.StoreUnavailable,
        $"{server} is not the address of a StickyPi server: {what}.",
        server,
        "Check the address, with its port and path. A proxy or a log-in page of the network may also answer in the place of the server.",
        cause);

    /// <summary>The error for an answer to a log-in that was refused, or for a token that is refused as soon as it was given.</summary>
    /// <param name="response">The answer, whose time is compared with that of this machine; it stays the caller's.</param>
    /// <param name="server">The address of the server.</param>
    /// <param name="userName">Who asks.</param>
    /// <param name="isLogIn">Whether the password was refused, and not a new token.</param>
    /// <returns>The error <c>ClockWrong</c> or <c>CredentialRefused</c>.</returns>
    public static StickyException Refused(HttpResponseMessage response, Uri server, string userName, bool isLogIn)
    {
        if (!isLogIn && response.Headers.Date is DateTimeOffset theirs && (DateTimeOffset.UtcNow - theirs).Duration() > ClockTolerance)
        {
            return new StickyException(
                "ClockWrong",
                StickyErrorKind.StoreUnavailable,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{server} refuses the token that it gave. It believes that it is {theirs.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, and this machine {DateTime.UtcNow:yyyy-MM-dd HH:mm:ss} UTC: one of the clocks is wrong."),
                userName,
                "Set the clock that is wrong, and let it follow a time server.")
            {
                Service = ServiceError(response),
            };
        }

        return new StickyException(
            "CredentialRefused",
            StickyErrorKind.AccessDenied,
            isLogIn ? $"{server} does not accept the name or the password of '{userName}'." : $"{server} refuses the token that it gave '{userName}'.",
            userName,
            isLogIn ? "Connect again with the right name and password; an administrator can set a new password with Set-StickyUser." : "Connect again.")
        {
            Service = ServiceError(response),
        };
    }

    /// <summary>Why a certificate is not trusted.</summary>
    /// <param name="host">The host that was asked.</param>
    /// <param name="certificate">The certificate, where one came.</param>
    /// <param name="chain">Who vouches for it.</param>
    /// <param name="errors">What is wrong.</param>
    /// <returns>The reason as the end of a sentence.</returns>
    public static string DescribeCertificate(string host, X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return "it shows no certificate";
        }

        List<string> reasons = [];
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            string names = string.Join(
                ", ", certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(e => e.EnumerateDnsNames().Concat(e.EnumerateIPAddresses().Select(a => a.ToString()))));
            reasons.Add($"its certificate is for {(names.Length == 0 ? certificate.Subject : names)}, and not for {host}");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            DateTime now = DateTime.UtcNow;
            reasons.Add(
                certificate.NotAfter.ToUniversalTime() < now ? Invariant($"its certificate has expired, on {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}")
                : certificate.NotBefore.ToUniversalTime() > now ? Invariant($"its certificate is not valid before {certificate.NotBefore.ToUniversalTime():yyyy-MM-dd}")
                : $"its certificate was issued by {(certificate.Subject == certificate.Issuer ? "itself" : certificate.Issuer)}, which this machine does not trust"
                    + (chain is null ? "" : $" ({string.Join(", ", chain.ChainStatus.Select(status => status.Status).Distinct())})"));
        }

        return string.Join("; ", reasons);

        static string Invariant(FormattableString text) => FormattableString.Invariant(text);
    }

    // What is wrong as the end of a sentence, and what to do about it. Where the server was reached by the same address, that needs no check.
    private static (string Reason, string Action) Explain(Exception cause, Uri server, bool wasReached)
    {
        if (ProxyErrors.Explain(cause, server) is (string, string) proxy)
        {
            return proxy;
        }

        string place = server.GetLeftPart(UriPartial.Authority);
        HttpRequestError? sort = Find<HttpRequestException>(cause)?.HttpRequestError;
        (string reason, string action) = Find<SocketException>(cause)?.SocketErrorCode switch
        {
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => (
                $"no host is called '{server.Host}'", "Check the address, and the network of this machine."),
            SocketError.ConnectionRefused => ($"nothing listens at {place}", "Check the port in the address, and that the server runs."),
            SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.NetworkDown => (
                $"there is no way to {place}", "Check the network of this machine."),
            _ when cause is OperationCanceledException or TimeoutException => ($"{place} does not answer", "Check the address, and the network of this machine."),
            _ when sort is HttpRequestError.NameResolutionError => ($"no host is called '{server.Host}'", "Check the address, and the network of this machine."),
            _ when sort is HttpRequestError.ConnectionError => (
                $"{place} cannot be reached: {OneLine.Quote(Innermost(cause))}", "Check the address, and the network of this machine."),
            _ when sort is HttpRequestError.InvalidResponse => ($"what {place} answers is no HTTP", "Check the port, and whether the address begins with https: or http:."),
            _ => ($"the connection to {place} broke: {OneLine.Quote(Innermost(cause))}", TryLater),
        };
        return (reason, wasReached ? WaitForIt : action);
    }

    private static string? FindReason(StickyException error, Uri server) => error is { ErrorId: Unreachable, InnerException: Exception cause }
        ? Explain(cause, server, wasReached: true).Reason
        : null;

    private static StickyException Retell(StickyException error, string message) =>
        new(error.ErrorId, error.Kind, message, error.Target, error.RecommendedAction, error) { Field = error.Field, Service = error.Service };

    // Null where the body tells of no error in the form of this API.
    private static async ValueTask<ApiError?> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType is not ("application/problem+json" or "application/json"))
        {
            return null;
        }

        try
        {
            using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            byte[] buffer = new byte[MaxErrorSize];
            int length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            ApiError? error = JsonSerializer.Deserialize(buffer.AsSpan(0, length), ApiJson.Default.ApiError);
            return error is not null && error.ErrorId.Length > 0 && error.ErrorId.All(char.IsAsciiLetterOrDigit) ? error : null;
        }
        catch (Exception e) when (e is JsonException or StickyException)
        {
            return null;
        }
    }

    private static string Later(HttpResponseMessage response) => ApiTransport.RetryAfter(response) is TimeSpan wait
        ? string.Create(CultureInfo.InvariantCulture, $"Wait for {Math.Ceiling(wait.TotalSeconds):0} seconds, and try again.")
        : "Wait for some minutes, and try again.";

    // Without its query: what redirects may put a token there.
    private static string Destination(HttpResponseMessage response, Uri server) => response.Headers.Location is Uri location
        ? new Uri(server, location).GetLeftPart(UriPartial.Path)
        : "another place";

    private static string? RequestId(HttpResponseMessage response) =>
        response.Headers.TryGetValues("X-Request-Id", out IEnumerable<string>? values) ? values.FirstOrDefault() : null;

    private static T? Find<T>(Exception? error)
        where T : Exception
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is T found)
            {
                return found;
            }
        }

        return null;
    }

    private static Exception Innermost(Exception error) => error.InnerException is null ? error : Innermost(error.InnerException);
}
