using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.Core.Stores;
using StickyPi.Core.Tuboids;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Completion;

namespace StickyPi.PowerShell.Tuboids;

/// <summary>Brings tuboids into a store, from folders that are named by their ids; what it has already is skipped.</summary>
[Cmdlet(
    VerbsCommunications.Send, "StickyTuboid", DefaultParameterSetName = PathInput.PathSet, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(SendTuboidResult))]
public sealed class SendStickyTuboidCommand : SendCmdlet<SendTuboidResult>
{
    private TuboidFolders? _folders;

    /// <summary>The algorithm that made the tuboids, at most 64 characters.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateLength(1, TuboidSeriesReference.MaximumAlgoNameLength)]
    [Text]
    public string AlgoName { get; set; } = "";

    /// <summary>Its version, at most 46 characters. By default that in the names of the folders.</summary>
    [Parameter]
    [Given]
    [ValidateLength(1, TuboidSeriesReference.MaximumAlgoVersionLength)]
    [Text]
    public string? AlgoVersion { get; set; }

    /// <summary>The device of the series: 8 hexadecimal digits. By default that in the names of the folders.</summary>
    [Parameter]
    [Given]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    [Id(nameof(Device))]
    public string? Device { get; set; }

    /// <summary>The first moment of the series, UTC. By default that in the names of the folders.</summary>
    [Parameter]
    [StickyTime]
    public DateTime? StartTime { get; set; }

    /// <summary>The last moment of the series, UTC. By default that in the names of the folders.</summary>
    [Parameter]
    [StickyTime]
    public DateTime? EndTime { get; set; }

    /// <summary>How many pictures the series was made from. By default, for a new series, those that the store has of its device and range.</summary>
    [Parameter]
    [Given]
    [ValidateRange(0, int.MaxValue)]
    public int? ImageCount { get; set; }

    /// <summary>How many tuboids the series has when it is complete. By default, for a new series, those that are sent.</summary>
    [Parameter]
    [Given]
    [ValidateRange(1, int.MaxValue)]
    public int? TuboidCount { get; set; }

    /// <inheritdoc/>
    protected override string Activity => "Sending tuboids";

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        TimeRange.Check(StartTime, EndTime);
    }

    /// <inheritdoc/>
    protected override IEnumerable<(string? Found, StickyException? Error)> Find(string path, CancellationToken cancellationToken) =>
        (_folders ??= new TuboidFolders()).Find(path, cancellationToken);

    /// <inheritdoc/>
    protected override (int Count, string? First) LeftAlone => _folders is null ? default : (_folders.LeftAlone, _folders.FirstLeftAlone);

    /// <inheritdoc/>
    protected override string EmptyReason =>
        "has no folders of tuboids of its own. Use Get-ChildItem -Directory -Recurse to search the folders in it";

    /// <inheritdoc/>
    protected override IAsyncEnumerable<Outcome<SendTuboidResult>> SendAsync(
        IAsyncEnumerable<string> found, IPipelineSink sink, CancellationToken cancellationToken) => Store.SendTuboidsAsync(
            found,
            new SendTuboidOptions
            {
                AlgoName = AlgoName,
                AlgoVersion = AlgoVersion,
                Device = Device,
                StartTime = StartTime,
                EndTime = EndTime,
                ImageCount = ImageCount,
                TuboidCount = TuboidCount,
                Parallelism = ThrottleLimit,
                Simulate = IsSimulated,
                Confirm = (path, token) => sink.ShouldProcessAsync(path, $"Add to store '{Store.Location}'", token),
            },
            cancellationToken);

    /// <inheritdoc/>
    protected override bool IsSkipped(SendTuboidResult result) => result.Status == SendTuboidStatus.Skipped;
}
