using StickyPi.Core.Bundles;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Stores;

/// <summary>
/// Which keys an object may get that a user sends as a file. The rule is the same for every kind of store, so that what one holds can be copied to
/// any other. Objects that have other keys already can be listed, received, replaced and removed.
/// </summary>
public static class NewKey
{
    /// <summary>The folders whose files have rows, which only sending them as what they are keeps true.</summary>
    public static IReadOnlyList<string> FoldersWithRows { get; } = ["raw_images", "tiled_tuboids"];

    /// <summary>Why a key is one of the store's own places.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The error <c>ReservedKey</c>, or null.</returns>
    public static StickyException? WhyReserved(string key)
    {
        string folded = key.ToLowerInvariant();
        return FoldersWithRows.Any(folder => ObjectKey.IsUnder(folded, folder)) ? Reserved(
                "is the key of a picture or a tuboid, which has a row beside its files",
                "Send pictures with Send-StickyImage and tuboids with Send-StickyTuboid, or choose another key.")
            : folded == MlBundleRules.Prefix ? Reserved("is the folder of the ML bundles", "Choose another key, or one in that folder.")
            : DiskStorage.IsOwn(key) ? Reserved(
                "is a name that stores keep for themselves", "Choose another name: all but 'database.db…', 'cache/…' and '.stickypi-…' is free.")
            : null;

        StickyException Reserved(string what, string action) => new("ReservedKey", StickyErrorKind.NotAllowed, $"'{key}' {what}.", key, action);
    }

    /// <summary>Why a key can't be that of a new object.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The error <c>InvalidKey</c> or <c>ReservedKey</c>, or null where it can.</returns>
    public static StickyException? WhyNot(string key)
    {
        if (!ObjectKey.IsValid(key))
        {
            return ObjectKey.Invalid(key);
        }

        return WhyReserved(key)
            ?? (key.Split('/').Select(VisibleName.WhyNot).FirstOrDefault(reason => reason is not null) is string unseen
                ? new StickyException(
                    "InvalidKey",
                    StickyErrorKind.InvalidData,
                    $"'{OneLine.Of(key)}' cannot be a new key: a part of it {unseen}.",
                    key,
                    "Rename the file, so that its name is what one sees.")
                : null);
    }

    /// <summary>The error for a new key that people can't tell from another one.</summary>
    /// <param name="key">The new key.</param>
    /// <param name="other">The key that the store has.</param>
    /// <returns>The error <c>KeyConflict</c>.</returns>
    internal static StickyException LooksLike(string key, string other) => new(
        "KeyConflict",
        StickyErrorKind.Conflict,
        $"'{key}' looks the same as an object that the store has, whose key is written with other characters.",
        key,
        "Choose another name, or remove the other object first: pipe what Get-StickyStorageItem lists of it to Remove-StickyStorageItem "
            + $"({Escape(other)}).");

    private static string Escape(string key) => string.Concat(key.Select(letter => char.IsAscii(letter) && !char.IsControl(letter)
        ? letter.ToString()
        : $"\\u{(int)letter:x4}"));
}
