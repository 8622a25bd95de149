using StickyPi.Core.Stores;

namespace StickyPi.PowerShell.Completion;

/// <summary>Completes the names of ML bundles.</summary>
public sealed class MlBundleNameCompleter : StoreCompleter
{
    /// <inheritdoc/>
    protected override string Noun => "ML bundle";

    /// <inheritdoc/>
    protected override ValueTask<IReadOnlyList<string>> GetNamesAsync(IStickyStore store, string word, CancellationToken cancellationToken) =>
        store.GetMlBundleNamesAsync(cancellationToken);
}
