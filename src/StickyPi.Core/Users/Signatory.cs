using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace StickyPi.Core.Users;

/// <summary>
/// A user, and the key that signs what is given out in their name and used without a log-in. The key is another one as soon as the password
/// changes, so all that was signed ends with the password, or with the user. No record, because those print all that they hold.
/// </summary>
public sealed class Signatory
{
    private const string Purpose = "StickyPi signatures of users";

    // Derived on demand, because most requests sign nothing.
    private readonly Lazy<byte[]> _key;

    internal Signatory(UserRow row, ReadOnlyMemory<byte> secret)
    {
        User = row.User;
        _key = new(() => Derive(row, secret.Span), LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>The user as they are now.</summary>
    public StickyUser User { get; }

    /// <summary>The key, the same for all servers of the store; a secret.</summary>
    internal ReadOnlyMemory<byte> Key => _key.Value;

    /// <inheritdoc/>
    public override string ToString() => User.UserName;

    private static byte[] Derive(UserRow row, ReadOnlySpan<byte> secret)
    {
        Span<byte> key = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HKDF.Expand(HashAlgorithmName.SHA256, secret, key, Encoding.UTF8.GetBytes(Purpose));
        string user = string.Create(CultureInfo.InvariantCulture, $"{row.User.Id}\n{row.PasswordHash}");
        return HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(user));
    }
}
