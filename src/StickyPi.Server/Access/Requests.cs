using StickyPi.Core;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Stores;
using StickyPi.Core.Users;
using StickyPi.Server.Configuration;
using StickyPi.Server.Errors;
using StickyPi.Server.Files;

namespace StickyPi.Server.Access;

/// <summary>What endpoints ask of a request.</summary>
internal static class Requests
{
    /// <summary>The store as the one who asks uses it: rows bear their name, and urls lead to where they can fetch the files.</summary>
    /// <param name="context">The request, of somebody who is logged in.</param>
    /// <returns>The store.</returns>
    public static Store GetStore(this HttpContext context) => context.Items[typeof(Store)] as Store ?? AddStore(context);

    /// <summary>What is said of an error in the middle of an answer.</summary>
    /// <param name="context">The request.</param>
    /// <param name="error">The error.</param>
    /// <returns>A part of the answer.</returns>
    public static ApiError Tell(this HttpContext context, Exception error) =>
        context.RequestServices.GetRequiredService<ErrorDescriptions>().Tell(error, context.TraceIdentifier);

    /// <summary>What is said of one item.</summary>
    /// <typeparam name="T">The type of the item.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="outcome">What became of it.</param>
    /// <returns>A line of the answer.</returns>
    public static ApiOutcome<T> Tell<T>(this HttpContext context, Outcome<T> outcome)
        where T : class => outcome.Succeeded ? new(outcome.Value) : new(null, context.Tell(outcome.Error));

    /// <summary>Who asks.</summary>
    /// <param name="context">The request, of somebody who is logged in.</param>
    /// <returns>The user as they are in the store now.</returns>
    public static StickyUser GetUser(this HttpContext context) => (StickyUser)context.Items[typeof(StickyUser)]!;

    /// <summary>The address of this server as the client knows it, without a slash at its end.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The address: what the configuration says, else what the request came to.</returns>
    public static string GetRoot(this HttpContext context) =>
        context.RequestServices.GetRequiredService<ServerOptions>().PublicUrl?.AbsoluteUri.TrimEnd('/')
        ?? $"{context.Request.Scheme}://{context.Request.Host.ToUriComponent()}{context.Request.PathBase.ToUriComponent()}";

    /// <summary>
    /// Gives a new token to the one who asks, whether they logged in by a password or by a token; it ends with either's password.
    /// </summary>
    /// <param name="context">The request, of somebody who is logged in.</param>
    /// <returns>The token; null where the log-in has ended since.</returns>
    public static ValueTask<ApiToken?> IssueTokenAsync(this HttpContext context)
    {
        DateTime now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
        TimeSpan lifetime = context.RequestServices.GetRequiredService<ServerOptions>().TokenLifetime;
        return context.RequestServices.GetRequiredService<Store>()
            .RenewTokenAsync(context.GetLogIn().Token, now, now + lifetime, context.RequestAborted);
    }

    /// <summary>How the one who asks is logged in.</summary>
    /// <param name="context">The request, of somebody who is logged in.</param>
    /// <returns>The token that they sent, or that stands for their password.</returns>
    internal static LogIn GetLogIn(this HttpContext context) => (LogIn)context.Items[typeof(LogIn)]!;

    /// <summary>Remembers who asks.</summary>
    /// <param name="context">The request.</param>
    /// <param name="logIn">How they are logged in.</param>
    internal static void SetLogIn(this HttpContext context, LogIn logIn)
    {
        context.Items[typeof(LogIn)] = logIn;
        context.Items[typeof(StickyUser)] = logIn.User;
    }

    private static Store AddStore(HttpContext context)
    {
        Store all = context.RequestServices.GetRequiredService<Store>();
        FileUrls urls = context.RequestServices.GetRequiredService<FileUrls>();
        string root = context.GetRoot();
        Signatory user = context.GetLogIn().Signatory;
        Store store = all.As(user.User.UserName, all.HasUrls ? null : key => urls.Create(root, key, user));
        context.Items[typeof(Store)] = store;
        return store;
    }
}
