using StickyPi.Core.Remote;
using StickyPi.Core.Stores;

namespace StickyPi.PowerShell.Completion;

/// <summary>Completes the names of a server's endpoints.</summary>
public sealed class ApiEndpointCompleter : StoreCompleter
{
    /// <inheritdoc/>
    protected override string Noun => "Endpoint";

    /// <inheritdoc/>
    protected override async ValueTask<IReadOnlyList<string>> GetNamesAsync(IStickyStore store, string word, CancellationToken cancellationToken) =>
        store is IRemoteStore remote
            ? [.. (await remote.Api.GetEndpointsAsync(cancellationToken).ConfigureAwait(false)).Select(endpoint => endpoint.Name)]
            : [];
}
