using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace StickyPi.Core.Storage;

/// <summary>
/// The names of files that are not finished yet: <c>.stickypi-&lt;writer&gt;-&lt;number&gt;-&lt;name&gt;.partial</c>. They lie in the folder of the
/// file that they will become. No key may have a part of this form, so nothing that a user stores is ever taken for one.
/// </summary>
/// <remarks>
/// The writer is 12 hexadecimal digits, or <c>local</c> for a file outside of a store. The name is the beginning of the final name, for people who
/// find such a file; so the length of the whole does not depend on it.
/// </remarks>
public static partial class UnfinishedFile
{
    /// <summary>The length of a writer's tag.</summary>
    internal const int WriterLength = 12;

    /// <summary>How much of the final name stands in the name, in bytes of UTF-8.</summary>
    internal const int MaxNameLength = 80;

    private const int LongestCharacter = 4;
    private const string Local = "local";

    /// <summary>Whether a part of a path is the name of an unfinished file. Upper and lower case are the same, as on some disks.</summary>
    /// <param name="name">The name, without folders.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsName(string name) => Form().IsMatch(name);

    /// <summary>Whether some part of a key is the name of an unfinished file.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether one is.</returns>
    public static bool IsIn(string key) => key.Contains(".stickypi-", StringComparison.OrdinalIgnoreCase) && key.Split('/').Any(IsName);

    /// <summary>A path for a file outside of a store, with a random number: nobody else uses it.</summary>
    /// <param name="path">The path that the file will have.</param>
    /// <returns>A path in the same folder.</returns>
    public static string NewPath(string path) => PathOf(path, Local, Random.Shared.NextInt64().ToString("x", CultureInfo.InvariantCulture));

    /// <summary>A path for a file outside of a store that is always the same, so that the next run overwrites what a killed one has left.</summary>
    /// <param name="path">The path that the file will have.</param>
    /// <returns>A path in the same folder.</returns>
    internal static string LeftoverPath(string path)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFileName(path)));
        return PathOf(path, Local, Convert.ToHexStringLower(hash.AsSpan(0, WriterLength / 2)));
    }

    /// <summary>A path for an object of a store.</summary>
    /// <param name="path">The path that the object will have.</param>
    /// <param name="writer">The tag of the writer.</param>
    /// <param name="number">A number that the writer uses once.</param>
    /// <returns>A path in the same folder.</returns>
    internal static string PathOf(string path, string writer, long number) =>
        PathOf(path, writer, number.ToString("x", CultureInfo.InvariantCulture));

    /// <summary>Who writes a file of a store.</summary>
    /// <param name="name">The name of a file, without folders.</param>
    /// <returns>The tag of the writer; null for any other file.</returns>
    internal static string? WriterOf(string name) =>
        Form().Match(name) is { Success: true } match && match.Groups["writer"].Success ? match.Groups["writer"].Value : null;

    /// <summary>The name that an unfinished file will have, or what is known of it.</summary>
    /// <param name="name">The name of an unfinished file, without folders.</param>
    /// <returns>The final name, shortened to <see cref="MaxNameLength"/> where it is longer.</returns>
    internal static string FinalName(string name) => Form().Match(name).Groups["name"].Value;

    /// <summary>Whether a final name that was read from an unfinished file may be only the beginning of the real one.</summary>
    /// <param name="finalName">What <see cref="FinalName"/> gave.</param>
    /// <returns>Whether it may.</returns>
    internal static bool MayBeShortened(string finalName) => Encoding.UTF8.GetByteCount(finalName) > MaxNameLength - LongestCharacter;

    private static string PathOf(string path, string writer, string number) => Path.Combine(
        Path.GetDirectoryName(path) ?? "", $".stickypi-{writer}-{number}-{Shorten(Path.GetFileName(path))}.partial");

    // Never between the two halves of a character.
    private static string Shorten(string name)
    {
        int length = 0;
        int end = 0;
        foreach (Rune rune in name.EnumerateRunes())
        {
            if ((length += rune.Utf8SequenceLength) > MaxNameLength)
            {
                break;
            }

            end += rune.Utf16SequenceLength;
        }

        return name[..end];
    }

    [GeneratedRegex(
        @"\A\.stickypi-(?:(?<writer>[0-9a-f]{12})|local)-[0-9a-f]{1,16}-(?<name>.*)\.partial\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Form();
}
