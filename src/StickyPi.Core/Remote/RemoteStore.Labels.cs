using System.Runtime.CompilerServices;
using System.Text.Json;
using StickyPi.Core.Labels;
using StickyPi.Core.Remote.Api;

namespace StickyPi.Core.Remote;

internal sealed partial class RemoteStore
{
    private const string LabelsPath = "v1/labels";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Outcome<StickyLabel>> AddLabelsAsync(
        IAsyncEnumerable<NewLabel> labels, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (IReadOnlyList<NewLabel> batch in Batches.OfAsync(labels, RemoteApi.BatchSize, cancellationToken).ConfigureAwait(false))
        {
            using MemoryStream lines = new();
            foreach (NewLabel label in batch)
            {
                JsonSerializer.Serialize(lines, label, ApiJson.Requests.NewLabel);
                lines.WriteByte((byte)'\n');
            }

            ApiRequest request = RemoteApi.Post(LabelsPath, QueryParameters.None, lines.ToArray(), ApiLines.MediaType);
            List<Outcome<StickyLabel>> outcomes = new(batch.Count);
            await foreach (ApiOutcome<StickyLabel> outcome in _api
                .AskLinesAsync(request, ApiJson.Default.ApiOutcomeStickyLabel, cancellationToken).ConfigureAwait(false))
            {
                outcomes.Add(ToOutcome(outcome, At(batch, outcomes.Count)));
            }

            foreach (Outcome<StickyLabel> outcome in Complete(outcomes, batch.Count))
            {
                yield return outcome;
            }
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StickyLabel> GetLabelsAsync(LabelQuery query, CancellationToken cancellationToken = default)
    {
        QueryParameters parameters = new QueryParameters().Add("algoName", query.AlgoNames).Add("algoVersion", query.AlgoVersions);
        return query.TuboidIds is null
            ? _api.ListPatientlyAsync(LabelsPath, parameters, ApiJson.Default.StickyLabel, label => label.Id, Freshness.OfLate, cancellationToken)
            : RemoteApi.ReadPatientlyAsync(
                freshness => _api.FindAsync(
                    $"{LabelsPath}/find",
                    parameters,
                    [.. query.TuboidIds.Distinct(StringComparer.Ordinal)],
                    ApiJson.Default.IReadOnlyListString,
                    ApiJson.Default.StickyLabel,
                    freshness,
                    cancellationToken),
                label => label.Id,
                Freshness.OfLate,
                cancellationToken);
    }
}
