namespace StickyPi.Core.Users;

/// <summary>
/// A user, and the key that signs what is given out in their name and used without a log-in. The key is another one as soon as the password
/// changes, so all that was signed ends with the password, or with the user. No record, because those print all that they hold.
/// </summary>
/// <param name="user">The user as they are now.</param>
/// <param name="key">The key, the same for all servers of the store; a secret.</param>
public sealed class Signatory(StickyUser user, ReadOnlyMemory<byte> key)
{
    /// <summary>The user as they are now.</summary>
    public StickyUser User { get; } = user;

    /// <summary>The key, the same for all servers of the store; a secret.</summary>
    internal ReadOnlyMemory<byte> Key { get; } = key;

    /// <inheritdoc/>
    public override string ToString() => User.UserName;
}
