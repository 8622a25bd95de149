using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace StickyPi.Core.Users;

/// <summary>
/// A token that stands for a user's password until it expires: <c>sp1.&lt;claims&gt;.&lt;signature&gt;</c>, both in Base64 for URLs. The claims are
/// its id (16 random bytes), the moment at which it expires (Unix seconds) and the row of the user, both as 64 bits, big-endian. The
/// signature is HMAC-SHA-256 over the claims and the hash of the user's password, so that all tokens of a user end with the password, or
/// with the user.
/// </summary>
/// <param name="Id">Which token it is, in hexadecimal.</param>
/// <param name="UserId">The row of the user.</param>
/// <param name="ExpiresAt">When it expires, UTC, in whole seconds.</param>
internal readonly record struct AccessToken(string Id, long UserId, DateTime ExpiresAt)
{
    private const string Prefix = "sp1.";
    private const int IdLength = 16;
    private const int ClaimsLength = IdLength + sizeof(long) + sizeof(long);

    private static readonly int TextLength =
        Prefix.Length + Base64Url.GetEncodedLength(ClaimsLength) + 1 + Base64Url.GetEncodedLength(HMACSHA256.HashSizeInBytes);

    private static readonly byte[] Purpose = Encoding.ASCII.GetBytes("StickyPi access tokens");

    /// <summary>Makes a token with a new id.</summary>
    /// <param name="user">The user, with the hash of the password.</param>
    /// <param name="expiresAt">When it expires, UTC; cut to seconds.</param>
    /// <param name="secret">What the tokens of the store are signed with.</param>
    /// <returns>The text; a secret.</returns>
    public static string Issue(UserRow user, DateTime expiresAt, ReadOnlySpan<byte> secret)
    {
        byte[] claims = new byte[ClaimsLength];
        RandomNumberGenerator.Fill(claims.AsSpan(0, IdLength));
        BinaryPrimitives.WriteInt64BigEndian(claims.AsSpan(IdLength), ToSeconds(expiresAt));
        BinaryPrimitives.WriteInt64BigEndian(claims.AsSpan(IdLength + sizeof(long)), user.User.Id);
        return $"{Prefix}{Base64Url.EncodeToString(claims)}.{Base64Url.EncodeToString(Sign(claims, user.PasswordHash, secret))}";
    }

    /// <summary>Looks like a token, so that a text can be told from the name of a user; says nothing of whether it is a good one.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>Whether it does.</returns>
    public static bool IsShaped(ReadOnlySpan<char> text) => text.Length == TextLength && text.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Reads the id of a token without checking its signature.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The id; null where the text is no token.</returns>
    public static string? FindId(ReadOnlySpan<char> text)
    {
        Span<byte> claims = stackalloc byte[ClaimsLength];
        return TryRead(text, claims, out _) ? IdOf(claims) : null;
    }

    /// <summary>Reads a token of one of these users.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="users">The users of the store, with the hashes of their passwords.</param>
    /// <param name="now">The time, UTC.</param>
    /// <param name="secret">What the tokens of the store are signed with.</param>
    /// <returns>The token and the user; null where it is none, has expired, or was signed otherwise.</returns>
    public static (AccessToken Token, UserRow User)? Verify(
        ReadOnlySpan<char> text, IReadOnlyList<UserRow> users, DateTime now, ReadOnlySpan<byte> secret)
    {
        Span<byte> claims = stackalloc byte[ClaimsLength];
        if (!TryRead(text, claims, out ReadOnlySpan<char> signature))
        {
            return null;
        }

        long expires = BinaryPrimitives.ReadInt64BigEndian(claims[IdLength..]);
        long userId = BinaryPrimitives.ReadInt64BigEndian(claims[(IdLength + sizeof(long))..]);
        return users.FirstOrDefault(row => row.User.Id == userId) is UserRow user
            && Signatures.IsGood(signature, Sign(claims, user.PasswordHash, secret))
            && expires > ToSeconds(now)
                ? (new AccessToken(IdOf(claims), userId, DateTime.UnixEpoch.AddSeconds(expires)), user)
                : null;
    }

    private static bool TryRead(ReadOnlySpan<char> text, Span<byte> claims, out ReadOnlySpan<char> signature)
    {
        signature = default;
        Span<Range> fields = stackalloc Range[4];
        if (!IsShaped(text) || text.Split(fields, '.') != 3 || !Signatures.TryDecode(text[fields[1]], claims))
        {
            return false;
        }

        signature = text[fields[2]];
        return true;
    }

    private static string IdOf(ReadOnlySpan<byte> claims) => Convert.ToHexStringLower(claims[..IdLength]);

    private static long ToSeconds(DateTime time) => (long)Math.Floor((time - DateTime.UnixEpoch).TotalSeconds);

    // The hash of the password stands between parts of a known length, so that no two inputs are the same bytes.
    private static byte[] Sign(ReadOnlySpan<byte> claims, string passwordHash, ReadOnlySpan<byte> secret)
    {
        using IncrementalHash mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        mac.AppendData(Purpose);
        mac.AppendData(claims);
        mac.AppendData(Encoding.UTF8.GetBytes(passwordHash));
        return mac.GetHashAndReset();
    }
}
