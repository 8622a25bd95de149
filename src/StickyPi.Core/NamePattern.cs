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
        patterns.Count == 0 || patterns.Any(pattern => Matches(name, pattern));

    /// <summary>The pattern that only one name matches, apart from its case.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The name with a backtick before whatever has a meaning.</returns>
    internal static string Escape(string name) => string.Concat(name.Select(c => c is '*' or '?' or '`' ? $"`{c}" : c.ToString()));

    // FileSystemName.MatchesSimpleExpression would do, but for an escaped question mark, which it takes for any character.
    private static bool Matches(ReadOnlySpan<char> name, ReadOnlySpan<char> pattern)
    {
        int at = 0;
        int inPattern = 0;
        int? afterStar = null;
        int untilStar = 0;
        while (at < name.Length)
        {
            ReadOnlySpan<char> rest = pattern[inPattern..];
            bool isEscaped = rest.Length > 1 && rest[0] == '`';
            if (rest.StartsWith('*'))
            {
                (afterStar, untilStar) = (++inPattern, at);
            }
            else if (rest.Length > 0
                && (rest[0] == '?' || char.ToUpperInvariant(rest[isEscaped ? 1 : 0]) == char.ToUpperInvariant(name[at])))
            {
                inPattern += isEscaped ? 2 : 1;
                at++;
            }
            else if (afterStar is int start)
            {
                // The last star takes one character more, and what follows it is tried again. An earlier one need not: what it could
                // take more, the last one can.
                (inPattern, at) = (start, ++untilStar);
            }
            else
            {
                return false;
            }
        }

        return !pattern[inPattern..].ContainsAnyExcept('*');
    }
}
