namespace StickyPi.PowerShell.Connections;

/// <summary>A connection to a server that was given a name. It holds nothing secret.</summary>
/// <param name="Name">The name; upper and lower case are the same.</param>
/// <param name="Uri">The address of the server.</param>
/// <param name="UserName">Who asks.</param>
/// <param name="CacheLifetime">How long answers are used without asking again; null as by default.</param>
/// <param name="NoCache">Whether no answers are kept.</param>
internal sealed record KeptConnection(string Name, Uri Uri, string UserName, TimeSpan? CacheLifetime, bool NoCache);
