using System.Runtime.CompilerServices;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Core.Tuboids;

namespace StickyPi.Core.Stores;

public sealed partial class Store
{
    /// <inheritdoc/>
    public IAsyncEnumerable<StickyTuboid> GetTuboidsAsync(TuboidQuery query, CancellationToken cancellationToken = default) =>
        GetTuboidsAsync(query, after: null, cancellationToken);

    /// <summary>Reads the tuboids that follow one, whether or not it is still there.</summary>
    /// <param name="query">Which tuboids.</param>
    /// <param name="after">The tuboid; null for all.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The tuboids, in the same order.</returns>
    public async IAsyncEnumerable<StickyTuboid> GetTuboidsAsync(
        TuboidQuery query, TuboidPosition? after, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        int pageSize = FirstPageSize;
        foreach (TuboidSeriesRows series in await FindTuboidSeriesRowsAsync(query, cancellationToken).ConfigureAwait(false))
        {
            int order = after is null ? 1 : TuboidPosition.Of(series.Series).CompareTo(after.Value with { TuboidRowId = 0 });
            if (order < 0)
            {
                continue;
            }

            TuboidSeriesRows rest = order == 0 ? series with { FirstId = Math.Max(series.FirstId, after!.Value.TuboidRowId + 1) } : series;
            while (rest.FirstId <= rest.LastId && rest.LastId > 0)
            {
                IReadOnlyList<StickyTuboid> page = await _catalog.GetTuboidPageAsync(rest, pageSize, query.IncludeLabels, cancellationToken)
                    .ConfigureAwait(false);
                foreach (StickyTuboid tuboid in page)
                {
                    yield return query.What == TuboidContent.Data && TuboidId.TryParse(tuboid.TuboidId, out TuboidId? id)
                        ? tuboid.WithUrls(file => _getUrl(id.Key(file)))
                        : tuboid with { What = query.What };
                }

                if (page.Count == 0)
                {
                    break;
                }

                rest = rest with { FirstId = page[^1].Id + 1 };
                pageSize = PageSize;
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StickyTuboidSeries> GetTuboidSeriesAsync(
        TuboidQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (TuboidSeriesRows rows in await FindTuboidSeriesRowsAsync(query, cancellationToken).ConfigureAwait(false))
        {
            yield return rows.Series;
        }
    }

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<StickyTuboidSeries?>> FindTuboidSeriesAsync(
        IReadOnlyList<TuboidSeriesReference> references, CancellationToken cancellationToken = default) =>
        _catalog.FindTuboidSeriesAsync(references, cancellationToken);

    private async ValueTask<IReadOnlyList<TuboidSeriesRows>> FindTuboidSeriesRowsAsync(TuboidQuery query, CancellationToken cancellationToken)
    {
        IReadOnlyList<TuboidSeriesRows> all = await _catalog.GetTuboidSeriesAsync(
            query.StartTime ?? DateTime.MinValue, query.EndTime ?? DateTime.MaxValue, cancellationToken).ConfigureAwait(false);
        return
        [
            .. all.Where(rows => DevicePattern.Matches(rows.Series.Device, query.Devices)
                && NamePattern.Matches(rows.Series.AlgoName, query.AlgoNames)
                && NamePattern.Matches(rows.Series.AlgoVersion, query.AlgoVersions)),
        ];
    }
}
