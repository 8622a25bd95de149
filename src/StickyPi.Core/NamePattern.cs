using System.IO.Enumeration;

namespace StickyPi.Core;

/// <summary>
/// A name, or a pattern for several, as PowerShell users write them: <c>*</c> stands for any run of characters, <c>?</c> for one, a
/// backtick takes the meaning from the character after it; upper and lower case are the same. Everything else, <c>%</c> and
/// <c>_</c> included, is only itself.
/// </summary>
public static class NamePattern
{
    /// <summary>Whether a name matches at least one of several patterns.</summary>
    /// <param name="name">The name.</param>
    /// <param name="patterns">The patterns; none matches every name.</param>
    /// <returns>Whether it matches.</returns>
    public static bool Matches(string name, IReadOnlyCollection<string> patterns) =>
        patterns.Count == 0
        || patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(Translate(pattern), name, ignoreCase: true));

    // The matcher's own escape is a backslash, which is a character like any other here.
    private static string Translate(string pattern) =>
        pattern.Replace(@"\", @"\\", StringComparison.Ordinal).Replace('`', '\\');
}
