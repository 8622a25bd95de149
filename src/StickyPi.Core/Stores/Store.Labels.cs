using System.Runtime.CompilerServices;
using StickyPi.Core.Catalog;
using StickyPi.Core.Labels;
using StickyPi.Core.Tuboids;

namespace StickyPi.Core.Stores;

public sealed partial class Store
{
    private const int LabelBatchSize = 512;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Outcome<StickyLabel>> AddLabelsAsync(
        IAsyncEnumerable<NewLabel> labels, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (IReadOnlyList<NewLabel> batch in Batches.OfAsync(labels, LabelBatchSize, cancellationToken).ConfigureAwait(false))
        {
            List<Outcome<StickyLabel>> outcomes = new(batch.Count);
            await using (ICatalogTransaction rows = await _catalog.BeginWriteAsync(_user, cancellationToken).ConfigureAwait(false))
            {
                outcomes.AddRange(batch.Select(label => Add(label, rows)));
                rows.Commit(cancellationToken);
            }

            foreach (Outcome<StickyLabel> outcome in outcomes)
            {
                yield return outcome;
            }
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StickyLabel> GetLabelsAsync(LabelQuery query, CancellationToken cancellationToken = default) =>
        GetLabelsAsync(query, afterId: 0, cancellationToken);

    /// <summary>Reads the labels that were added after one.</summary>
    /// <param name="query">Which labels; those of exact tuboids are read from the beginning.</param>
    /// <param name="afterId">The number of its row.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The labels.</returns>
    public async IAsyncEnumerable<StickyLabel> GetLabelsAsync(
        LabelQuery query, long afterId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (IReadOnlyList<StickyLabel> page in GetLabelPagesAsync(query, afterId, cancellationToken).ConfigureAwait(false))
        {
            foreach (StickyLabel label in page)
            {
                if (NamePattern.Matches(label.AlgoName, query.AlgoNames) && NamePattern.Matches(label.AlgoVersion, query.AlgoVersions))
                {
                    yield return label;
                }
            }
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<StickyLabel>> GetLabelPagesAsync(
        LabelQuery query, long afterId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (query.TuboidIds is not null)
        {
            foreach (string[] ids in query.TuboidIds.Distinct(StringComparer.Ordinal).Chunk(LabelBatchSize))
            {
                yield return await _catalog.FindLabelsAsync(ids, cancellationToken).ConfigureAwait(false);
            }

            yield break;
        }

        int pageSize = FirstPageSize;
        long last = afterId;
        while (true)
        {
            IReadOnlyList<StickyLabel> page = await _catalog.GetLabelPageAsync(last, pageSize, cancellationToken).ConfigureAwait(false);
            yield return page;
            if (page.Count < pageSize)
            {
                yield break;
            }

            last = page[^1].Id;
            pageSize = PageSize;
        }
    }

    private static Outcome<StickyLabel> Add(NewLabel label, ICatalogTransaction rows)
    {
        if (label.Check() is StickyException invalid)
        {
            return new(invalid);
        }

        if (rows.FindTuboid(label.TuboidId) is not StickyTuboid tuboid)
        {
            return new(new StickyException(
                "TuboidNotFound",
                StickyErrorKind.NotFound,
                $"The store has no tuboid '{label.TuboidId}'.",
                label,
                "Get-StickyTuboid lists tuboids."));
        }

        return rows.FindLabel(label.TuboidId, label.AlgoName, label.AlgoVersion) is not StickyLabel existing
            ? new(rows.AddLabel(tuboid.Id, label))
            : new(new StickyException(
                "LabelExists",
                StickyErrorKind.Conflict,
                $"The tuboid '{label.TuboidId}' has a label of '{label.AlgoName}' version '{label.AlgoVersion}' already: {existing.Label}, {existing}.",
                label,
                "Give the new label another version."));
    }
}
