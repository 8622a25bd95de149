using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;
using StickyPi.Core.Users;

namespace StickyPi.Server.Files;

/// <summary>
/// URLs with which somebody without credentials can fetch one file of a store for a limited time:
/// <c>/files/&lt;key&gt;?expires=&lt;Unix seconds&gt;&amp;user=&lt;row&gt;&amp;signature=&lt;HMAC-SHA-256 in Base64 for URLs&gt;</c>. They
/// end with the password of the user who asked for them, or with that user, as tokens do. They are for stores in a folder; a bucket has
/// URLs of its own.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="clock">The time.</param>
internal sealed class FileUrls(Store store, TimeProvider clock)
{
    private const string Purpose = "StickyPi file URLs";

    /// <summary>The path below which files are.</summary>
    public const string Path = "/files/";

    // What was answered a moment ago stays word for word the same for an hour, so that clients and caches need not fetch it again.
    private static readonly TimeSpan Step = TimeSpan.FromHours(1);

    /// <summary>How long a URL is good for at most; an hour less at least.</summary>
    public static TimeSpan Lifetime => BucketOptions.DefaultUrlLifetime;

    /// <summary>Whether the file of a key may be fetched by a URL at all: all objects may, and what the store keeps for itself may not.</summary>
    /// <param name="objectKey">Any text.</param>
    /// <returns>Whether it may.</returns>
    public static bool IsPublic(string objectKey) => ObjectKey.IsValid(objectKey) && !DiskStorage.IsOwn(objectKey);

    /// <summary>Makes a URL.</summary>
    /// <param name="root">The address of the server as the client knows it, without a slash at its end.</param>
    /// <param name="objectKey">The key of the file, which need not exist.</param>
    /// <param name="user">Who asks for it.</param>
    /// <returns>The URL.</returns>
    public string Create(string root, string objectKey, Signatory user)
    {
        DateTimeOffset now = clock.GetUtcNow();
        long expires = (now - TimeSpan.FromTicks(now.Ticks % Step.Ticks) + Lifetime).ToUnixTimeSeconds();
        string path = string.Join('/', objectKey.Split('/').Select(Uri.EscapeDataString));
        string signature = Base64Url.EncodeToString(Sign(objectKey, expires, user));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{root}{Path}{path}?expires={expires}&user={user.User.Id}&signature={signature}");
    }

    /// <summary>Whether a URL was made here, and is still good.</summary>
    /// <param name="objectKey">The key that it names.</param>
    /// <param name="expires">Its <c>expires</c>.</param>
    /// <param name="user">Its <c>user</c>.</param>
    /// <param name="signature">Its <c>signature</c>.</param>
    /// <param name="cancellationToken">Stops the look at the user.</param>
    /// <returns>Whether it is.</returns>
    public async ValueTask<bool> IsGoodAsync(
        string objectKey, string? expires, string? user, string? signature, CancellationToken cancellationToken = default) =>
        IsPublic(objectKey)
        && long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
        && seconds > clock.GetUtcNow().ToUnixTimeSeconds()
        && long.TryParse(user, NumberStyles.None, CultureInfo.InvariantCulture, out long userId)
        && await store.FindSignatoryAsync(userId, cancellationToken) is Signatory signatory
        && Signatures.IsGood(signature, Sign(objectKey, seconds, signatory));

    private static byte[] Sign(string objectKey, long expires, Signatory user) => HMACSHA256.HashData(
        user.Key.Span, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Purpose}\n{expires}\n{objectKey}")));
}
