using StickyPi.Core.Labels;

namespace StickyPi.Core.Catalog;

public partial interface ICatalog
{
    /// <summary>Reads one page of all labels, in order of their numbers.</summary>
    /// <param name="afterId">The number of the last label before the page; 0 for the first page.</param>
    /// <param name="count">How many to read at most.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The labels; fewer than <paramref name="count"/> only at the end.</returns>
    ValueTask<IReadOnlyList<StickyLabel>> GetLabelPageAsync(long afterId, int count, CancellationToken cancellationToken);

    /// <summary>Looks up the labels of exact tuboids.</summary>
    /// <param name="tuboidIds">Which tuboids.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The labels, in the order of the tuboids and then of their numbers.</returns>
    ValueTask<IReadOnlyList<StickyLabel>> FindLabelsAsync(IReadOnlyList<string> tuboidIds, CancellationToken cancellationToken);
}

public partial interface ICatalogTransaction
{
    /// <summary>Looks up the label of a tuboid by one version of an algorithm, seeing what this transaction did so far.</summary>
    /// <param name="tuboidId">Which tuboid.</param>
    /// <param name="algoName">The name of the algorithm, or of the person.</param>
    /// <param name="algoVersion">The version of the algorithm.</param>
    /// <returns>The label, or null; there is at most one.</returns>
    StickyLabel? FindLabel(string tuboidId, string algoName, string algoVersion);

    /// <summary>Adds the row of a label.</summary>
    /// <param name="tuboidRowId">The number of the row of its tuboid.</param>
    /// <param name="label">The label.</param>
    /// <returns>The row.</returns>
    StickyLabel AddLabel(long tuboidRowId, NewLabel label);
}
