namespace StickyPi.Core.Users;

/// <summary>What to change of a user. What is null stays as it is.</summary>
public sealed record UserChange
{
    /// <summary>The new e-mail address; an empty one removes it.</summary>
    public string? Email { get; init; }

    /// <summary>Whether the user may do everything, users included.</summary>
    public bool? IsAdmin { get; init; }

    /// <summary>Whether the user may add and change; else only read.</summary>
    public bool? CanWrite { get; init; }

    /// <summary>The new password. It stays the caller's to dispose of.</summary>
    public Secret? Password { get; init; }

    /// <summary>Whether the last administrator may cease to be one.</summary>
    public bool Force { get; init; }
}
