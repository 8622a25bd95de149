using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;

namespace StickyPi.Core.Users;

/// <summary>
/// A hash as it is written now: <c>$pbkdf2-sha512$i=iterations$salt$key</c>, PBKDF2 (RFC 8018) with HMAC-SHA-512; salt and key are in
/// Base64 without padding, as in the PHC string format.
/// </summary>
/// <param name="iterations">How often the key was hashed.</param>
/// <param name="salt">The salt.</param>
/// <param name="key">The derived key.</param>
internal sealed class Pbkdf2Hash(int iterations, byte[] salt, byte[] key)
{
    /// <summary>The iterations of a new hash: what OWASP's Password Storage Cheat Sheet recommends for HMAC-SHA-512.</summary>
    public const int DefaultIterations = 210_000;

    /// <summary>The iterations that are still computed, a few seconds' worth: a catalog is a file that anybody may have written to.</summary>
    public const int MaxIterations = 5_000_000;

    private const string Prefix = "$pbkdf2-sha512$i=";
    private const int SaltLength = 16;
    private const int KeyLength = 32;

    private static readonly SearchValues<char> Base64 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    /// <summary>The iterations of a new hash. Only tests that start hundreds of servers make them fewer.</summary>
    public static int NewIterations { get; set; } = DefaultIterations;

    /// <summary>How often the key was hashed.</summary>
    public int Iterations => iterations;

    /// <summary>Makes a hash with a new salt.</summary>
    /// <param name="password">The password.</param>
    /// <returns>The hash.</returns>
    public static Pbkdf2Hash Create(Secret password)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltLength);
        return new(
            NewIterations, salt, Rfc2898DeriveBytes.Pbkdf2(password.Bytes, salt, NewIterations, HashAlgorithmName.SHA512, KeyLength));
    }

    /// <summary>Makes a hash of nothing, to compare with where there is no other: it takes the time of one, and matches no password.</summary>
    /// <returns>The hash.</returns>
    public static Pbkdf2Hash CreateDecoy() =>
        new(NewIterations, RandomNumberGenerator.GetBytes(SaltLength), RandomNumberGenerator.GetBytes(KeyLength));

    /// <summary>Reads a hash.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The hash, or null where it is none, has more than <see cref="MaxIterations"/>, or a key of another length than is written here.</returns>
    public static Pbkdf2Hash? TryParse(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        text = text[Prefix.Length..];
        Span<Range> fields = stackalloc Range[4];
        return text.Split(fields, '$') == 3
            && int.TryParse(text[fields[0]], NumberStyles.None, CultureInfo.InvariantCulture, out int iterations)
            && iterations is > 0 and <= MaxIterations
            && Decode(text[fields[1]]) is { Length: > 0 } salt
            && Decode(text[fields[2]]) is { Length: KeyLength } key
                ? new Pbkdf2Hash(iterations, salt, key)
                : null;
    }

    /// <summary>Whether this is the hash of a password.</summary>
    /// <param name="password">The password.</param>
    /// <returns>Whether it is.</returns>
    public bool Matches(Secret password)
    {
        Span<byte> derived = stackalloc byte[KeyLength];
        Rfc2898DeriveBytes.Pbkdf2(password.Bytes, salt, derived, iterations, HashAlgorithmName.SHA512);
        return CryptographicOperations.FixedTimeEquals(derived, key);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{iterations}${Encode(salt)}${Encode(key)}");

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    // Convert skips blanks, and would take the padding.
    private static byte[]? Decode(ReadOnlySpan<char> text) => text.Length % 4 == 1 || text.ContainsAnyExcept(Base64)
        ? null
        : Convert.FromBase64String(text.ToString().PadRight((text.Length + 3) / 4 * 4, '='));
}
