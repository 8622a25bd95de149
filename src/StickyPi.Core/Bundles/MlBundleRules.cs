using StickyPi.Core.Storage;

namespace StickyPi.Core.Bundles;

/// <summary>What the existing Python client takes for a bundle: where it lies in a store, and which files count.</summary>
public static class MlBundleRules
{
    /// <summary>The key of a store below which its bundles lie, each under its name.</summary>
    public const string Prefix = "ml";

    /// <summary>The model of a bundle.</summary>
    public const string ModelKey = "output/model_final.pth";

    /// <summary>The version of the model.</summary>
    public const string VersionKey = "output/.version.txt";

    private const string IgnoredFolder = ".cache";

    private static readonly string[] Endings = [".yaml", ".yml", "model_final.pth", ".svg", ".jpeg", ".jpg", ".txt", ".db"];

    /// <summary>Where a bundle lies in a store.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The key above those of its files.</returns>
    /// <exception cref="StickyException"><c>InvalidBundleName</c>.</exception>
    public static string GetPrefix(string name) => IsName(name)
        ? $"{Prefix}/{name}"
        : throw new StickyException(
            "InvalidBundleName",
            StickyErrorKind.InvalidData,
            $"'{name}' cannot be the name of a bundle: it is one part of a path, without slashes or control characters.",
            name,
            "Get-StickyMlBundle lists the bundles of the store.");

    /// <summary>Whether a text can be the name of a bundle: one part of a key.</summary>
    /// <param name="name">Any text.</param>
    /// <returns>Whether it can.</returns>
    public static bool IsName(string name) => Storage.ObjectKey.IsValid(name) && !name.Contains('/');

    /// <summary>Whether a folder is looked into.</summary>
    /// <param name="key">Its key, relative to the bundle.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsFolder(string key) => key != IgnoredFolder && !key.EndsWith("/" + IgnoredFolder, StringComparison.Ordinal)
        && !SystemFiles.IsFolder(key[(key.LastIndexOf('/') + 1)..]);

    /// <summary>Looks at a file.</summary>
    /// <param name="key">Its key, relative to the bundle.</param>
    /// <param name="content">Which files are meant.</param>
    /// <returns>Why it is not meant, in a few words, or null where it is.</returns>
    public static string? WhyNot(string key, MlBundleContent content)
    {
        return !Endings.Any(ending => key.EndsWith(ending, StringComparison.Ordinal)) ? "not a kind of file that bundles hold"
            : key.Split('/')[..^1].Contains(IgnoredFolder) ? "in a cache folder"
            : SystemFiles.IsKey(key) ? "a file of the system"
            : content switch
            {
                MlBundleContent.Data => IsBelow("data") || IsBelow("config") ? null : "not data",
                MlBundleContent.Model => IsBelow("output") || IsBelow("config") ? null : "not the model",
                _ => null,
            };

        bool IsBelow(string folder) => key.StartsWith(folder + "/", StringComparison.Ordinal);
    }
}
