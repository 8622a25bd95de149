using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Stores;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Images;

/// <summary>Brings pictures into a store; what it has already is skipped without being read.</summary>
[Cmdlet(
    VerbsCommunications.Send, "StickyImage", DefaultParameterSetName = PathInput.PathSet, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(SendImageResult))]
public sealed class SendStickyImageCommand : StorePathCmdlet
{
    private bool _isWhatIf;

    /// <summary>Whether folders within folders are searched too.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>Whether a picture may take the place of another one of the same device and time, whose annotations go with it.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>How many pictures are worked on at a time; one more than the machine has processors by default.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = SendImageOptions.DefaultParallelism;

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        _isWhatIf = WhatIf.IsOn(this);
    }

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(IAsyncEnumerable<string> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        WorkMeter meter = new(sink, "Sending pictures");
        int added = 0;
        int skipped = 0;
        int failed = 0;
        SendImageOptions options = new()
        {
            Force = Force,
            Parallelism = ThrottleLimit,
            Simulate = _isWhatIf,
            Confirm = (metadata, status, token) => sink.ShouldProcessAsync(
                metadata.Path, $"{(status == SendImageStatus.Added ? "Add to" : "Replace in")} store '{Store.Location}'", token),
        };
        await foreach (Outcome<SendImageResult> outcome in Store
            .SendImagesAsync(FindFilesAsync(input, meter, sink, cancellationToken), options, cancellationToken).ConfigureAwait(false))
        {
            if (outcome.Succeeded)
            {
                _ = outcome.Value.Status == SendImageStatus.Skipped ? skipped++ : added++;
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

    // Folders are listed ahead of the work, so that progress can tell how much there is.
    private IAsyncEnumerable<string> FindFilesAsync(
        IAsyncEnumerable<string> input, WorkMeter meter, IPipelineSink sink, CancellationToken cancellationToken) =>
        ParallelWork.RunAsync<string>(
            async (found, stop) =>
            {
                PictureFiles files = new(Recurse);
                string? emptyFolder = null;
                bool any = false;
                await foreach (string path in input.WithCancellation(stop).ConfigureAwait(false))
                {
                    emptyFolder ??= Directory.Exists(path) ? path : null;
                    foreach ((string? file, StickyException? error) in files.Find(path, stop))
                    {
                        any = true;
                        if (error is not null)
                        {
                            await sink.WriteErrorAsync(error, stop).ConfigureAwait(false);
                            continue;
                        }

                        meter.Expect();
                        await found.WriteAsync(file!, stop).ConfigureAwait(false);
                    }
                }

                // Whoever forgot -Recurse must not take silence for success, and wipe the card.
                if (!any && emptyFolder is not null)
                {
                    await sink.WriteWarningAsync(
                        $"Nothing was sent: '{emptyFolder}' has no .jpg files{(Recurse ? "" : " of its own. Use -Recurse to search the folders in it")}.",
                        stop).ConfigureAwait(false);
                }

                meter.TotalIsFinal = true;
            },
            cancellationToken,
            runAhead: true);
}
