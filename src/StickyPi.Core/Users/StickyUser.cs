namespace StickyPi.Core.Users;

/// <summary>Somebody who may use a store. Of the password there is nothing here, not even its hash.</summary>
public sealed record StickyUser
{
    /// <summary>The number of the row in its store.</summary>
    public required long Id { get; init; }

    /// <summary>The name to log in with.</summary>
    public required string UserName { get; init; }

    /// <summary>The e-mail address, or null.</summary>
    public string? Email { get; init; }

    /// <summary>Whether the user may do everything, users included.</summary>
    public bool IsAdmin { get; init; }

    /// <summary>Whether the user may add and change; else only read.</summary>
    public bool CanWrite { get; init; } = true;

    /// <summary>When the user was added, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>Version of the program that added the user, or null.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>Who added the user, or null, as in a local store.</summary>
    public string? ApiUser { get; init; }

    /// <summary>The name of the user.</summary>
    /// <returns>The name, as it can be shown.</returns>
    public override string ToString() => OneLine.Of(UserName);
}
