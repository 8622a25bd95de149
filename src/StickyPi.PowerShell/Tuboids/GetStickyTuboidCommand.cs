using System.Management.Automation;
using System.Runtime.CompilerServices;
using StickyPi.Core;
using StickyPi.Core.Stores;
using StickyPi.Core.Tuboids;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Completion;

namespace StickyPi.PowerShell.Tuboids;

/// <summary>
/// Gets the tuboids of the series that lie wholly within a range of time, ordered by device, start of the series and row; saves their files where
/// that is asked for.
/// </summary>
[Cmdlet(VerbsCommon.Get, "StickyTuboid", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(StickyTuboid))]
public sealed class GetStickyTuboidCommand : StoreCmdlet<string>
{
    private string? _destination;

    /// <summary>Devices or patterns: <c>*</c> or <c>%</c> for any characters, <c>?</c> or <c>_</c> for one. All devices by default.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string[] Device { get; set; } = [];

    /// <summary>Series that start before this moment are left out, UTC.</summary>
    [Parameter(Position = 1)]
    [StickyTime]
    public DateTime? StartTime { get; set; }

    /// <summary>Series that end after this moment are left out, UTC.</summary>
    [Parameter(Position = 2)]
    [StickyTime]
    public DateTime? EndTime { get; set; }

    /// <summary>Algorithms that made the series; wildcards are resolved. All by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] AlgoName { get; set; } = [];

    /// <summary>Versions of the algorithms; wildcards are resolved. All by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] AlgoVersion { get; set; } = [];

    /// <summary>Whether the urls lead to the three files.</summary>
    [Parameter]
    public TuboidContent What { get; set; }

    /// <summary>Whether the tuboids come with their labels: once for each label, and once without where there is none.</summary>
    [Parameter]
    public SwitchParameter IncludeLabel { get; set; }

    /// <summary>A folder to save the files to, to which the urls then lead; it gets a folder for each series, with one for each tuboid.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    /// <summary>Whether different files of the same names are overwritten.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        TimeRange.Check(StartTime, EndTime);
        _destination = Destination is null ? null : FilePaths.ResolveFolder(this, Destination);
    }

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(IAsyncEnumerable<string> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        // Tuboids are ordered over all devices, so these must all be known.
        List<string> devices = await input.ToListAsync(cancellationToken).ConfigureAwait(false);
        if (devices.Count == 0)
        {
            return;
        }

        TuboidQuery query = new()
        {
            Devices = devices,
            StartTime = StartTime,
            EndTime = EndTime,
            AlgoNames = AlgoName,
            AlgoVersions = AlgoVersion,
            What = What,
            IncludeLabels = IncludeLabel,
        };
        WorkMeter meter = new(sink, "Saving tuboids");
        bool empty = true;
        IAsyncEnumerable<Outcome<StickyTuboid>> outcomes = _destination is null
            ? FindAsync(cancellationToken).Select(tuboid => new Outcome<StickyTuboid>(tuboid))
            : Store.SaveTuboidsAsync(FindAsync(cancellationToken), SaveOptions(_destination, sink), cancellationToken);
        await foreach (Outcome<StickyTuboid> outcome in outcomes.ConfigureAwait(false))
        {
            await sink.WriteOutcomeAsync(outcome, cancellationToken).ConfigureAwait(false);
            if (_destination is not null)
            {
                await meter.CountAsync(() => outcome.Value?.TuboidId ?? "", cancellationToken).ConfigureAwait(false);
            }
        }

        await meter.CompleteAsync(cancellationToken).ConfigureAwait(false);
        if (empty)
        {
            await sink.WriteWarningAsync($"The store has no tuboids {TuboidQueries.Describe(query)}.", cancellationToken).ConfigureAwait(false);
        }

        async IAsyncEnumerable<StickyTuboid> FindAsync([EnumeratorCancellation] CancellationToken stop)
        {
            await foreach (StickyTuboid tuboid in Store.GetTuboidsAsync(query, stop).ConfigureAwait(false))
            {
                empty = false;
                meter.Expect();
                yield return tuboid;
            }
        }
    }

    // Called once without input, and never for an empty pipeline: no device there must not mean every device here.
    /// <inheritdoc/>
    protected override IEnumerable<string> ReadRecord() => Device.Length == 0 ? ["*"] : Device;

    private SaveTuboidOptions SaveOptions(string destination, IPipelineSink sink) => new()
    {
        Destination = destination,
        Force = Force,
        Confirm = (folder, token) => sink.ShouldProcessAsync(folder, "Save tuboid", token),
    };
}
