using System.Management.Automation;
using StickyPi.Core.Images;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Images;

/// <summary>Gets a series: the pictures of some devices within a half-open range of time, ordered by device and time.</summary>
[Cmdlet(VerbsCommon.Get, "StickyImageSeries", SupportsPaging = true)]
[OutputType(typeof(StickyImage))]
public sealed class GetStickyImageSeriesCommand : ImageSeriesCmdlet
{
    private bool _wantsCount;
    private ulong _skip;
    private ulong? _first;

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        if (PagingParameters is PagingParameters paging)
        {
            _wantsCount = paging.IncludeTotalCount;
            _skip = paging.Skip;
            _first = paging.First == ulong.MaxValue ? null : paging.First;
        }
    }

    /// <inheritdoc/>
    protected override async Task ProcessAsync(ImageSeriesQuery series, IPipelineSink sink, CancellationToken cancellationToken)
    {
        ImageSeriesQuery query = series with
        {
            Skip = (long)Math.Min(_skip, long.MaxValue),
            First = _first is ulong first ? (long)Math.Min(first, long.MaxValue) : null,
        };
        if (_wantsCount)
        {
            long count = await Store.CountImageSeriesAsync(query, cancellationToken).ConfigureAwait(false);
            await sink.WriteAsync(PagingParameters.NewTotalCount((ulong)count, accuracy: 1), cancellationToken).ConfigureAwait(false);
        }

        bool empty = true;
        await foreach (StickyImage image in Store.GetImageSeriesAsync(query, cancellationToken).ConfigureAwait(false))
        {
            empty = false;
            await sink.WriteAsync(image, cancellationToken).ConfigureAwait(false);
        }

        if (empty && query.Skip == 0 && query.First != 0)
        {
            string described = TimeRange.Describe(query.Devices, query.StartTime, query.EndTime);
            await sink.WriteWarningAsync($"The series is empty: the store has no picture of {described}.", cancellationToken).ConfigureAwait(false);
        }
    }
}
