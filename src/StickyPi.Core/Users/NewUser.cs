namespace StickyPi.Core.Users;

/// <summary>A user to add. The password comes apart from it, see <see cref="Secret"/>.</summary>
public sealed record NewUser
{
    /// <summary>The name to log in with: 1 to 32 characters, see <see cref="UserRules.CheckUserName"/>.</summary>
    public required string UserName { get; init; }

    /// <summary>The e-mail address, see <see cref="UserRules.CheckEmail"/>; null or empty for none.</summary>
    public string? Email { get; init; }

    /// <summary>Whether the user may do everything, users included.</summary>
    public bool IsAdmin { get; init; }

    /// <summary>Whether the user may add and change; else only read.</summary>
    public bool CanWrite { get; init; } = true;
}
