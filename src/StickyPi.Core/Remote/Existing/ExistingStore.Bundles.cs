using StickyPi.Core.Bundles;

namespace StickyPi.Core.Remote.Existing;

internal sealed partial class ExistingStore
{
    /// <inheritdoc/>
    public override IAsyncEnumerable<StickyMlBundle> GetMlBundlesAsync(IReadOnlyList<string> patterns, CancellationToken cancellationToken = default) =>
        throw NotSupported("does not list its ML bundles; Sync-StickyMlBundle takes one by its name");

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<string>> GetMlBundleNamesAsync(CancellationToken cancellationToken = default) =>
        throw NotSupported("does not list its ML bundles; Sync-StickyMlBundle takes one by its name");

    /// <inheritdoc/>
    public override ValueTask<StickyMlBundle> RemoveMlBundleAsync(string name, CancellationToken cancellationToken = default) =>
        throw NotSupported("removes no ML bundles", name);
}
