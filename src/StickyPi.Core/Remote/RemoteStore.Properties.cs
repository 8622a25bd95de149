using System.Text.Json;
using StickyPi.Core.Properties;
using StickyPi.Core.Remote.Api;

namespace StickyPi.Core.Remote;

internal sealed partial class RemoteStore
{
    private const string PropertiesPath = "v1/properties";

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Outcome<StickyPropertySet>>> GetPropertiesAsync(
        IReadOnlyList<PropertyTarget> targets, CancellationToken cancellationToken = default)
    {
        List<Outcome<StickyPropertySet>> outcomes = new(targets.Count);
        await foreach (ApiOutcome<StickyPropertySet> outcome in _api.FindAsync(
            $"{PropertiesPath}/find",
            QueryParameters.None,
            targets,
            ApiJson.Requests.IReadOnlyListPropertyTarget,
            ApiJson.Default.ApiOutcomeStickyPropertySet,
            Freshness.NowIfReachable,
            cancellationToken).ConfigureAwait(false))
        {
            outcomes.Add(ToOutcome(outcome, At(targets, outcomes.Count)));
        }

        return Complete(outcomes, targets.Count);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StickyPropertySet> ListPropertiesAsync(
        StickyPropertyKind kind, IReadOnlyList<string> patterns, CancellationToken cancellationToken = default) => _api.ListAsync(
        PathOf(kind), new QueryParameters().Add("id", patterns), ApiJson.Default.StickyPropertySet, Freshness.OfLate, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<Outcome<StickyPropertySet>> ChangePropertiesAsync(
        PropertyTarget target, PropertyChange change, CancellationToken cancellationToken = default)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(change, ApiJson.Requests.PropertyChange);
        ApiRequest request = new(HttpMethod.Patch, $"{PathOf(target.Kind)}/{RemoteApi.Escape(target.Id)}")
        {
            Content = () => RemoteApi.Json(body),
            Target = target,

            // Merging, removing and replacing come to the same when they are done twice.
            IsIdempotent = true,
        };
        try
        {
            return new(await _api.AskAsync(request, ApiJson.Default.StickyPropertySet, cancellationToken).ConfigureAwait(false));
        }
        catch (StickyException e) when (IsOfTheItem(e))
        {
            return new(e);
        }
    }

    private static string PathOf(StickyPropertyKind kind) => $"{PropertiesPath}/{kind.ToString().ToLowerInvariant()}";
}
