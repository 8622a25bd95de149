using System.Buffers;
using System.Text;

namespace StickyPi.Core.Storage;

/// <summary>
/// The rules of keys: relative paths with forward slashes that name the same thing in a folder and in a bucket. No part of one is empty,
/// <c>.</c> or <c>..</c>, and none holds a backslash or a control character, so that no key leads out of its storage.
/// </summary>
public static class ObjectKey
{
    /// <summary>The length that a key may have, in bytes of UTF-8, in S3.</summary>
    public const int MaxLength = 1024;

    private const string Forbidden = "must not lead out of its folder, hold empty parts, backslashes or control characters, or be longer than 1,024 bytes";

    private static readonly SearchValues<char> WindowsForbidden = SearchValues.Create("<>:\"|?*");

    /// <summary>
    /// Makes a key of a path that a user typed: Windows separators are converted; slashes at both ends and <c>./</c> go; letters are in
    /// the form NFC.
    /// </summary>
    /// <param name="path">The path, relative to the base of the storage.</param>
    /// <returns>The key; empty for the base itself.</returns>
    /// <exception cref="StickyException"><c>InvalidKey</c>.</exception>
    public static string Parse(string path) => Normalize(ParseExact(path));

    /// <summary>Makes a key as <see cref="Parse"/> does, and leaves its letters as they are.</summary>
    /// <param name="path">The path, relative to the base of the storage.</param>
    /// <returns>The key; empty for the base itself.</returns>
    /// <exception cref="StickyException"><c>InvalidKey</c>.</exception>
    internal static string ParseExact(string path)
    {
        string key = path.Replace('\\', '/').Trim('/');
        while (key.StartsWith("./", StringComparison.Ordinal))
        {
            key = key[2..].TrimStart('/');
        }

        key = key == "." ? "" : key;
        return key.Length == 0 || IsValid(key) ? key : throw Invalid(path);
    }

    /// <summary>The form NFC of a key, in which macOS does not write names.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The key in that form.</returns>
    public static string Normalize(string key)
    {
        if (Ascii.IsValid(key))
        {
            return key;
        }

        try
        {
            return key.Normalize();
        }
        catch (ArgumentException)
        {
            // Windows has names with half a character, which have no other form.
            return key;
        }
    }

    /// <summary>Whether a text is a key.</summary>
    /// <param name="key">The text.</param>
    /// <returns>Whether it is; an empty one is none.</returns>
    public static bool IsValid(string key) =>
        key.Length > 0
        && Encoding.UTF8.GetByteCount(key) <= MaxLength
        && !key.Contains('\\')
        && !key.Any(char.IsControl)
        && key.Split('/').All(part => part is not ("" or "." or ".."));

    /// <summary>
    /// Whether a text may be the key of an object that is there already and can be named in the URL of a server, whoever made it. A bucket
    /// may hold
    /// backslashes, control characters and empty parts; parts <c>.</c> and <c>..</c> and a slash at the beginning are lost in a URL.
    /// </summary>
    /// <param name="key">The text.</param>
    /// <returns>Whether it may; every key may.</returns>
    public static bool IsListable(string key) =>
        key.Length > 0
        && key[0] != '/'
        && Encoding.UTF8.GetByteCount(key) <= MaxLength
        && key.Split('/').All(part => part is not ("." or ".."));

    /// <summary>
    /// The path of the file that an object becomes, whatever its key is: empty parts and <c>.</c> go, and <c>..</c> takes the part before
    /// it away.
    /// </summary>
    /// <param name="key">The key of an object of a bucket.</param>
    /// <returns>A relative path with forward slashes; null where it would lead out of the folder, or names a folder.</returns>
    public static string? ToFileKey(string key)
    {
        List<string> parts = [];
        foreach (string part in key.Split('/'))
        {
            if (part == ".." && parts.Count == 0)
            {
                return null;
            }

            if (part == "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("" or "."))
            {
                parts.Add(part);
            }
        }

        return parts.Count == 0 || key[(key.LastIndexOf('/') + 1)..] is "" or "." or ".." ? null : string.Join('/', parts);
    }

    /// <summary>Why a file of this key can't be made on this machine.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The reason as the end of a sentence that begins with the key, or null where it can.</returns>
    public static string? WhyNotAFile(string key)
    {
        // Where it separates no folders, a backslash is a letter as any other.
        if (!IsValid(OperatingSystem.IsWindows() ? key : key.Replace('\\', '_')))
        {
            return Forbidden;
        }

        return OperatingSystem.IsWindows() && key.Split('/').Any(IsForbiddenOnWindows) ? "is no name that a file may have on Windows" : null;
    }

    /// <summary>Whether a key is a prefix itself or lies below it: <c>a/b</c> and <c>a/b/c</c> lie under <c>a/b</c>, and <c>a/bc</c> does not.</summary>
    /// <param name="key">The key.</param>
    /// <param name="prefix">The prefix without a slash at its end; empty for everything.</param>
    /// <returns>Whether it does.</returns>
    public static bool IsUnder(string key, string prefix) =>
        prefix.Length == 0
        || (key.StartsWith(prefix, StringComparison.Ordinal) && (key.Length == prefix.Length || key[prefix.Length] == '/'));

    /// <summary>Puts a key below a prefix.</summary>
    /// <param name="prefix">The prefix; may be empty.</param>
    /// <param name="key">The key; may be empty.</param>
    /// <returns>The whole key.</returns>
    public static string Combine(string prefix, string key) => prefix.Length == 0 ? key : key.Length == 0 ? prefix : $"{prefix}/{key}";

    /// <summary>One level of keys, of all that lie below a folder: see <see cref="IObjectStorage.ListLevelAsync"/>.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="beginning">What those of the level begin with.</param>
    /// <returns>Objects, and folders with a slash at their ends, each once.</returns>
    internal static IEnumerable<string> OfLevel(IEnumerable<string> keys, string beginning) => keys
        .Where(key => key.StartsWith(beginning, StringComparison.Ordinal))
        .Select(key => key.IndexOf('/', beginning.Length) is >= 0 and int slash ? key[..(slash + 1)] : key)
        .Distinct(StringComparer.Ordinal);

    /// <summary>The error for what is not a key.</summary>
    /// <param name="key">What was given.</param>
    /// <returns>The error <c>InvalidKey</c>.</returns>
    public static StickyException Invalid(string key) => new(
        "InvalidKey",
        StickyErrorKind.InvalidData,
        $"'{key}' cannot be a key: it {Forbidden}.",
        key,
        "Name a path relative to the base of the storage, such as 'ml/my-bundle/config'.");

    /// <summary>The error for an object that was there a moment ago.</summary>
    /// <param name="key">Its key.</param>
    /// <returns>The error <c>ObjectNotFound</c>.</returns>
    internal static StickyException NotFound(string key) => new(
        "ObjectNotFound", StickyErrorKind.NotFound, $"There is no '{key}' any more.", key, "Get-StickyStorageItem lists what there is.");

    private static bool IsForbiddenOnWindows(string name)
    {
        string stem = name.Split('.')[0].TrimEnd(' ').ToUpperInvariant();
        return name.AsSpan().ContainsAny(WindowsForbidden)
            || name[^1] is '.' or ' '
            || stem is "CON" or "PRN" or "AUX" or "NUL"
            || (stem.Length == 4 && (stem.StartsWith("COM", StringComparison.Ordinal) || stem.StartsWith("LPT", StringComparison.Ordinal)) && char.IsDigit(stem[3]));
    }
}
