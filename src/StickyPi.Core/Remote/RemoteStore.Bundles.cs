using StickyPi.Core.Bundles;
using StickyPi.Core.Remote.Api;

namespace StickyPi.Core.Remote;

internal sealed partial class RemoteStore
{
    private const string BundlesPath = "v1/bundles";

    /// <inheritdoc/>
    public override IAsyncEnumerable<StickyMlBundle> GetMlBundlesAsync(IReadOnlyList<string> patterns, CancellationToken cancellationToken = default) =>
        _api.ListAsync(BundlesPath, new QueryParameters().Add("name", patterns), ApiJson.Default.StickyMlBundle, Freshness.OfLate, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<string>> GetMlBundleNamesAsync(CancellationToken cancellationToken = default) => _api.GetAsync(
        $"{BundlesPath}/names", QueryParameters.None, ApiJson.Default.IReadOnlyListString, Freshness.OfLate, cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask<StickyMlBundle> RemoveMlBundleAsync(string name, CancellationToken cancellationToken = default)
    {
        _ = MlBundleRules.GetPrefix(name);
        ApiRequest request = new(HttpMethod.Delete, $"{BundlesPath}/{RemoteApi.Escape(name)}")
        {
            Target = name,
            IsIdempotent = false,
            Patience = ApiRequest.LongPatience,
        };
        return await _api.AskAsync(request, ApiJson.Default.StickyMlBundle, cancellationToken).ConfigureAwait(false);
    }
}
