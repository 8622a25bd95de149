namespace StickyPi.PowerShell.Base;

/// <summary>Names that somebody who mistyped one may have meant.</summary>
internal static class Closest
{
    /// <summary>Orders names by how much must be typed differently.</summary>
    /// <param name="given">What was typed.</param>
    /// <param name="names">The right names.</param>
    /// <returns>All of them, the closest first.</returns>
    public static IEnumerable<string> To(string given, IEnumerable<string> names) =>
        names.OrderBy(name => Distance(given.ToUpperInvariant(), name.ToUpperInvariant())).ThenBy(name => name, StringComparer.Ordinal);

    // Levenshtein's: characters to insert, remove or replace; a part of the name counts as near.
    private static int Distance(string given, string name)
    {
        int[] row = [.. Enumerable.Range(0, name.Length + 1)];
        for (int i = 1; i <= given.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= name.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (given[i - 1] == name[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return name.Contains(given, StringComparison.Ordinal) ? row[^1] - name.Length + given.Length : row[^1];
    }
}
