using StickyPi.Core.Stores;
using StickyPi.Core.Users;

namespace StickyPi.Core.Remote;

/// <summary>A store that a server serves.</summary>
public interface IRemoteStore : IStickyStore
{
    /// <summary>The address of the server.</summary>
    Uri Uri { get; }

    /// <summary>Who asks.</summary>
    StickyUser User { get; }

    /// <summary>The server's API, for what no command does; it knows only tokens, never the password.</summary>
    ApiClient Api { get; }

    /// <summary>Revokes the token where the server can, and forgets it on this machine.</summary>
    /// <param name="cancellationToken">Stops the work; the token is forgotten all the same.</param>
    /// <returns>A task that ends with the work; that the server can't be reached is no error.</returns>
    ValueTask ForgetAsync(CancellationToken cancellationToken = default);
}
