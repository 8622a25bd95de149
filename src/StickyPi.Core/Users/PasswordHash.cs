namespace StickyPi.Core.Users;

/// <summary>
/// Hashes of passwords, as texts that say how they were made. New ones are PBKDF2-HMAC-SHA-512,
/// <c>$pbkdf2-sha512$i=210000$salt$key</c>; the <c>$6$…</c> of the existing Python client (SHA-crypt) are verified too.
/// </summary>
public static class PasswordHash
{
    private static readonly Pbkdf2Hash Decoy = Pbkdf2Hash.CreateDecoy();

    /// <summary>Hashes a password with a new salt. Takes a good part of a second, as it must.</summary>
    /// <param name="password">The password.</param>
    /// <returns>The hash: ASCII, at most 128 characters.</returns>
    public static string Hash(Secret password) => Pbkdf2Hash.Create(password).ToString();

    /// <summary>
    /// Whether a hash is that of a password. A text that is no hash, of an unknown kind, or that asks for absurdly much work, is that of
    /// none; this, and no hash at all, takes the work of one that was made here, so that time does not tell which names exist.
    /// </summary>
    /// <param name="password">The password.</param>
    /// <param name="hash">Any text, or null where there is no such user.</param>
    /// <param name="cancellationToken">Stops the computation of an old hash; that of a new one is short.</param>
    /// <returns>Whether it is.</returns>
    public static bool Verify(Secret password, string? hash, CancellationToken cancellationToken = default) =>
        Verify(password, hash, static (known, password) => known.Matches(password), cancellationToken);

    /// <summary>Whether a hash should be made anew at the next opportunity, which is when the password is known.</summary>
    /// <param name="hash">Any text.</param>
    /// <returns>Whether it is of another kind, or made with less work, than those that are made now.</returns>
    public static bool NeedsUpgrade(string hash) =>
        !(Pbkdf2Hash.TryParse(hash)?.Iterations >= Pbkdf2Hash.NewIterations);

    // What matches is given, so that a test can see that there is a comparison in every case; a stop-watch could not.
    internal static bool Verify(
        Secret password, string? hash, Func<Pbkdf2Hash, Secret, bool> matches, CancellationToken cancellationToken = default)
    {
        if (Sha512Crypt.TryParse(hash) is Sha512Crypt old)
        {
            return old.Matches(password, cancellationToken) && !password.HasNul;
        }

        Pbkdf2Hash? known = Pbkdf2Hash.TryParse(hash);
        return matches(known ?? Decoy, password) && known is not null && !password.HasNul;
    }
}
