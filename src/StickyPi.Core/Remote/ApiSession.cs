using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Storage;
using StickyPi.Core.Users;

namespace StickyPi.Core.Remote;

/// <summary>
/// One user's being logged in at one server. The password is kept as long as this is, because a token may have to be renewed at any time;
/// it goes nowhere but into requests for tokens.
/// </summary>
internal sealed class ApiSession : IDisposable
{
    // By their hashes: what this program has put into the file, and may take out of it again.
    private static readonly ConcurrentDictionary<string, bool> Written = new(StringComparer.Ordinal);

    // Who leaves does not wait long for a server that does not answer.
    private static readonly TimeSpan RevocationLimit = TimeSpan.FromSeconds(10);

    private readonly ApiTransport _transport;
    private readonly TokenScheme _scheme;
    private readonly string _userName;
    private readonly Secret? _password;
    private readonly TokenFile? _file;

    // Held by whoever renews or forgets. It is not disposed of: a request that outlives the session must still be able to let go of it.
    private readonly SemaphoreSlim _gate = new(1);
    private readonly CancellationTokenSource _end = new();
    private volatile ApiToken? _token;
    private volatile bool _forgotten;

    /// <summary>Prepares to log in; nothing is sent yet.</summary>
    /// <param name="transport">The connections to the server.</param>
    /// <param name="scheme">How its API gives out tokens.</param>
    /// <param name="options">Who asks. With a password, a token that was kept does not count: a wrong password must not seem right.</param>
    public ApiSession(ApiTransport transport, TokenScheme scheme, RemoteOptions options)
    {
        _transport = transport;
        _scheme = scheme;
        _userName = options.UserName;
        _password = options.Password?.Copy();
        _file = options.TokenFolder is null ? null : new TokenFile(options.TokenFolder, transport.Server, options.UserName);
        _token = _password is null ? _file?.Read() : null;
    }

    /// <summary>The token that is used now; null before the first log-in.</summary>
    public ApiToken? Token => _token;

    /// <summary>Sends a request as the user; a token that is refused is renewed, once.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The answer, whatever it says, but that the user is unknown.</returns>
    /// <exception cref="StickyException">
    /// <c>CredentialMissing</c>, <c>CredentialRefused</c>, <c>ClockWrong</c>, <c>TooManyAttempts</c>; those of <see cref="ApiTransport.SendAsync"/>.
    /// </exception>
    public async ValueTask<HttpResponseMessage> SendAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        ApiToken token = _token ?? await RenewAsync(refused: null, cancellationToken).ConfigureAwait(false);
        for (bool isRenewed = false; ; isRenewed = true)
        {
            HttpResponseMessage response = await _transport.SendAsync(request, _scheme.Present(token.Token), cancellationToken).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.Unauthorized)
            {
                return response;
            }

            using (response)
            {
                if (isRenewed)
                {
                    throw RemoteErrors.Refused(response, _transport.Server, _userName, isLogIn: false);
                }
            }

            token = await RenewAsync(token, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Revokes the token where the server can, and forgets it and the password. A renewal that is under way ends without a token. The token that is kept
    /// in the file belongs to all sessions that may read it there: the last of them revokes and deletes it. One that another program has put there since
    /// is that program's; a session that has none of its own is there to forget it.
    /// </summary>
    /// <param name="others">Sessions that go on; those that were told to forget meanwhile do not count.</param>
    /// <param name="cancellationToken">Stops the work; the token is forgotten all the same.</param>
    /// <returns>Null, or <c>TokenNotRevoked</c>: the server was not told.</returns>
    public async ValueTask<StickyException?> ForgetAsync(IEnumerable<ApiSession> others, CancellationToken cancellationToken)
    {
        _forgotten = true;
        await _end.CancelAsync().ConfigureAwait(false);
        ApiToken[] dropped;

        // Without the caller's token: what has ended by now lets go at once, and would write the file again behind the back of who does not wait for it.
        await _gate.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            _password?.Dispose();
            dropped = Drop([.. others.Where(other => other != this && !other._forgotten)]);
        }
        finally
        {
            _ = _gate.Release();
        }

        StickyException? error = null;
        foreach (ApiToken token in dropped)
        {
            error = await RevokeAsync(token, cancellationToken).ConfigureAwait(false) ?? error;
        }

        return error;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _password?.Dispose();
        _end.Dispose();
    }

    private static string Hash(ApiToken token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token.Token)));

    // What is nobody's any more.
    private ApiToken[] Drop(ApiSession[] others)
    {
        ApiToken? own = _token;
        ApiToken? kept = _file?.Read();
        HashSet<string?> used = [.. others.Select(other => other._token?.Token)];
        _token = null;
        if (own is not null && kept is not null && own.Token != kept.Token && !Written.ContainsKey(Hash(kept)))
        {
            kept = null;
        }
        else if (others.Any(other => other._file is not null && other._file.FullPath == _file?.FullPath))
        {
            _ = used.Add(kept?.Token);
        }
        else
        {
            _file?.Delete();
        }

        return [.. new[] { own, kept }.OfType<ApiToken>().DistinctBy(token => token.Token).Where(token => !used.Contains(token.Token))];
    }

    private async ValueTask<StickyException?> RevokeAsync(ApiToken token, CancellationToken cancellationToken)
    {
        if (_scheme.Revocation is not ApiRequest revocation)
        {
            return null;
        }

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(RevocationLimit);
        try
        {
            using HttpResponseMessage response = await _transport.SendAsync(revocation, _scheme.Present(token.Token), limit.Token).ConfigureAwait(false);

            // It may be good no more; and a server of the existing kind, which was not asked what it is, revokes none.
            return response.IsSuccessStatusCode || response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed
                ? null
                : NotRevoked(token, RemoteErrors.ServiceError(response), cause: null);
        }
        catch (StickyException e)
        {
            return NotRevoked(token, e.Service, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            return NotRevoked(token, service: null, e);
        }
    }

    // One at a time: what many requests find refused at once is renewed for all of them.
    private async ValueTask<ApiToken> RenewAsync(ApiToken? refused, CancellationToken cancellationToken)
    {
        if (_forgotten)
        {
            throw Forgotten();
        }

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _end.Token);
        try
        {
            return await RenewOnceAsync(refused, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_forgotten && !cancellationToken.IsCancellationRequested)
        {
            throw Forgotten();
        }
    }

    private async ValueTask<ApiToken> RenewOnceAsync(ApiToken? refused, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // What waited for the gate may get it from whoever forgot.
            if (_forgotten)
            {
                throw Forgotten();
            }

            if (_token is ApiToken renewed && renewed.Token != refused?.Token)
            {
                return renewed;
            }

            // Another program of the same user may have logged in meanwhile.
            if (_password is null && _file?.Read() is ApiToken kept && kept.Token != refused?.Token)
            {
                return _token = kept;
            }

            if (_password is null)
            {
                throw Missing(refused is not null);
            }

            ApiToken token = await LogInAsync(_password, cancellationToken).ConfigureAwait(false);
            if (_file is not null)
            {
                _ = Written.TryAdd(Hash(token), true);
                _file.Write(token);
            }

            return _token = token;
        }
        finally
        {
            _ = _gate.Release();
        }
    }

    private async ValueTask<ApiToken> LogInAsync(Secret password, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _transport
            .SendAsync(_scheme.LogIn, CreateBasic(password), cancellationToken).ConfigureAwait(false);
        switch (response.StatusCode)
        {
            case HttpStatusCode.Unauthorized:
                throw RemoteErrors.Refused(response, _transport.Server, _userName, isLogIn: true);
            case HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed:
                throw RemoteErrors.NotAServer(_transport.Server, "nobody can log in there");
            case HttpStatusCode.TooManyRequests:
                string wait = ApiTransport.RetryAfter(response) is TimeSpan time ? FormattableString.Invariant($"for {Math.Ceiling(time.TotalSeconds):0} seconds") : "for some minutes";
                throw new StickyException(
                    "TooManyAttempts",
                    StickyErrorKind.AccessDenied,
                    $"{_transport.Server} takes no more attempts to log in as '{_userName}' for now.",
                    _userName,
                    $"Wait {wait}, and connect again with the right password.")
                {
                    Service = RemoteErrors.ServiceError(response),
                };
        }

        if (!response.IsSuccessStatusCode)
        {
            throw await RemoteErrors.FromAnswerAsync(response, _transport.Server, _scheme.LogIn, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return await _scheme.ReadAsync(body, _userName, cancellationToken).ConfigureAwait(false) is { Token.Length: > 0 } token
                ? AnswerRules.Check(token, _transport.Server)
                : throw RemoteErrors.NotAServer(_transport.Server, "its answer to a log-in has no token");
        }
        catch (JsonException e)
        {
            throw RemoteErrors.NotAServer(_transport.Server, "its answer to a log-in is none", e);
        }
    }

    private AuthenticationHeaderValue CreateBasic(Secret password)
    {
        byte[] pair = GC.AllocateUninitializedArray<byte>(Encoding.UTF8.GetByteCount(_userName) + 1 + password.Bytes.Length, pinned: true);
        try
        {
            int length = Encoding.UTF8.GetBytes(_userName, pair);
            pair[length] = (byte)':';
            password.Bytes.CopyTo(pair.AsSpan(length + 1));
            return new AuthenticationHeaderValue("Basic", Convert.ToBase64String(pair));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pair);
        }
    }

    private StickyException NotRevoked(ApiToken token, ServiceError? service, Exception? cause) => new(
        "TokenNotRevoked",
        StickyErrorKind.StoreUnavailable,
        string.Create(
            CultureInfo.InvariantCulture,
            $"The token of '{_userName}' is forgotten on this machine, but {_transport.Server} could not be told and takes it until {token.ExpiresAt.ToUniversalTime():yyyy-MM-dd HH:mm} UTC."),
        _userName,
        "A new password, which an administrator sets with Set-StickyUser, ends all tokens of a user at once.",
        cause)
    {
        Service = service,
    };

    private StickyException Forgotten() => new(
        "CredentialMissing",
        StickyErrorKind.AccessDenied,
        $"'{_userName}' has logged out of {_transport.Server}, so that this connection asks for nothing more.",
        _userName,
        "Connect again with Connect-StickyPi -Uri and -Credential.");

    private StickyException Missing(bool isRefused) => new(
        "CredentialMissing",
        StickyErrorKind.AccessDenied,
        isRefused
            ? $"{_transport.Server} does not accept the token of '{_userName}' any more, which was kept from an earlier connection."
            : $"No token of '{_userName}' for {_transport.Server} is kept on this machine, and no password was given.",
        _userName,
        "Connect again with Connect-StickyPi -Uri and -Credential.");
}
