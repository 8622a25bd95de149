using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Connections;
using StickyPi.Server.Access;

namespace StickyPi.Server.Configuration;

/// <summary>
/// Bounds the connections of one address, so that nobody keeps everybody else out. Trusted proxies are not bounded: everybody comes from
/// theirs, and they have limits of their own.
/// </summary>
/// <param name="options">The options of the server.</param>
/// <param name="log">Where it says whom it refuses.</param>
internal sealed partial class ConnectionLimits(ServerOptions options, ILogger<ConnectionLimits> log)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, int> _open = new(StringComparer.Ordinal);
    private long _logged;

    /// <summary>Serves a connection, or closes it at once.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="next">What serves it.</param>
    /// <returns>A task that ends with the connection.</returns>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        IPAddress? address = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        if (address is null || options.IsProxy(address))
        {
            await next(connection);
            return;
        }

        string network = LogIns.NetworkOf(address);
        try
        {
            if (_open.AddOrUpdate(network, 1, (_, count) => count + 1) <= options.MaxConnectionsPerAddress)
            {
                await next(connection);
                return;
            }

            if (Interlocked.Read(ref _logged) is var last && (last == 0 || Stopwatch.GetElapsedTime(last) > Quiet))
            {
                _ = Interlocked.Exchange(ref _logged, Stopwatch.GetTimestamp());
                LogRefused(address, options.MaxConnectionsPerAddress);
            }
        }
        finally
        {
            if (_open.AddOrUpdate(network, 0, (_, count) => count - 1) == 0)
            {
                _ = _open.TryRemove(KeyValuePair.Create(network, 0));
            }
        }
    }

    [LoggerMessage(
        EventId = 40, Level = LogLevel.Warning,
        Message = "{Address} has {Count} connections open, so further ones are closed; see --max-connections-per-address.")]
    private partial void LogRefused(IPAddress address, int count);
}
