using StickyPi.Core.Tuboids;

namespace StickyPi.Core.Catalog;

public partial interface ICatalog
{
    /// <summary>Lists the series of tuboids that lie wholly within a range of time, ordered by device and start.</summary>
    /// <param name="startTime">The earliest start, UTC.</param>
    /// <param name="endTime">The latest end, UTC.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The series. They are few: a device has some in a month.</returns>
    ValueTask<IReadOnlyList<TuboidSeriesRows>> GetTuboidSeriesAsync(DateTime startTime, DateTime endTime, CancellationToken cancellationToken);

    /// <summary>Looks up exact series.</summary>
    /// <param name="references">Which.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>One element for each reference, in the same order; null where there is no such series.</returns>
    ValueTask<IReadOnlyList<StickyTuboidSeries?>> FindTuboidSeriesAsync(
        IReadOnlyList<TuboidSeriesReference> references, CancellationToken cancellationToken);

    /// <summary>Reads one page of the tuboids of a series, in order of their ids, without urls.</summary>
    /// <param name="series">The series, whose first row is where the page begins.</param>
    /// <param name="count">How many tuboids to read at most.</param>
    /// <param name="includeLabels">Whether a tuboid comes once for each of its labels.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The tuboids; none at the end.</returns>
    ValueTask<IReadOnlyList<StickyTuboid>> GetTuboidPageAsync(
        TuboidSeriesRows series, int count, bool includeLabels, CancellationToken cancellationToken);

    /// <summary>Looks up exact tuboids, without urls and labels.</summary>
    /// <param name="tuboidIds">Which.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>One element for each id, in the same order; null where there is no such tuboid.</returns>
    ValueTask<IReadOnlyList<StickyTuboid?>> FindTuboidsAsync(IReadOnlyList<string> tuboidIds, CancellationToken cancellationToken);
}

public partial interface ICatalogTransaction
{
    /// <summary>Looks up a series, seeing what this transaction did so far.</summary>
    /// <param name="reference">Which.</param>
    /// <returns>The series, or null.</returns>
    StickyTuboidSeries? FindTuboidSeries(TuboidSeriesReference reference);

    /// <summary>Adds the row of a series.</summary>
    /// <param name="reference">What it is.</param>
    /// <param name="imageCount">How many pictures it was made from.</param>
    /// <param name="tuboidCount">How many tuboids it will have.</param>
    /// <returns>The row.</returns>
    StickyTuboidSeries AddTuboidSeries(TuboidSeriesReference reference, int imageCount, int tuboidCount);

    /// <summary>Removes the row of a series and, by cascade, those of its tuboids and of their labels.</summary>
    /// <param name="series">Which.</param>
    /// <returns>The ids of its tuboids.</returns>
    IReadOnlyList<string> RemoveTuboidSeries(StickyTuboidSeries series);

    /// <summary>Looks up a tuboid, without urls and labels, seeing what this transaction did so far.</summary>
    /// <param name="tuboidId">Which.</param>
    /// <returns>The tuboid, or null.</returns>
    StickyTuboid? FindTuboid(string tuboidId);

    /// <summary>Adds the row of a tuboid.</summary>
    /// <param name="series">Its series.</param>
    /// <param name="id">What it is.</param>
    /// <param name="metadata">Its shots.</param>
    /// <returns>The row.</returns>
    StickyTuboid AddTuboid(StickyTuboidSeries series, TuboidId id, TuboidMetadata metadata);
}

/// <summary>
/// A series and where its tuboids are in their table, which has no index by series: a page is looked for between these rows only.
/// </summary>
/// <param name="Series">The series.</param>
/// <param name="FirstId">The number of the row of its first tuboid; 0 where it has none.</param>
/// <param name="LastId">The number of the row of its last tuboid; 0 where it has none.</param>
public sealed record TuboidSeriesRows(StickyTuboidSeries Series, long FirstId, long LastId);
