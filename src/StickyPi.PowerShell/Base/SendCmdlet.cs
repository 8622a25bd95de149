using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;

namespace StickyPi.PowerShell.Base;

/// <summary>A cmdlet that brings what it finds in files or folders into a store, and tells of each what became of it.</summary>
/// <typeparam name="TResult">What it returns.</typeparam>
public abstract class SendCmdlet<TResult> : StorePathCmdlet
    where TResult : class
{
    /// <summary>How many are worked on at a time; one more than the machine has processors by default.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = SendImageOptions.DefaultParallelism;

    /// <summary>Whether it is only told what would be done.</summary>
    protected bool IsSimulated { get; private set; }

    /// <summary>What is being done, for the display of progress.</summary>
    protected abstract string Activity { get; }

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        IsSimulated = Preference.IsWhatIf(this);
    }

    /// <summary>Finds what is to be sent.</summary>
    /// <param name="path">A file or folder.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>What was found there, or what is wrong with it.</returns>
    protected abstract IEnumerable<(string? Found, StickyException? Error)> Find(string path, CancellationToken cancellationToken);

    /// <summary>How many files and folders of the system were left alone, and the first of them.</summary>
    protected virtual (int Count, string? First) LeftAlone => default;

    /// <summary>What a user must know of something that was sent all the same.</summary>
    /// <param name="result">What became of it.</param>
    /// <returns>A sentence, or null where there is nothing to be said.</returns>
    protected virtual string? GetWarning(TResult result) => null;

    /// <summary>Why nothing was found in a folder, as the end of a sentence that begins with the folder.</summary>
    protected abstract string EmptyReason { get; }

    /// <summary>Sends what was found.</summary>
    /// <param name="found">What was found.</param>
    /// <param name="sink">Where to ask.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>What became of each.</returns>
    protected abstract IAsyncEnumerable<Outcome<TResult>> SendAsync(IAsyncEnumerable<string> found, IPipelineSink sink, CancellationToken cancellationToken);

    /// <summary>Whether the store had it already.</summary>
    /// <param name="result">What became of it.</param>
    /// <returns>Whether it had.</returns>
    protected abstract bool IsSkipped(TResult result);

    /// <inheritdoc/>
    protected internal sealed override async Task ProcessAsync(IAsyncEnumerable<string> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        WorkMeter meter = new(sink, Activity);
        int added = 0;
        int skipped = 0;
        int failed = 0;
        try
        {
            await foreach (Outcome<TResult> outcome in SendAsync(FindAsync(input, meter, sink, cancellationToken), sink, cancellationToken).ConfigureAwait(false))
            {
                if (outcome.Succeeded)
                {
                    _ = IsSkipped(outcome.Value) ? skipped++ : added++;
                    if (GetWarning(outcome.Value) is string warning)
                    {
                        await sink.WriteWarningAsync(warning, cancellationToken).ConfigureAwait(false);
                    }

                    await sink.WriteAsync(outcome.Value, cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    failed++;
                    await sink.WriteErrorAsync(outcome.Error, cancellationToken).ConfigureAwait(false);
                }

                await meter.CountAsync(() => $"{added:N0} added, {skipped:N0} skipped, {failed:N0} failed", cancellationToken).ConfigureAwait(false);
            }
        }
        catch (StickyException) when (added + skipped + failed > 0 && !cancellationToken.IsCancellationRequested)
        {
            // What the results are piped to may show nothing of them before an error ends everything.
            await sink.WriteWarningAsync(
                $"Sending ended early: {added:N0} were added, {skipped:N0} skipped, {failed:N0} failed. Run the same command again for the rest.",
                cancellationToken).ConfigureAwait(false);
            throw;
        }

        await meter.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    // Folders are listed ahead of the work, so that progress can tell how much there is.
    private IAsyncEnumerable<string> FindAsync(IAsyncEnumerable<string> input, WorkMeter meter, IPipelineSink sink, CancellationToken cancellationToken) =>
        ParallelWork.RunAsync<string>(
            async (found, stop) =>
            {
                string? first = null;
                bool any = false;
                await foreach (string path in input.WithCancellation(stop).ConfigureAwait(false))
                {
                    first ??= path;
                    foreach ((string? item, StickyException? error) in Find(path, stop))
                    {
                        any = true;
                        if (error is not null)
                        {
                            await sink.WriteErrorAsync(error, stop).ConfigureAwait(false);
                            continue;
                        }

                        meter.Expect();
                        await found.WriteAsync(item!, stop).ConfigureAwait(false);
                    }
                }

                // A user who forgot -Recurse must not take silence for success and wipe the card.
                if (!any && first is not null)
                {
                    string reason = LeftAlone.First == first ? SystemFiles.Describe(LeftAlone.Count, first) : $"'{first}' {EmptyReason}.";
                    await sink.WriteWarningAsync($"Nothing was sent: {reason}", stop).ConfigureAwait(false);
                }

                if (LeftAlone is { Count: > 0 } left && (any || left.First != first))
                {
                    await sink.WriteVerboseAsync(SystemFiles.Describe(left.Count, left.First), stop).ConfigureAwait(false);
                }

                meter.TotalIsFinal = true;
            },
            cancellationToken,
            runAhead: true);
}
