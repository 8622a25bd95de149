using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace StickyPi.Core.Users;

/// <summary>Reads what is signed with HMAC-SHA-256 and comes back in Base64 for URLs, from whomever: any text may come, and is only right or wrong.</summary>
internal static class Signatures
{
    /// <summary>Reads bytes that were written in Base64 for URLs.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="bytes">Where they go; their number is known.</param>
    /// <returns>False where the text is something else, or something of another length.</returns>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes) =>
        // What is called Try in the library throws at other letters; and white space and padding, which it passes over, are none of ours.
        text.Length == Base64Url.GetEncodedLength(bytes.Length)
        && Base64Url.DecodeFromChars(text, bytes, out _, out int length) == OperationStatus.Done
        && length == bytes.Length;

    /// <summary>Compares a signature with the right one, in a time that does not tell how much of it is right.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="signature">The right one.</param>
    /// <returns>Whether they are the same.</returns>
    public static bool IsGood(ReadOnlySpan<char> text, ReadOnlySpan<byte> signature)
    {
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return TryDecode(text, given) && CryptographicOperations.FixedTimeEquals(given, signature);
    }
}
