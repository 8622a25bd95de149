using StickyPi.Core;

namespace StickyPi.Server.Errors;

/// <summary>Takes paths of this machine out of texts for others.</summary>
internal static class HiddenPaths
{
    /// <summary>Replaces a path, whether it stands there as it is or as messages show it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">The path.</param>
    /// <param name="name">What to write instead.</param>
    /// <returns>The text without the path.</returns>
    public static string Hide(this string text, string path, string name) =>
        text.Replace(path, name, StringComparison.Ordinal).Replace(OneLine.Of(path), name, StringComparison.Ordinal);
}
