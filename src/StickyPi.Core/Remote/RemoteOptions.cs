using StickyPi.Core.Users;

namespace StickyPi.Core.Remote;

/// <summary>Which server, who asks, and what is remembered of it on this machine.</summary>
public sealed record RemoteOptions
{
    /// <summary>How long an answer is used without asking again, where nothing else is said.</summary>
    public static readonly TimeSpan DefaultCacheLifetime = TimeSpan.FromMinutes(5);

    /// <summary>The address of the server, such as <c>https://stickypi.example.org/</c>, with the path below which it answers.</summary>
    public required Uri Uri { get; init; }

    /// <summary>The name of the user.</summary>
    public required string UserName { get; init; }

    /// <summary>The password; null to use a token that an earlier connection left. It stays the caller's to dispose of.</summary>
    public Secret? Password { get; init; }

    /// <summary>The folder, for the owner alone, that keeps tokens by user and address; null to keep none.</summary>
    public string? TokenFolder { get; init; }

    /// <summary>The folder that keeps answers; null to keep none.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>How long an answer is used without asking again; zero to ask each time, and use it only where the server can't be reached.</summary>
    public TimeSpan CacheLifetime { get; init; } = DefaultCacheLifetime;

    /// <summary>Told, from any thread, what the user should know: that an answer is old, because the server can't be reached.</summary>
    public Action<string>? Warn { get; init; }
}
