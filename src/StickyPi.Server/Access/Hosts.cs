using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Primitives;
using StickyPi.Server.Configuration;

namespace StickyPi.Server.Access;

/// <summary>By which addresses clients may say that they know the server: they become parts of URLs in its answers.</summary>
internal static class Hosts
{
    private const string Health = "/health";

    /// <summary>Says which headers of which proxies are believed.</summary>
    /// <param name="forwarded">Where that goes.</param>
    /// <param name="options">The options of the server.</param>
    public static void Configure(ForwardedHeadersOptions forwarded, ServerOptions options)
    {
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        if (options.Proxies.Count == 0)
        {
            // No known proxy would mean any.
            forwarded.ForwardedHeaders = ForwardedHeaders.None;
            return;
        }

        forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedPrefix;
        if (options.Hosts.Count > 0)
        {
            forwarded.ForwardedHeaders |= ForwardedHeaders.XForwardedHost;
            forwarded.AllowedHosts = [.. options.Hosts];
        }

        foreach (System.Net.IPNetwork network in options.Proxies)
        {
            forwarded.KnownIPNetworks.Add(network);
        }
    }

    /// <summary>
    /// Takes away what a proxy says of the scheme where it is neither http nor https, and of the prefix where a browser would take it for a host:
    /// anything of that shape would be believed.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="next">What answers it.</param>
    /// <returns>A task that ends with the answer.</returns>
    public static Task CheckProxyAsync(HttpContext context, RequestDelegate next)
    {
        StringValues schemes = context.Request.Headers[ForwardedHeadersDefaults.XForwardedProtoHeaderName];
        if (schemes.SelectMany(value => (value ?? "").Split(','))
            .Any(scheme => scheme.Trim().ToLowerInvariant() is not ("http" or "https")))
        {
            _ = context.Request.Headers.Remove(ForwardedHeadersDefaults.XForwardedProtoHeaderName);
        }

        StringValues prefixes = context.Request.Headers[ForwardedHeadersDefaults.XForwardedPrefixHeaderName];
        if (prefixes.Any(prefix => prefix is null || prefix.StartsWith("//", StringComparison.Ordinal) || prefix.AsSpan().ContainsAny('\\', '?', '#')))
        {
            _ = context.Request.Headers.Remove(ForwardedHeadersDefaults.XForwardedPrefixHeaderName);
        }

        return next(context);
    }

    /// <summary>
    /// Refuses requests for other hosts than those that are configured. Whether the server runs may be asked by any name.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="next">What answers it.</param>
    /// <returns>A task that ends with the answer.</returns>
    public static Task CheckHostAsync(HttpContext context, RequestDelegate next)
    {
        IReadOnlyList<StringSegment> hosts = context.RequestServices.GetRequiredService<ServerOptions>().HostSegments;
        return hosts.Count == 0
            || context.Request.Path.StartsWithSegments(Health)
            || HostString.MatchesAny(context.Request.Host.Host, [.. hosts])
            ? next(context)
            : throw new BadHttpRequestException("This server is not known by the name in the header Host");
    }
}
