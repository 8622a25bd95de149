using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using StickyPi.Core;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Stores;
using StickyPi.Server.Errors;

namespace StickyPi.Server.Access;

/// <summary>
/// Finds out who asks, by the header <c>Authorization</c>: <c>Basic</c> with a name and a password, or with a token and no password, or
/// <c>Bearer</c> with a token. Whatever else it holds is nobody's.
/// </summary>
internal sealed class StickyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, LogIns logIns)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    /// <summary>The name of the scheme.</summary>
    public const string SchemeName = "StickyPi";

    private const string Basic = "Basic ";
    private const string Bearer = "Bearer ";

    // What the existing server says to those who are nobody and to those who may not.
    private const string ExistingText = "Unauthorized Access";
    private const string ExistingChallenge = "Basic realm=\"Authentication Required\"";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private TimeSpan? _retryAfter;

    /// <summary>Takes the name and the password out of a header.</summary>
    /// <param name="header">Any text.</param>
    /// <param name="userName">The name.</param>
    /// <param name="password">The password.</param>
    /// <returns>False where the header holds something else.</returns>
    internal static bool TryReadBasic(string header, [NotNullWhen(true)] out string? userName, [NotNullWhen(true)] out string? password)
    {
        userName = null;
        password = null;
        if (!header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        string encoded = header[Basic.Length..].Trim();
        byte[] bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out int length))
        {
            return false;
        }

        string text;
        try
        {
            text = StrictUtf8.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            // The requests library of Python sends Latin-1.
            text = Encoding.Latin1.GetString(bytes, 0, length);
        }

        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return false;
        }

        userName = text[..colon];
        password = text[(colon + 1)..];
        return true;
    }

    /// <summary>Answers that there were too many log-ins.</summary>
    /// <param name="context">The request.</param>
    /// <param name="after">When the next one will be tried.</param>
    /// <returns>A task that ends when the answer is written.</returns>
    public static Task RefuseTooManyAsync(HttpContext context, TimeSpan after)
    {
        context.Response.Headers.RetryAfter = Math.Ceiling(Math.Max(after.TotalSeconds, 1)).ToString(CultureInfo.InvariantCulture);
        return ErrorAnswers.WriteAsync(context, new ApiError
        {
            ErrorId = "TooManyAttempts",
            Kind = StickyErrorKind.AccessDenied,
            Message = "There were too many log-ins, as this user or from this address; this one was not tried.",
            RecommendedAction = "Wait for as many seconds as Retry-After says. Programs should ask for a token once, and use that.",
            Status = StatusCodes.Status429TooManyRequests,
        });
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Where nobody need log in, a wrong password is no attempt.
        if (Context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null
            || Request.Headers.Authorization is not [{ Length: > 0 } header])
        {
            return AuthenticateResult.NoResult();
        }

        LogIn? logIn = null;
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            logIn = await logIns.VerifyTokenAsync(header[Bearer.Length..].Trim(), Context.RequestAborted);
        }
        else if (TryReadBasic(header, out string? userName, out string? password))
        {
            if (password.Length == 0 && Store.IsToken(userName))
            {
                logIn = await logIns.VerifyTokenAsync(userName, Context.RequestAborted);
            }
            else
            {
                (logIn, _retryAfter) = await logIns.VerifyPasswordAsync(userName, password, Context.Connection.RemoteIpAddress, Context.RequestAborted);
            }
        }

        if (logIn is null)
        {
            return AuthenticateResult.Fail("The log-in was refused.");
        }

        Context.SetLogIn(logIn);
        ClaimsIdentity identity = new(
            [new Claim(ClaimTypes.Name, logIn.User.UserName), .. Roles.Of(logIn.User).Select(role => new Claim(ClaimTypes.Role, role))], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_retryAfter is TimeSpan after)
        {
            await RefuseTooManyAsync(Context, after);
            return;
        }

        await RefuseAsync(new ApiError
        {
            ErrorId = "CredentialRefused",
            Kind = StickyErrorKind.AccessDenied,
            Message = Request.Headers.Authorization.Count == 0
                ? "This needs a log-in."
                : "The name or the password is wrong, or the token has expired or was revoked.",
            RecommendedAction = "Log in with a name and a password, or with a new token.",
            Status = StatusCodes.Status401Unauthorized,
        });
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => RefuseAsync(new ApiError
    {
        ErrorId = "AccessDenied",
        Kind = StickyErrorKind.AccessDenied,
        Message = $"The user '{Context.GetUser().UserName}' may not do this.",
        RecommendedAction = "Ask an administrator to do it, or for the right to.",
        Status = StatusCodes.Status403Forbidden,
    });

    private async Task RefuseAsync(ApiError error)
    {
        Response.Headers.WWWAuthenticate = ExistingChallenge;
        if (ErrorAnswers.IsProblem(Context))
        {
            await ErrorAnswers.WriteAsync(Context, error);
            return;
        }

        Response.StatusCode = error.Status;
        Response.ContentType = new MediaTypeHeaderValue("text/html") { Charset = "utf-8" }.ToString();
        Response.ContentLength = ExistingText.Length;
        await Response.WriteAsync(ExistingText, Context.RequestAborted);
    }
}
