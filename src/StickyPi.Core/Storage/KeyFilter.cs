using System.Text.RegularExpressions;

namespace StickyPi.Core.Storage;

/// <summary>Which keys of a folder are meant, by regular expressions that may match anywhere in the key; what is excluded wins.</summary>
public sealed class KeyFilter
{
    // Patterns come from users and keys from anybody: together they must not be able to hang a run.
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(2);

    private readonly IReadOnlyList<Regex> _include;
    private readonly IReadOnlyList<Regex> _exclude;

    /// <summary>Makes a filter.</summary>
    /// <param name="include">Patterns, of which one must match; none means that all keys are meant.</param>
    /// <param name="exclude">Patterns, of which none may match.</param>
    /// <exception cref="StickyException"><c>InvalidPattern</c>: one is no regular expression.</exception>
    public KeyFilter(IReadOnlyList<string>? include, IReadOnlyList<string>? exclude)
    {
        _include = [.. (include ?? []).Select(Parse)];
        _exclude = [.. (exclude ?? []).Select(Parse)];
    }

    /// <summary>The filter that lets every key pass.</summary>
    public static KeyFilter All { get; } = new(null, null);

    /// <summary>Looks at a key.</summary>
    /// <param name="key">The key, relative to the folder that is listed or transferred, with forward slashes.</param>
    /// <returns>Why it is not meant, in a few words, or null where it is.</returns>
    /// <exception cref="StickyException"><c>PatternTooSlow</c>.</exception>
    public string? WhyNot(string key)
    {
        try
        {
            Regex? excluded = _exclude.FirstOrDefault(pattern => pattern.IsMatch(key));
            return excluded is not null ? $"excluded by '{excluded}'"
                : _include.Count > 0 && !_include.Any(pattern => pattern.IsMatch(key)) ? "not included"
                : null;
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new StickyException(
                "PatternTooSlow",
                StickyErrorKind.InvalidData,
                $"The pattern '{OneLine.Value(e.Pattern)}' takes too long on '{key}'.",
                e.Pattern,
                "Write it without nested repetitions, such as '(a+)+'.",
                e);
        }
    }

    private static Regex Parse(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, MatchTimeout);
        }
        catch (ArgumentException e)
        {
            throw new StickyException(
                "InvalidPattern",
                StickyErrorKind.InvalidData,
                $"'{OneLine.Value(pattern)}' is not a regular expression: {OneLine.Quote(e)}.",
                pattern,
                "-Include and -Exclude take regular expressions, not wildcards: '\\.jpg$' where a wildcard would be '*.jpg'.",
                e);
        }
    }
}
