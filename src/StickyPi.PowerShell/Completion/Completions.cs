using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using StickyPi.Core;

namespace StickyPi.PowerShell.Completion;

/// <summary>Makes completions of names.</summary>
internal static class Completions
{
    /// <summary>The names that begin with what is typed.</summary>
    /// <param name="word">What is typed, with or without quotes.</param>
    /// <param name="names">The names, and what to say of each.</param>
    /// <returns>What to type for each.</returns>
    public static IEnumerable<CompletionResult> Of(string word, IEnumerable<(string Name, string ToolTip)> names)
    {
        string start = Unquote(word);
        return names.Where(item => item.Name.StartsWith(start, StringComparison.OrdinalIgnoreCase)).Select(item => new CompletionResult(
            Quote(item.Name), OneLine.Of(item.Name), CompletionResultType.ParameterValue, OneLine.Of(item.ToolTip)));
    }

    /// <summary>What is typed, without its quotes: what was completed may be completed further.</summary>
    /// <param name="word">What is typed.</param>
    /// <returns>What it means.</returns>
    public static string Unquote(string word) =>
        word.StartsWith('\'') ? word.Trim('\'').Replace("''", "'", StringComparison.Ordinal) : word.Trim('"');

    /// <summary>Writes a text as it is typed.</summary>
    /// <param name="name">The text.</param>
    /// <returns>
    /// The text itself, or in quotes where it would mean something else: 12345678 or 123456e7 would be read as a number, and any other sign
    /// may mean something. Characters that must not reach the terminal are escaped.
    /// </returns>
    public static string Quote(string name) => name.Length > 0 && char.IsAsciiLetter(name[0]) && name.All(IsPlain)
        ? name
        : QuoteAlways(name);

    /// <summary>Writes a text as it is typed between quotes.</summary>
    /// <param name="name">The text.</param>
    /// <returns>The text in quotes. Characters that must not reach the terminal are escaped.</returns>
    public static string QuoteAlways(string name) => OneLine.Of(name) == name
        ? $"'{CodeGeneration.EscapeSingleQuotedStringContent(name)}'"
        : $"\"{string.Concat(name.Select(Escape))}\"";

    private static string Escape(char sign) =>
        sign is '"' or '`' or '$' ? $"`{sign}"
        : char.IsSurrogate(sign) || OneLine.Of(sign.ToString()) == sign.ToString() ? sign.ToString()
        : string.Create(CultureInfo.InvariantCulture, $"`u{{{(int)sign:x4}}}");

    private static bool IsPlain(char sign) => char.IsAsciiLetterOrDigit(sign) || sign is '/' or '.' or '-' or '_';
}
