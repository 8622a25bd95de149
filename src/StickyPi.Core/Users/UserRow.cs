using System.Diagnostics;

namespace StickyPi.Core.Users;

/// <summary>
/// A user with the hash of the password, as a catalog holds them. It goes from a catalog to its store and no further, and is no
/// record because those print all that they hold.
/// </summary>
/// <param name="user">The user.</param>
/// <param name="passwordHash">What <see cref="Users.PasswordHash"/> verifies; anybody who may write to the catalog may have written it.</param>
public sealed class UserRow(StickyUser user, string passwordHash)
{
    /// <summary>The user.</summary>
    public StickyUser User { get; } = user;

    /// <summary>The hash of the password.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string PasswordHash { get; } = passwordHash;

    /// <inheritdoc/>
    public override string ToString() => User.UserName;
}
