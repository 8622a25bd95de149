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
public sealed class SendStickyTuboidCommand : StorePathCmdlet
{
    private bool _isWhatIf;

    /// <summary>The algorithm that made the tuboids, at most 64 characters.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateLength(1, TuboidSeriesReference.MaximumAlgoNameLength)]
    public string AlgoName { get; set; } = "";

    /// <summary>Its version, at most 46 characters. By default that in the names of the folders.</summary>
    [Parameter]
    [ValidateLength(1, TuboidSeriesReference.MaximumAlgoVersionLength)]
    public string? AlgoVersion { get; set; }

    /// <summary>The device of the series: 8 hexadecimal digits. By default that in the names of the folders.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DeviceCompleter))]
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
    [ValidateRange(0, int.MaxValue)]
    public int? ImageCount { get; set; }

    /// <summary>How many tuboids the series has when it is complete. By default, for a new series, those that are sent.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? TuboidCount { get; set; }

    /// <summary>How many tuboids are worked on at a time; one more than the machine has processors by default.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = SendImageOptions.DefaultParallelism;

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        TimeRange.Check(StartTime, EndTime);
        _isWhatIf = WhatIf.IsOn(this);
    }

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(IAsyncEnumerable<string> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        WorkMeter meter = new(sink, "Sending tuboids");
        int added = 0;
        int skipped = 0;
        int failed = 0;
        SendTuboidOptions options = new()
        {
            AlgoName = AlgoName,
            AlgoVersion = AlgoVersion,
            Device = Device,
            StartTime = StartTime,
            EndTime = EndTime,
            ImageCount = ImageCount,
            TuboidCount = TuboidCount,
            Parallelism = ThrottleLimit,
            Simulate = _isWhatIf,
            Confirm = (path, token) => sink.ShouldProcessAsync(path, $"Add to store '{Store.Location}'", token),
        };
        await foreach (Outcome<SendTuboidResult> outcome in Store
            .SendTuboidsAsync(FindFoldersAsync(input, meter, sink, cancellationToken), options, cancellationToken).ConfigureAwait(false))
        {
            if (outcome.Succeeded)
            {
                _ = outcome.Value.Status == SendTuboidStatus.Skipped ? skipped++ : added++;
                await sink.WriteAsync(outcome.Value, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                failed++;
                await sink.WriteErrorAsync(outcome.Error, cancellationToken).ConfigureAwait(false);
            }

            await meter.CountAsync(() => $"{added:N0} added, {skipped:N0} skipped, {failed:N0} failed", cancellationToken).ConfigureAwait(false);
        }

        await meter.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    private static IAsyncEnumerable<string> FindFoldersAsync(
        IAsyncEnumerable<string> input, WorkMeter meter, IPipelineSink sink, CancellationToken cancellationToken) =>
        ParallelWork.RunAsync<string>(
            async (found, stop) =>
            {
                TuboidFolders folders = new();
                string? empty = null;
                bool any = false;
                await foreach (string path in input.WithCancellation(stop).ConfigureAwait(false))
                {
                    empty ??= path;
                    foreach ((string? folder, StickyException? error) in folders.Find(path, stop))
                    {
                        any = true;
                        if (error is not null)
                        {
                            await sink.WriteErrorAsync(error, stop).ConfigureAwait(false);
                            continue;
                        }

                        meter.Expect();
                        await found.WriteAsync(folder!, stop).ConfigureAwait(false);
                    }
                }

                if (!any && empty is not null)
                {
                    await sink.WriteWarningAsync(
                        $"Nothing was sent: '{empty}' has no folders of tuboids of its own. Use Get-ChildItem -Directory -Recurse to search the folders in it.",
                        stop).ConfigureAwait(false);
                }

                meter.TotalIsFinal = true;
            },
            cancellationToken,
            runAhead: true);
}
