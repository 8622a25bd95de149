using System.Management.Automation;
using System.Management.Automation.Language;

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
        string start = word.Trim('\'', '"');
        return names.Where(item => item.Name.StartsWith(start, StringComparison.OrdinalIgnoreCase)).Select(item => new CompletionResult(
            Quote(item.Name), item.Name, CompletionResultType.ParameterValue, item.ToolTip));
    }

    // 12345678 or 123456e7 would be read as a number, and any other sign may mean something.
    private static string Quote(string name) => char.IsAsciiLetter(name[0]) && name.All(char.IsAsciiLetterOrDigit)
        ? name
        : $"'{CodeGeneration.EscapeSingleQuotedStringContent(name)}'";
}
