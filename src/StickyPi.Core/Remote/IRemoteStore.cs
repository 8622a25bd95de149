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
    /// <param name="others">
    /// The stores that stay open, of whatever server and user. A token that one of them uses stays good; the one that is kept on this machine stays
    /// as long as one of the same user at the same server is open, and goes with the last.
    /// </param>
    /// <param name="cancellationToken">Stops the work; the token is forgotten all the same.</param>
    /// <returns>Null; or <c>TokenNotRevoked</c>, which is no more than a warning: the server could not be told.</returns>
    ValueTask<StickyException?> ForgetAsync(IEnumerable<IRemoteStore>? others = null, CancellationToken cancellationToken = default);
}
