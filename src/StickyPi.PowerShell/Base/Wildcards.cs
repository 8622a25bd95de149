using System.Text.RegularExpressions;

namespace StickyPi.PowerShell.Base;

/// <summary>Wildcards where none are taken: in regular expressions, of which many are valid and mean something else, and in keys.</summary>
internal static partial class Wildcards
{
    /// <summary>Whether a regular expression was probably meant to be a wildcard: nobody looks for any number of slashes.</summary>
    /// <param name="pattern">A valid regular expression.</param>
    /// <returns>Whether it was.</returns>
    public static bool IsMeantBy(string pattern) =>
        pattern.StartsWith('*') || pattern.Contains("/*.", StringComparison.Ordinal) || pattern.EndsWith("/*", StringComparison.Ordinal) || NameWithStar().IsMatch(pattern);

    /// <summary>Whether a key has the signs of wildcards in it.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether it has.</returns>
    public static bool AreIn(string key) => key.AsSpan().ContainsAny('*', '?');

    /// <summary>What a wildcard is as a regular expression.</summary>
    /// <param name="wildcard">The wildcard, whose stars may also stand for slashes.</param>
    /// <returns>A regular expression for the same keys.</returns>
    public static string ToRegex(string wildcard)
    {
        string body = Special().Replace(
            wildcard.TrimStart('^').TrimEnd('$'),
            match => match.Value switch
            {
                "*" => ".*",
                "?" => ".",
                _ => "\\" + match.Value,
            });
        string start = body.StartsWith(".*", StringComparison.Ordinal) ? body[2..] : "^" + body;
        return start.EndsWith(".*", StringComparison.Ordinal) ? start[..^2] : start + "$";
    }

    /// <summary>What to do in the place of a key with wildcards.</summary>
    /// <param name="key">The key.</param>
    /// <returns>A sentence or two.</returns>
    public static string Advise(string key)
    {
        int slash = key.LastIndexOf('/', key.AsSpan().IndexOfAny('*', '?'));
        string folder = slash < 0 ? "." : key[..slash];
        string regex = ToRegex(key);
        return regex is "$" || regex == $"^{folder}/" ? $"Keys take no wildcards: '{folder}' means everything below it, and -Include chooses some of that."
            : $"Keys take no wildcards: name '{folder}', and choose what is below it with -Include '{regex}'.";
    }

    // Without any other sign of a regular expression, and without '.*', which would be one.
    [GeneratedRegex(@"^(?!.*\.[*?])[^\\^$()\[\]{}|+*]*[^\\^$()\[\]{}|+*.]\*[^\\^$()\[\]{}|+]*$")]
    private static partial Regex NameWithStar();

    [GeneratedRegex(@"[\\.+?()\[\]{}|^$*]")]
    private static partial Regex Special();
}
