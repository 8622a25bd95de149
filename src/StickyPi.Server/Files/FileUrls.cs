using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StickyPi.Core.Storage;
using StickyPi.Core.Users;

namespace StickyPi.Server.Files;

/// <summary>
/// URLs with which somebody without credentials can fetch one file of a store for a limited time:
/// <c>/files/&lt;key&gt;?expires=&lt;Unix seconds&gt;&amp;signature=&lt;HMAC-SHA-256 in Base64 for URLs&gt;</c>. They are for stores in a folder; a
/// bucket has URLs of its own.
/// </summary>
/// <param name="key">What they are signed with, the same for all servers of the store.</param>
/// <param name="clock">The time.</param>
internal sealed class FileUrls(byte[] key, TimeProvider clock)
{
    /// <summary>What the key is derived for.</summary>
    public const string Purpose = "StickyPi file URLs";

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
    /// <returns>The URL.</returns>
    public string Create(string root, string objectKey)
    {
        DateTimeOffset now = clock.GetUtcNow();
        long expires = (now - TimeSpan.FromTicks(now.Ticks % Step.Ticks) + Lifetime).ToUnixTimeSeconds();
        string path = string.Join('/', objectKey.Split('/').Select(Uri.EscapeDataString));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{root}{Path}{path}?expires={expires}&signature={Base64Url.EncodeToString(Sign(objectKey, expires))}");
    }

    /// <summary>Whether a URL was made here, and is still good.</summary>
    /// <param name="objectKey">The key that it names.</param>
    /// <param name="expires">Its <c>expires</c>.</param>
    /// <param name="signature">Its <c>signature</c>.</param>
    /// <returns>Whether it is.</returns>
    public bool IsGood(string objectKey, string? expires, string? signature) =>
        IsPublic(objectKey)
        && long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
        && Signatures.IsGood(signature, Sign(objectKey, seconds))
        && seconds > clock.GetUtcNow().ToUnixTimeSeconds();

    private byte[] Sign(string objectKey, long expires) =>
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{expires}\n{objectKey}")));
}
