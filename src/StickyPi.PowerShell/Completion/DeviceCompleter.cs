using StickyPi.Core.Stores;

namespace StickyPi.PowerShell.Completion;

/// <summary>Completes devices.</summary>
public sealed class DeviceCompleter : StoreCompleter
{
    /// <inheritdoc/>
    protected override string Noun => "Device";

    /// <inheritdoc/>
    protected override ValueTask<IReadOnlyList<string>> GetNamesAsync(IStickyStore store, string word, CancellationToken cancellationToken) =>
        store.GetDeviceNamesAsync(cancellationToken);
}
