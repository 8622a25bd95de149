using System.Management.Automation;
using StickyPi.Core.Images;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Completion;

namespace StickyPi.PowerShell.Images;

/// <summary>Gets a series: the pictures of some devices within a half-open range of time, ordered by device and time.</summary>
[Cmdlet(VerbsCommon.Get, "StickyImageSeries", SupportsPaging = true)]
[OutputType(typeof(StickyImage))]
public sealed class GetStickyImageSeriesCommand : StoreCmdlet<string>
{
    private bool _wantsCount;
    private ulong _skip;
    private ulong? _first;

    /// <summary>Devices or patterns: <c>*</c> or <c>%</c> for any characters, <c>?</c> or <c>_</c> for one. All devices by default.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string[] Device { get; set; } = [];

    /// <summary>The first moment that belongs to the series, UTC.</summary>
    [Parameter(Position = 1)]
    [StickyTime]
    public DateTime? StartTime { get; set; }

    /// <summary>The first moment after the series, UTC.</summary>
    [Parameter(Position = 2)]
    [StickyTime]
    public DateTime? EndTime { get; set; }

    /// <summary>Which of a picture's files its url leads to.</summary>
    [Parameter]
    public ImageContent What { get; set; }

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        TimeRange.Check(StartTime, EndTime);
        if (PagingParameters is PagingParameters paging)
        {
            _wantsCount = paging.IncludeTotalCount;
            _skip = paging.Skip;
            _first = paging.First == ulong.MaxValue ? null : paging.First;
        }
    }

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(IAsyncEnumerable<string> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        // A series is ordered over all its devices, so they must all be known.
        List<string> devices = await input.ToListAsync(cancellationToken).ConfigureAwait(false);
        if (devices.Count == 0)
        {
            return;
        }

        ImageSeriesQuery query = new()
        {
            Devices = devices,
            StartTime = StartTime,
            EndTime = EndTime,
            What = What,
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

    // Called once without input, and never for an empty pipeline: no device there must not mean every device here.
    /// <inheritdoc/>
    protected override IEnumerable<string> ReadRecord() => Device.Length == 0 ? ["*"] : Device;
}
