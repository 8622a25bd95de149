using StickyPi.Core.Labels;

namespace StickyPi.Core.Stores;

public partial interface IStickyStore
{
    /// <summary>Adds labels to tuboids, in batches. A tuboid takes one label of each version of each algorithm.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>One outcome a label, in the same order. Errors: <c>TuboidNotFound</c>, <c>LabelExists</c>, <c>InvalidLabel</c>.</returns>
    IAsyncEnumerable<Outcome<StickyLabel>> AddLabelsAsync(IAsyncEnumerable<NewLabel> labels, CancellationToken cancellationToken = default);

    /// <summary>Reads labels, page by page: those of exact tuboids in the order of the tuboids, else in the order in which they were added.</summary>
    /// <param name="query">Which labels.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The labels.</returns>
    IAsyncEnumerable<StickyLabel> GetLabelsAsync(LabelQuery query, CancellationToken cancellationToken = default);
}
