using System.Runtime.InteropServices;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace StickyPi.Core.Users;

/// <summary>
/// A password for as long as it is needed: its UTF-8 bytes as typed, without any normalisation, which the existing Python client
/// does not do either. They lie where the garbage collector leaves no copies of them, and are wiped on <see cref="Dispose"/>.
/// </summary>
[JsonConverter(typeof(SecretConverter))]
public sealed class Secret : IDisposable
{
    /// <summary>The length that a password may have, in bytes of UTF-8; passlib, which the existing Python client uses, takes no more.</summary>
    public const int MaxLength = 4096;

    private readonly byte[] _bytes;
    private bool _disposed;

    /// <summary>Takes a password.</summary>
    /// <param name="password">The characters; wiping them is up to the caller.</param>
    public Secret(ReadOnlySpan<char> password)
    {
        _bytes = GC.AllocateUninitializedArray<byte>(Encoding.UTF8.GetByteCount(password), pinned: true);
        _ = Encoding.UTF8.GetBytes(password, _bytes);
    }

    private Secret(int length) => _bytes = GC.AllocateUninitializedArray<byte>(length, pinned: true);

    /// <summary>Whether there are no characters in it.</summary>
    public bool IsEmpty => _bytes.Length == 0;

    /// <summary>Whether it is longer than <see cref="MaxLength"/>.</summary>
    public bool IsTooLong => _bytes.Length > MaxLength;

    /// <summary>
    /// Whether there is a character of code 0 in it. HMAC fills short keys up with zeros, so such a password would be the same as one
    /// without them at its end; passlib takes none either.
    /// </summary>
    public bool HasNul => Bytes.Contains((byte)0);

    /// <summary>The password in UTF-8.</summary>
    internal ReadOnlySpan<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _bytes;
        }
    }

    /// <summary>Takes a password out of a <see cref="SecureString"/>.</summary>
    /// <param name="password">The password, which stays the caller's to dispose of; null is an empty one.</param>
    /// <returns>The password.</returns>
    public static Secret From(SecureString? password)
    {
        if (password is null)
        {
            return new Secret([]);
        }

        char[] characters = GC.AllocateUninitializedArray<char>(password.Length, pinned: true);
        nint text = Marshal.SecureStringToGlobalAllocUnicode(password);
        try
        {
            Marshal.Copy(text, characters, 0, characters.Length);
            return new Secret(characters);
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(text);
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(characters.AsSpan()));
        }
    }

    /// <summary>The same password for somebody who needs it longer.</summary>
    /// <returns>A password that is the caller's to dispose of.</returns>
    internal Secret Copy()
    {
        Secret copy = new(Bytes.Length);
        Bytes.CopyTo(copy._bytes);
        return copy;
    }

    /// <summary>Wipes the password.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_bytes);
    }

    /// <summary>Says nothing of the password.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(Secret);
}
