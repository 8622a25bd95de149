using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Tuboids;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Completion;

namespace StickyPi.PowerShell.Tuboids;

/// <summary>Removes series of tuboids from a store: their rows, their tuboids with files and labels.</summary>
[Cmdlet(
    VerbsCommon.Remove, "StickyTuboidSeries", DefaultParameterSetName = RangeSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveStickyTuboidSeriesCommand : StoreCmdlet<TuboidSeriesReference>
{
    private const string RangeSet = "Range";
    private const string TuboidSet = "Tuboid";

    /// <summary>Devices or patterns: <c>*</c> or <c>%</c> for any characters, <c>?</c> or <c>_</c> for one.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = RangeSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    [Id(nameof(Device))]
    public string[] Device { get; set; } = [];

    /// <summary>Series that start before this moment stay, UTC.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = RangeSet)]
    [StickyTime]
    public DateTime StartTime { get; set; }

    /// <summary>Series that end after this moment stay, UTC.</summary>
    [Parameter(Mandatory = true, Position = 2, ParameterSetName = RangeSet)]
    [StickyTime]
    public DateTime EndTime { get; set; }

    /// <summary>Algorithms that made the series; wildcards are resolved. All by default.</summary>
    [Parameter(ParameterSetName = RangeSet)]
    [Given]
    [SupportsWildcards]
    [Text]
    public string[] AlgoName { get; set; } = [];

    /// <summary>Versions of the algorithms; wildcards are resolved. All by default.</summary>
    [Parameter(ParameterSetName = RangeSet)]
    [Given]
    [SupportsWildcards]
    [Text]
    public string[] AlgoVersion { get; set; } = [];

    /// <summary>Tuboids whose whole series are removed; also what Send-StickyTuboid returned.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TuboidSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    [OwnObject("Pipe what Get-StickyTuboid returns, or give -Device, -StartTime and -EndTime.")]
    public StickyTuboid[] Tuboid { get; set; } = [];

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        if (Device.Length > 0)
        {
            TimeRange.Check(StartTime, EndTime);
        }
    }

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(
        IAsyncEnumerable<TuboidSeriesReference> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        if (Device.Length > 0)
        {
            TuboidQuery query = new()
            {
                Devices = Device,
                StartTime = StartTime,
                EndTime = EndTime,
                AlgoNames = AlgoName,
                AlgoVersions = AlgoVersion,
            };
            List<StickyTuboidSeries> found = await Store.GetTuboidSeriesAsync(query, cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
            foreach (StickyTuboidSeries series in found)
            {
                await RemoveAsync(series.Reference, series, sink, cancellationToken).ConfigureAwait(false);
            }

            if (found.Count == 0)
            {
                await sink.WriteWarningAsync(
                    $"Nothing was removed: the store has no tuboids {TuboidQueries.Describe(query)}.", cancellationToken).ConfigureAwait(false);
            }
        }

        HashSet<TuboidSeriesReference> seen = [];
        await foreach (TuboidSeriesReference reference in input.ConfigureAwait(false))
        {
            if (seen.Add(reference))
            {
                StickyTuboidSeries? series = (await Store.FindTuboidSeriesAsync([reference], cancellationToken).ConfigureAwait(false))[0];
                await RemoveAsync(reference, series, sink, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<TuboidSeriesReference> ReadRecord() => Tuboid.Select(tuboid => tuboid.Series);

    private async ValueTask RemoveAsync(
        TuboidSeriesReference reference, StickyTuboidSeries? series, IPipelineSink sink, CancellationToken cancellationToken)
    {
        string target = series is null ? $"{reference}" : $"{reference}: {series.StoredTuboidCount} tuboids";
        if (!await sink.ShouldProcessAsync(target, $"Remove from store '{Store.Location}'", cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        IReadOnlyList<Outcome<StickyTuboidSeries>> outcomes = await Store.RemoveTuboidSeriesAsync([reference], cancellationToken).ConfigureAwait(false);
        await sink.WriteErrorsAsync(outcomes, cancellationToken).ConfigureAwait(false);
    }
}
