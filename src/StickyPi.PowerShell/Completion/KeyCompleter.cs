using StickyPi.Core.Stores;

namespace StickyPi.PowerShell.Completion;

/// <summary>Completes the keys of objects, level by level, so that a store of a million objects answers at once.</summary>
public sealed class KeyCompleter : StoreCompleter
{
    // Nobody chooses from more, and servers tell as many at a time.
    private const int MaxCount = 1000;

    /// <inheritdoc/>
    protected override string Noun => "Key";

    /// <inheritdoc/>
    protected override async ValueTask<IReadOnlyList<string>> GetNamesAsync(IStickyStore store, string word, CancellationToken cancellationToken)
    {
        List<string> keys = await store.GetStorageLevelAsync(word, cancellationToken).Take(MaxCount).ToListAsync(cancellationToken).ConfigureAwait(false);
        keys.Sort(StringComparer.Ordinal);
        return keys;
    }
}
