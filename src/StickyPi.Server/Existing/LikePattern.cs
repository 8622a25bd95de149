using System.Text;
using StickyPi.Core;

namespace StickyPi.Server.Existing;

/// <summary>Patterns as LIKE has them, which the existing API takes: <c>%</c> stands for any run of characters, <c>_</c> for one.</summary>
internal static class LikePattern
{
    /// <summary>Makes a <see cref="NamePattern"/> that matches the same, so that a store can be asked.</summary>
    /// <param name="pattern">A pattern of LIKE.</param>
    /// <returns>The pattern, in which what means something to PowerShell alone is only itself.</returns>
    public static string ToNamePattern(string pattern)
    {
        StringBuilder result = new(pattern.Length);
        foreach (char c in pattern)
        {
            _ = c switch
            {
                '%' => result.Append('*'),
                '_' => result.Append('?'),
                '*' or '?' or '`' => result.Append('`').Append(c),
                _ => result.Append(c),
            };
        }

        return result.ToString();
    }
}
