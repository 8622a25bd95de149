using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace StickyPi.Core.Users;

/// <summary>
/// A hash as the existing Python client writes it: <c>$6$[rounds=N$]salt$hash</c>, SHA-crypt with SHA-512 as Ulrich Drepper's
/// "Unix crypt using SHA-256 and SHA-512" defines it. It only verifies; new hashes are of another kind.
/// </summary>
internal sealed class Sha512Crypt
{
    /// <summary>
    /// The rounds that are still computed, some seconds' worth. The definition allows 999,999,999, with which one row that somebody
    /// else wrote would keep a processor busy for a quarter of an hour; passlib writes 656,000.
    /// </summary>
    public const int MaxRounds = 10_000_000;

    private const string Prefix = "$6$";
    private const string RoundsPrefix = "rounds=";
    private const string Digits = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int DefaultRounds = 5000;
    private const int MinRounds = 1000;
    private const int MaxSaltLength = 16;
    private const int HashLength = 86;
    private const int KeyLength = SHA512.HashSizeInBytes;
    private const int RoundsBetweenChecks = 4096;

    private readonly int _rounds;
    private readonly byte[] _salt;
    private readonly byte[] _key;

    private Sha512Crypt(int rounds, byte[] salt, byte[] key)
    {
        _rounds = rounds;
        _salt = salt;
        _key = key;
    }

    /// <summary>Reads a hash.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The hash, or null where it is none, or has more than <see cref="MaxRounds"/>.</returns>
    public static Sha512Crypt? TryParse(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        text = text[Prefix.Length..];
        int rounds = DefaultRounds;
        if (text.StartsWith(RoundsPrefix, StringComparison.Ordinal))
        {
            int end = text.IndexOf('$');
            if (end < 0
                || !int.TryParse(text[RoundsPrefix.Length..end], NumberStyles.None, CultureInfo.InvariantCulture, out rounds)
                || rounds > MaxRounds)
            {
                return null;
            }

            // As the definition has it, which clamps where it could refuse.
            rounds = Math.Max(rounds, MinRounds);
            text = text[(end + 1)..];
        }

        int saltLength = text.IndexOf('$');
        if (saltLength < 0 || text.Length != saltLength + 1 + HashLength || text.ContainsAnyExceptInRange('!', '~'))
        {
            return null;
        }

        byte[] key = new byte[KeyLength];
        return TryDecode(text[(saltLength + 1)..], key)
            ? new Sha512Crypt(rounds, Encoding.ASCII.GetBytes(text[..Math.Min(saltLength, MaxSaltLength)].ToString()), key)
            : null;
    }

    /// <summary>Whether this is the hash of a password.</summary>
    /// <param name="password">The password.</param>
    /// <param name="cancellationToken">Stops the computation.</param>
    /// <returns>Whether it is; a password longer than <see cref="Secret.MaxLength"/> never is.</returns>
    public bool Matches(Secret password, CancellationToken cancellationToken)
    {
        if (password.IsTooLong)
        {
            return false;
        }

        Span<byte> key = stackalloc byte[KeyLength];
        Derive(password.Bytes, key, cancellationToken);
        return CryptographicOperations.FixedTimeEquals(key, _key);
    }

    // The letters are those of the definition: P and S are made once from the password and the salt, C changes with each round.
    private void Derive(ReadOnlySpan<byte> password, Span<byte> c, CancellationToken cancellationToken)
    {
        byte[] p = GC.AllocateUninitializedArray<byte>(password.Length, pinned: true);
        byte[] s = new byte[_salt.Length];
        byte[] round = GC.AllocateUninitializedArray<byte>(KeyLength + s.Length + (2 * p.Length), pinned: true);
        try
        {
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
            Start(hash, password, c);
            Repeat(hash, password, password.Length, p);
            Repeat(hash, _salt, 16 + c[0], s);
            for (int i = 0; i < _rounds; i++)
            {
                if (i % RoundsBetweenChecks == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                }

                bool odd = (i & 1) != 0;
                int length = Append(round, 0, odd ? p : c);
                length = i % 3 == 0 ? length : Append(round, length, s);
                length = i % 7 == 0 ? length : Append(round, length, p);
                length = Append(round, length, odd ? c : p);
                _ = SHA512.HashData(round.AsSpan(0, length), c);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(p);
            CryptographicOperations.ZeroMemory(round);
        }
    }

    private void Start(IncrementalHash hash, ReadOnlySpan<byte> password, Span<byte> c)
    {
        hash.AppendData(password);
        hash.AppendData(_salt);
        hash.AppendData(password);
        Span<byte> b = stackalloc byte[KeyLength];
        _ = hash.GetHashAndReset(b);

        hash.AppendData(password);
        hash.AppendData(_salt);
        for (int left = password.Length; left > 0; left -= KeyLength)
        {
            hash.AppendData(b[..Math.Min(left, KeyLength)]);
        }

        for (int bits = password.Length; bits > 0; bits >>= 1)
        {
            hash.AppendData((bits & 1) != 0 ? b : password);
        }

        _ = hash.GetHashAndReset(c);
    }

    /// <summary>Hashes a text that is repeated, and repeats that until it fills <paramref name="sequence"/>.</summary>
    private static void Repeat(IncrementalHash hash, ReadOnlySpan<byte> text, int times, Span<byte> sequence)
    {
        for (int i = 0; i < times; i++)
        {
            hash.AppendData(text);
        }

        Span<byte> digest = stackalloc byte[KeyLength];
        _ = hash.GetHashAndReset(digest);
        for (int i = 0; i < sequence.Length; i++)
        {
            sequence[i] = digest[i % KeyLength];
        }

        CryptographicOperations.ZeroMemory(digest);
    }

    private static int Append(Span<byte> buffer, int length, ReadOnlySpan<byte> data)
    {
        data.CopyTo(buffer[length..]);
        return length + data.Length;
    }

    // Four characters are three bytes, lowest bits first, and the bytes come in an order of their own: 0, 21, 42, then 22, 43, 1, and so
    // on, each group 22 further. The last two characters are byte 63.
    private static bool TryDecode(ReadOnlySpan<char> text, Span<byte> key)
    {
        for (int group = 0; group < 21; group++)
        {
            int bits = Bits(text.Slice(group * 4, 4));
            if (bits < 0)
            {
                return false;
            }

            key[group * 22 % 63] = (byte)(bits >> 16);
            key[((group * 22) + 21) % 63] = (byte)(bits >> 8);
            key[((group * 22) + 42) % 63] = (byte)bits;
        }

        int last = Bits(text[^2..]);
        key[^1] = (byte)last;
        return last is >= 0 and <= byte.MaxValue;

        static int Bits(ReadOnlySpan<char> text)
        {
            int bits = 0;
            for (int i = text.Length - 1; i >= 0; i--)
            {
                int digit = Digits.IndexOf(text[i], StringComparison.Ordinal);
                if (digit < 0)
                {
                    return -1;
                }

                bits = (bits << 6) | digit;
            }

            return bits;
        }
    }
}
