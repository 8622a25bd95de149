using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace StickyPi.Core.Remote;

/// <summary>Tells a proxy that fails from the server behind it.</summary>
public static class ProxyErrors
{
    /// <summary>What is wrong, where it is the proxy that the system or the environment names for a server.</summary>
    /// <param name="cause">Why a request got no answer.</param>
    /// <param name="server">The address of the server.</param>
    /// <param name="proxy">The proxies; null for those of this process.</param>
    /// <returns>The reason as the end of a sentence, and what to do; null where there is no proxy, or where it did its work.</returns>
    public static (string Reason, string Action)? Explain(Exception cause, Uri server, IWebProxy? proxy = null)
    {
        if (Find(server, proxy ?? HttpClient.DefaultProxy) is not Uri address)
        {
            return null;
        }

        // It may hold a name and a password.
        string place = string.Create(CultureInfo.InvariantCulture, $"{address.Scheme}://{address.IdnHost}:{address.Port}");
        HttpRequestException? request = Inner<HttpRequestException>(cause);
        string? reason = Inner<SocketException>(cause)?.SocketErrorCode switch
        {
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain =>
                $"no host is called '{address.IdnHost}', which is the proxy for {server.Authority}",
            SocketError.ConnectionRefused => $"nothing listens at {place}, which is the proxy for {server.Authority}",
            SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.NetworkDown or SocketError.TimedOut =>
                $"there is no way to {place}, which is the proxy for {server.Authority}",
            _ when request?.HttpRequestError == HttpRequestError.NameResolutionError =>
                $"no host is called '{address.IdnHost}', which is the proxy for {server.Authority}",
            _ when request?.HttpRequestError == HttpRequestError.ProxyTunnelError =>
                $"the proxy {place} lets nothing through to {server.Authority}: {OneLine.Quote(request)}",
            _ when request?.HttpRequestError == HttpRequestError.ConnectionError =>
                $"the proxy {place} for {server.Authority} cannot be reached: {OneLine.Quote(request)}",
            _ when cause is OperationCanceledException or TimeoutException =>
                $"{server.Authority} does not answer through the proxy {place}",
            _ => null,
        };
        return reason is null ? null : (
            reason,
            "Check the proxy, which HTTP_PROXY, HTTPS_PROXY, ALL_PROXY or the settings of the system name. With the host in NO_PROXY, the server is "
                + "asked directly.");
    }

    private static Uri? Find(Uri server, IWebProxy proxies)
    {
        try
        {
            return proxies.IsBypassed(server) || proxies.GetProxy(server) is not Uri address || address == server ? null : address;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Those of the system may come from a script.
            return null;
        }
    }

    private static T? Inner<T>(Exception? error)
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
}
