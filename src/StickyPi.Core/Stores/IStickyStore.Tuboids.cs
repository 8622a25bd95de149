using StickyPi.Core.Tuboids;

namespace StickyPi.Core.Stores;

public partial interface IStickyStore
{
    /// <summary>
    /// Brings tuboids into the store, and makes the rows of their series. When this is stopped or killed, the store lists each tuboid
    /// wholly or not at all, and sending the same folders again completes it.
    /// </summary>
    /// <param name="folders">Absolute paths of folders that are named by the ids of tuboids.</param>
    /// <param name="options">How to send.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>
    /// One outcome a folder, in the order in which they are done. Errors: those of <see cref="TuboidFolder.ReadAsync"/>,
    /// <c>TuboidOutsideSeries</c>, <c>SeriesConflict</c>, <c>SeriesFull</c>, <c>TuboidExists</c>, <c>FileNotWritten</c>.
    /// </returns>
    /// <exception cref="StickyException"><c>InvalidTuboidSeries</c>: the options describe no series.</exception>
    IAsyncEnumerable<Outcome<SendTuboidResult>> SendTuboidsAsync(
        IAsyncEnumerable<string> folders, SendTuboidOptions options, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads tuboids, ordered by device, start of their series and number of their rows, page by page: memory grows with the number of
    /// series, and not with that of tuboids.
    /// </summary>
    /// <param name="query">Which tuboids.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The tuboids. The urls of one whose id is none are empty.</returns>
    IAsyncEnumerable<StickyTuboid> GetTuboidsAsync(TuboidQuery query, CancellationToken cancellationToken = default);

    /// <summary>Lists series of tuboids, ordered by device and start.</summary>
    /// <param name="query">Which series.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The series.</returns>
    IAsyncEnumerable<StickyTuboidSeries> GetTuboidSeriesAsync(TuboidQuery query, CancellationToken cancellationToken = default);

    /// <summary>Looks up exact series of tuboids.</summary>
    /// <param name="references">Which.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>One element for each reference, in the same order; null where the store has no such series.</returns>
    ValueTask<IReadOnlyList<StickyTuboidSeries?>> FindTuboidSeriesAsync(
        IReadOnlyList<TuboidSeriesReference> references, CancellationToken cancellationToken = default);

    /// <summary>Copies the files of tuboids out of the store. What is there already is left alone.</summary>
    /// <param name="tuboids">Tuboids of this store.</param>
    /// <param name="options">How to save.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>
    /// One outcome a tuboid, in the same order: the tuboid with the urls of the saved files. One that was not confirmed yields nothing.
    /// Errors: <c>InvalidTuboidId</c>, <c>StoredFileMissing</c>, <c>StoredFileUnreadable</c>, <c>FileExists</c>, <c>FileUnreadable</c>,
    /// <c>FileNotWritten</c>.
    /// </returns>
    IAsyncEnumerable<Outcome<StickyTuboid>> SaveTuboidsAsync(
        IAsyncEnumerable<StickyTuboid> tuboids, SaveTuboidOptions options, CancellationToken cancellationToken = default);

    /// <summary>Removes series: their rows, their tuboids, the labels of those, and their files.</summary>
    /// <param name="references">Which.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>
    /// One outcome a series, in the same order. Errors: <c>TuboidSeriesNotFound</c>, <c>FileNotRemoved</c>, which is of the kind
    /// <see cref="StickyErrorKind.StoreUnavailable"/> where the storage has gone after the rows had.
    /// </returns>
    ValueTask<IReadOnlyList<Outcome<StickyTuboidSeries>>> RemoveTuboidSeriesAsync(
        IReadOnlyList<TuboidSeriesReference> references, CancellationToken cancellationToken = default);
}
