using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using StickyPi.Core.Stores;
using StickyPi.Core.Users;

namespace StickyPi.Server.Access;

/// <summary>Finds out who asks, by the header <c>Authorization</c>.</summary>
internal sealed class StickyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, Store store)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    /// <summary>The name of the scheme.</summary>
    public const string SchemeName = "StickyPi";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!AuthenticationHeaderValue.TryParse(Request.Headers.Authorization, out AuthenticationHeaderValue? header)
            || header is not { Scheme: "Basic", Parameter: string parameter })
        {
            return AuthenticateResult.NoResult();
        }

        string[] parts = Encoding.UTF8.GetString(Convert.FromBase64String(parameter)).Split(':', 2);
        using Secret password = new(parts[^1]);
        return await store.VerifyUserAsync(parts[0], password, Context.RequestAborted) is StickyUser user
            ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(Identity(user)), SchemeName))
            : AuthenticateResult.Fail("The password is wrong.");
    }

    private static ClaimsIdentity Identity(StickyUser user) => new(
        [new Claim(ClaimTypes.Name, user.UserName), .. Roles.Of(user).Select(role => new Claim(ClaimTypes.Role, role))], SchemeName);
}
