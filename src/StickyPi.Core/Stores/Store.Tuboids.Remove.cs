using StickyPi.Core.Catalog;
using StickyPi.Core.Tuboids;

namespace StickyPi.Core.Stores;

public sealed partial class Store
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Outcome<StickyTuboidSeries>>> RemoveTuboidSeriesAsync(
        IReadOnlyList<TuboidSeriesReference> references, CancellationToken cancellationToken = default)
    {
        Outcome<StickyTuboidSeries>[] outcomes = new Outcome<StickyTuboidSeries>[references.Count];
        IReadOnlyList<string>[] tuboids = new IReadOnlyList<string>[references.Count];
        await using (ICatalogTransaction rows = await _catalog.BeginWriteAsync(_user, cancellationToken).ConfigureAwait(false))
        {
            for (int i = 0; i < references.Count; i++)
            {
                StickyTuboidSeries? series = rows.FindTuboidSeries(references[i]);
                tuboids[i] = series is null ? [] : rows.RemoveTuboidSeries(series);
                outcomes[i] = series is null ? new(SeriesNotFound(references[i])) : new(series);
            }

            rows.Commit(cancellationToken);
        }

        // The rows are gone, so the files go too, whatever the caller would rather do now.
        IReadOnlyDictionary<string, Exception> failures = await DeleteUnlistedFilesAsync([.. tuboids.SelectMany(ids => ids)], CancellationToken.None)
            .ConfigureAwait(false);
        for (int i = 0; i < outcomes.Length; i++)
        {
            string[] left = [.. tuboids[i].Where(failures.ContainsKey)];
            if (left.Length > 0)
            {
                string tuboidId = left.FirstOrDefault(id => !IsOutage(failures[id]), left[0]);
                Exception cause = failures[tuboidId];
                outcomes[i] = new(FilesNotRemoved(
                    $"The series {references[i]} is no longer listed, but files of {left.Length} of its tuboids could not be deleted, such as those of {tuboidId}",
                    references[i],
                    $"Delete what is left of the tuboids in '{Storage.GetPlace(TuboidId.Parse(tuboidId).SeriesFolder)}' by hand.",
                    cause));
            }
        }

        return outcomes;
    }

    private static StickyException SeriesNotFound(TuboidSeriesReference reference) => new(
        "TuboidSeriesNotFound",
        StickyErrorKind.NotFound,
        $"The store has no series {reference}.",
        reference,
        "Get-StickyTuboid lists the tuboids of a device with their series.");

    /// <summary>
    /// Deletes the files of tuboids that have no row, and the folders that this leaves empty. The right to write is held meanwhile, so
    /// that nobody adds such a tuboid between the look at its row and the end of its files; now and then it is let go, for others to write.
    /// </summary>
    private async ValueTask<IReadOnlyDictionary<string, Exception>> DeleteUnlistedFilesAsync(
        IReadOnlyCollection<string> tuboidIds, CancellationToken cancellationToken)
    {
        Dictionary<string, Exception> failures = [];
        foreach (string[] batch in tuboidIds.Chunk(LookUpBatchSize))
        {
            await using ICatalogTransaction rows = await _catalog.BeginWriteAsync(_user, cancellationToken).ConfigureAwait(false);
            List<TuboidId> unlisted = [];
            foreach (string tuboidId in batch)
            {
                if (TuboidId.TryParse(tuboidId, out TuboidId? id) && rows.FindTuboid(tuboidId) is null)
                {
                    unlisted.Add(id);
                }
            }

            await DeleteFilesAsync(
                [.. unlisted.SelectMany(id => TuboidFiles.All.Select(file => (id.ToString(), id.Key(file))))], failures, cancellationToken).ConfigureAwait(false);
            foreach (TuboidId id in unlisted)
            {
                await Storage.TidyAsync(id.Folder, cancellationToken).ConfigureAwait(false);
                await Storage.TidyAsync(id.SeriesFolder, cancellationToken).ConfigureAwait(false);
            }
        }

        return failures;
    }
}
