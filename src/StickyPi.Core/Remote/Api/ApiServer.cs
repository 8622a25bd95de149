using StickyPi.Core.Users;

namespace StickyPi.Core.Remote.Api;

/// <summary>What a server says of itself, and of who asks.</summary>
/// <param name="Name">The name of the product.</param>
/// <param name="Version">Its version.</param>
/// <param name="User">Who asks.</param>
/// <param name="Store">The store that is served.</param>
public sealed record ApiServer(string Name, string Version, StickyUser User, ApiServedStore Store);

/// <summary>The store that a server serves; where it is, is nobody's business.</summary>
/// <param name="Kind">Where its files are: <c>Folder</c> or <c>Bucket</c>.</param>
public sealed record ApiServedStore(string Kind);
