using System.Management.Automation;
using StickyPi.Core.Images;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Images;

/// <summary>Gets series: the pictures of some devices within half-open ranges of time, ordered by device and time.</summary>
[Cmdlet(VerbsCommon.Get, "StickyImageSeries", SupportsPaging = true)]
[OutputType(typeof(StickyImage))]
public sealed class GetStickyImageSeriesCommand : SeriesCmdlet<SeriesInput>
{
    private const string Nothing = "The series is empty: the store has no picture";

    private bool _wantsCount;
    private long _skip;
    private long? _first;

    /// <summary>Which of a picture's files its url leads to.</summary>
    [Parameter]
    [EnumName(typeof(ImageContent))]
    public ImageContent What { get; set; }

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        if (PagingParameters is PagingParameters paging)
        {
            _wantsCount = paging.IncludeTotalCount;
            _skip = (long)Math.Min(paging.Skip, long.MaxValue);
            _first = paging.First == ulong.MaxValue ? null : (long)Math.Min(paging.First, long.MaxValue);
        }
    }

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(
        IAsyncEnumerable<SeriesInput> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        // Pictures are ordered over all series, so these must all be known.
        List<SeriesInput> series = await input.ToListAsync(cancellationToken).ConfigureAwait(false);
        if (series.Count == 0)
        {
            return;
        }

        if (series.Exists(item => item.HasTimes))
        {
            await WriteJoinedAsync([.. series.Select(item => item.Range)], sink, cancellationToken).ConfigureAwait(false);
            return;
        }

        ImageSeriesQuery query = new()
        {
            Devices = [.. series.Select(item => item.Range.Device)],
            StartTime = GivenStart,
            EndTime = GivenEnd,
            What = What,
            Skip = _skip,
            First = _first,
        };
        if (_wantsCount)
        {
            long count = await Store.CountImageSeriesAsync(query, cancellationToken).ConfigureAwait(false);
            await WriteCountAsync(count, sink, cancellationToken).ConfigureAwait(false);
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
            await sink.WriteWarningAsync($"{Nothing} of {described}.", cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<SeriesInput> ReadRecord() => ReadSeries();

    private ValueTask WriteCountAsync(long count, IPipelineSink sink, CancellationToken cancellationToken) =>
        sink.WriteAsync(PagingParameters.NewTotalCount((ulong)count, accuracy: 1), cancellationToken);

    private async ValueTask WriteJoinedAsync(IReadOnlyList<SeriesRange> ranges, IPipelineSink sink, CancellationToken cancellationToken)
    {
        if (_wantsCount)
        {
            long count = 0;
            await foreach ((SeriesRange part, _) in JoinAsync(ranges, cancellationToken).ConfigureAwait(false))
            {
                count += await Store.CountImageSeriesAsync(part.Query, cancellationToken).ConfigureAwait(false);
            }

            await WriteCountAsync(count, sink, cancellationToken).ConfigureAwait(false);
        }

        long skip = _skip;
        long left = _first ?? long.MaxValue;
        bool[] found = new bool[ranges.Count];
        if (left > 0)
        {
            await foreach (StickyImage image in ReadJoinedAsync(ranges, found, Read, image => image.DateTime, cancellationToken)
                .ConfigureAwait(false))
            {
                await sink.WriteAsync(image, cancellationToken).ConfigureAwait(false);
                if (--left == 0)
                {
                    break;
                }
            }
        }

        if (_skip == 0 && _first is null)
        {
            await WarnOfEmptyAsync(ranges, found, Nothing, sink, cancellationToken).ConfigureAwait(false);
        }

        async IAsyncEnumerable<StickyImage> Read(ImageSeriesQuery query)
        {
            if (skip > 0)
            {
                long count = await Store.CountImageSeriesAsync(query, cancellationToken).ConfigureAwait(false);
                if (count <= skip)
                {
                    skip -= count;
                    yield break;
                }
            }

            ImageSeriesQuery rest = query with { What = What, Skip = skip, First = _first is null ? null : left };
            skip = 0;
            await foreach (StickyImage image in Store.GetImageSeriesAsync(rest, cancellationToken).ConfigureAwait(false))
            {
                yield return image;
            }
        }
    }
}
