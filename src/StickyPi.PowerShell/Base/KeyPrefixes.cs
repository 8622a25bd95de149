namespace StickyPi.PowerShell.Base;

/// <summary>Keys, each for an object and everything below it, without those that an earlier one means already.</summary>
internal sealed class KeyPrefixes
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>Takes one.</summary>
    /// <param name="prefix">A key; empty for everything.</param>
    /// <returns>Whether no earlier one means it.</returns>
    public bool Add(string prefix)
    {
        for (string above = prefix; ; above = above[..Math.Max(0, above.LastIndexOf('/'))])
        {
            if (_seen.Contains(above))
            {
                return false;
            }

            if (above.Length == 0)
            {
                return _seen.Add(prefix);
            }
        }
    }
}
