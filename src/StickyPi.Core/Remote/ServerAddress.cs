using System.Net;

namespace StickyPi.Core.Remote;

/// <summary>The rules of a server's address.</summary>
internal static class ServerAddress
{
    /// <summary>Checks an address, and makes it one that paths can be put behind.</summary>
    /// <param name="uri">What the user gave.</param>
    /// <returns>The address, with a slash at its end.</returns>
    /// <exception cref="StickyException"><c>InvalidUri</c>; its message repeats nothing that may be a password.</exception>
    public static Uri Parse(Uri uri)
    {
        if (!uri.IsAbsoluteUri)
        {
            throw Invalid($"'{uri.OriginalString}' is no whole address", uri.OriginalString);
        }

        string shown = uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        if (uri.UserInfo.Length > 0)
        {
            throw Invalid("an address must not hold a user name or a password, which would end up in histories and logs", shown);
        }

        if (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
        {
            throw Invalid($"'{shown}' begins with '{uri.Scheme}:', and not with 'https:' or 'http:'", shown);
        }

        if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            throw Invalid($"'{shown}' must have nothing behind its path", shown);
        }

        return uri.AbsoluteUri.EndsWith('/') ? uri : new Uri(uri.AbsoluteUri + "/");
    }

    /// <summary>Whether what is sent to a server can be read on the way.</summary>
    /// <param name="uri">The address.</param>
    /// <returns>Whether it goes over a network, and not through TLS.</returns>
    public static bool IsUnprotected(Uri uri) =>
        uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback && !(IPAddress.TryParse(uri.DnsSafeHost, out IPAddress? address) && IPAddress.IsLoopback(address));

    private static StickyException Invalid(string reason, string target) => new(
        "InvalidUri",
        StickyErrorKind.InvalidData,
        $"This is no address of a server: {reason}.",
        target,
        "Give an address such as https://stickypi.example.org/, and the user with -Credential.");
}
