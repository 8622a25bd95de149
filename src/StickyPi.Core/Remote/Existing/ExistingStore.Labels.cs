using System.Runtime.CompilerServices;
using System.Text.Json;
using StickyPi.Core.Labels;
using StickyPi.Core.Tuboids;

namespace StickyPi.Core.Remote.Existing;

internal sealed partial class ExistingStore
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<Outcome<StickyLabel>> AddLabelsAsync(
        IAsyncEnumerable<NewLabel> labels, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (NewLabel label in labels.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            yield return await AddAsync(label, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StickyLabel> GetLabelsAsync(
        LabelQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // A row names its tuboid by its number alone; and of a tuboid that is not there, the server answers with all labels there are.
        IReadOnlyList<StickyTuboid> tuboids = query.TuboidIds is null
            ? await ListAsync(new TuboidQuery(), cancellationToken).ConfigureAwait(false)
            : await FindTuboidsAsync([.. query.TuboidIds.Distinct(StringComparer.Ordinal)], cancellationToken).ConfigureAwait(false);
        List<StickyLabel> labels = [];
        foreach (StickyTuboid[] batch in tuboids.Chunk(ExistingCalls.BatchSize))
        {
            labels.AddRange(await FindLabelsAsync(batch, cancellationToken).ConfigureAwait(false));
        }

        foreach (StickyLabel label in query.TuboidIds is null ? labels.OrderBy(label => label.Id) : labels.AsEnumerable())
        {
            if (NamePattern.Matches(label.AlgoName, query.AlgoNames) && NamePattern.Matches(label.AlgoVersion, query.AlgoVersions))
            {
                yield return label;
            }
        }
    }

    // One at a time: a request of several ends at the first that is refused, and does not tell which that was.
    private async ValueTask<Outcome<StickyLabel>> AddAsync(NewLabel label, CancellationToken cancellationToken)
    {
        if (label.Check() is StickyException invalid)
        {
            return new(invalid);
        }

        IReadOnlyList<ExistingNewLabel> body = [ExistingNewLabel.From(label)];
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(body, ExistingJson.Default.IReadOnlyListExistingNewLabel);
        try
        {
            List<ExistingLabel> rows = await _calls.ChangeAsync(
                "put_itc_labels", () => ExistingCalls.Json(json), ExistingJson.Default.ExistingLabel, label, cancellationToken).ConfigureAwait(false);
            return rows is [ExistingLabel row] ? new(row.ToLabel(label.TuboidId)) : throw RemoteErrors.NotAServer(Uri, "it does not tell which label it took");
        }
        catch (StickyException e) when (IsRefused(e))
        {
            IReadOnlyList<StickyTuboid> tuboids = await FindTuboidsAsync([label.TuboidId], cancellationToken).ConfigureAwait(false);
            if (tuboids.Count == 0)
            {
                return new(new StickyException(
                    "TuboidNotFound", StickyErrorKind.NotFound, $"The store has no tuboid '{label.TuboidId}'.", label, "Get-StickyTuboid lists tuboids.", e)
                { Service = e.Service });
            }

            StickyLabel? existing = (await FindLabelsAsync(tuboids, cancellationToken).ConfigureAwait(false))
                .FirstOrDefault(other => other.AlgoName == label.AlgoName && other.AlgoVersion == label.AlgoVersion);
            return new(existing is null ? e : new StickyException(
                "LabelExists",
                StickyErrorKind.Conflict,
                $"The tuboid '{label.TuboidId}' has a label of '{label.AlgoName}' version '{label.AlgoVersion}' already: {existing.Label}, {existing}.",
                label,
                "Give the new label another version.",
                e)
            { Service = e.Service });
        }
    }

    // In the order of the tuboids.
    private async ValueTask<IReadOnlyList<StickyLabel>> FindLabelsAsync(IReadOnlyList<StickyTuboid> tuboids, CancellationToken cancellationToken)
    {
        if (tuboids.Count == 0)
        {
            return [];
        }

        Dictionary<long, int> positions = tuboids.Select((tuboid, i) => (tuboid.Id, i)).ToDictionary();
        IReadOnlyList<ExistingTuboidReference> body = [.. tuboids.Select(tuboid => new ExistingTuboidReference(tuboid.TuboidId))];
        List<(int Position, StickyLabel Label)> labels = [];
        await foreach (ExistingLabel row in _calls.AskAsync(
            "_get_itc_labels", body, ExistingJson.Default.IReadOnlyListExistingTuboidReference, ExistingJson.Default.ExistingLabel, cancellationToken)
            .ConfigureAwait(false))
        {
            if (positions.TryGetValue(row.ParentTuboidId, out int position))
            {
                labels.Add((position, row.ToLabel(tuboids[position].TuboidId)));
            }
        }

        return [.. labels.OrderBy(found => found.Position).ThenBy(found => found.Label.Id).Select(found => found.Label)];
    }

    // The series of a tuboid is asked for: first by the range in its id, which most have, then the whole device.
    private async ValueTask<IReadOnlyList<StickyTuboid>> FindTuboidsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        Dictionary<string, StickyTuboid> found = new(StringComparer.Ordinal);
        List<TuboidId> parsed = [];
        foreach (string id in ids)
        {
            if (TuboidId.TryParse(id, out TuboidId? tuboid))
            {
                parsed.Add(tuboid);
            }
        }

        foreach ((string device, DateTime start, DateTime end) in parsed.Select(id => (id.Device, id.StartTime, id.EndTime)).Distinct())
        {
            await AddAsync(new TuboidQuery { Devices = [device], StartTime = start, EndTime = end }).ConfigureAwait(false);
        }

        foreach (string device in parsed.Where(id => !found.ContainsKey(id.Text)).Select(id => id.Device).Distinct().ToArray())
        {
            await AddAsync(new TuboidQuery { Devices = [device] }).ConfigureAwait(false);
        }

        return [.. ids.Select(id => found.GetValueOrDefault(id)).OfType<StickyTuboid>()];

        async ValueTask AddAsync(TuboidQuery query)
        {
            foreach (StickyTuboid tuboid in await ListAsync(query, cancellationToken).ConfigureAwait(false))
            {
                found[tuboid.TuboidId] = tuboid;
            }
        }
    }
}
