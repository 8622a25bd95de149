using System.Globalization;
using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Storage;

namespace StickyPi.PowerShell.Base;

/// <summary>A cmdlet that transfers files between this machine and a store, and says in one summary what it found and did.</summary>
/// <typeparam name="TInput">What one item of input is.</typeparam>
public abstract class SyncCmdlet<TInput> : KeyFilterCmdlet<TInput>
{
    private const int NamedItems = 3;

    private bool _isWhatIf;

    /// <summary>Whether what differs at the target is replaced, whichever is newer.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>How many transfers go on at a time.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = SyncOptions.DefaultParallelism;

    /// <summary>The clock of the display.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Whether the rest is transferred where something needs <see cref="Force"/>.</summary>
    private protected virtual bool LeavesWhatNeedsForce => false;

    /// <summary>What there is where no file is meant and none was left out.</summary>
    /// <param name="summary">What was found.</param>
    /// <returns>The rest of a sentence.</returns>
    private protected virtual string DescribeNothing(StickySyncSummary summary) => "nothing that was named has any";

    /// <summary>Looks at an error of one item for more that could help.</summary>
    /// <param name="error">The error.</param>
    /// <returns>A warning to follow it, or null.</returns>
    private protected virtual string? Advise(StickyException error) => null;

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        _isWhatIf = Preference.IsWhatIf(this);
    }

    /// <summary>Compares, asks, transfers, and writes the summary.</summary>
    /// <typeparam name="TOptions">The type of the options.</typeparam>
    /// <param name="options">What is special to the command; the rest is filled in here.</param>
    /// <param name="direction">From where to where.</param>
    /// <param name="run">What to run with the options.</param>
    /// <param name="sink">Where to write.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>A task that ends with the work.</returns>
    private protected async ValueTask SyncAsync<TOptions>(
        TOptions options,
        SyncDirection direction,
        Func<TOptions, ValueTask<StickySyncSummary>> run,
        IPipelineSink sink,
        CancellationToken cancellationToken)
        where TOptions : SyncOptions
    {
        string activity = (options.Simulate, direction) switch
        {
            (true, _) => "Comparing files",
            (_, SyncDirection.Push) => "Uploading files",
            _ => "Downloading files",
        };
        SyncMeter meter = new(sink, activity, Clock);
        bool refused = false;
        SyncOptions all = options with
        {
            Filter = Filter,
            Force = Force,
            Parallelism = ThrottleLimit,
            Simulate = options.Simulate || _isWhatIf,
            Confirm = options.Simulate ? null : (plan, action, token) => meter.AskAsync(AskAsync(plan, action, sink, token)),
            Progress = meter.Report,
            Refuse = RefuseAsync,
        };
        StickySyncSummary summary = await meter.RunAsync(() => run((TOptions)all), cancellationToken).ConfigureAwait(false);
        if (summary.Matched.Count == 0 && !refused)
        {
            await sink.WriteWarningAsync($"There is no file to transfer: {DescribeWhy(summary)}.", cancellationToken).ConfigureAwait(false);
        }

        StickyException? held = FindHeld(summary);
        if (held is not null && all.Simulate)
        {
            await sink.WriteWarningAsync($"{OneLine.Quote(held)}. {held.RecommendedAction}", cancellationToken).ConfigureAwait(false);
        }

        await sink.WriteAsync(summary, cancellationToken).ConfigureAwait(false);
        if (held is not null && !all.Simulate)
        {
            // After the summary, which -ErrorAction Stop would otherwise keep from the user.
            await sink.WriteErrorAsync(held, cancellationToken).ConfigureAwait(false);
        }

        async ValueTask RefuseAsync(StickyException error, CancellationToken token)
        {
            refused = true;
            await sink.WriteErrorAsync(error, token).ConfigureAwait(false);
            if (Advise(error) is string advice)
            {
                await sink.WriteWarningAsync(advice, token).ConfigureAwait(false);
            }
        }
    }

    private string DescribeWhy(StickySyncSummary summary)
    {
        IReadOnlyList<StickySyncItem> skipped = summary.Skipped;
        return skipped.Count switch
        {
            0 => DescribeNothing(summary),
            1 => $"the only one, '{skipped[0].Key}', is left out ({skipped[0].Reason})",
            _ => string.Create(CultureInfo.InvariantCulture, $"all {skipped.Count:N0} files are left out, such as '{skipped[0].Key}' ({skipped[0].Reason})"),
        };
    }

    private static ValueTask<bool> AskAsync(StickySyncSummary plan, SyncAction action, IPipelineSink sink, CancellationToken cancellationToken)
    {
        StickySyncItem[] items = action == SyncAction.Delete
            ? [.. plan.NotOnSource.Where(item => item.Action == SyncAction.Delete)]
            : [.. plan.Matched.Where(item => item.Action is SyncAction.Add or SyncAction.Replace)];
        string verb = (action, plan.Direction) switch
        {
            (SyncAction.Delete, _) => "Delete",
            (_, SyncDirection.Push) => "Upload",
            _ => "Download",
        };
        long bytes = items.Sum(item => (action == SyncAction.Delete ? item.TargetSize : item.SourceSize) ?? 0);
        string files = items.Length == 1 ? "1 file" : string.Create(CultureInfo.InvariantCulture, $"{items.Length:N0} files");
        return sink.ShouldProcessAsync(plan.Target, $"{verb} {files} ({ByteSize.Format(bytes)})", cancellationToken);
    }

    // Why something was not transferred that is to be, or null.
    private StickyException? FindHeld(StickySyncSummary summary)
    {
        if (!summary.HasCollisions && !summary.RequiresForce)
        {
            return null;
        }

        // Keys are those of the whole store, though the files may go below a prefix.
        bool isPush = summary.Direction == SyncDirection.Push;
        string moved = isPush ? "uploaded" : "downloaded";
        string target = isPush ? Store.Location : summary.Target;
        if (summary.HasCollisions)
        {
            return new StickyException(
                "TransferCollision",
                StickyErrorKind.Conflict,
                $"Nothing is {moved}: at '{target}', folders have the names of files, or files those of folders: "
                    + $"{Name(summary.Collisions, summary)}.",
                summary,
                "Rename or remove what is in the way; the Collisions of the summary say why.");
        }

        IReadOnlyList<StickySyncItem> left = LeavesWhatNeedsForce
            ? [.. summary.OnTargetDifferent.Where(item => item.Action == SyncAction.None)]
            : summary.OnTargetDifferent;
        string differ = left.Count == 1 ? "1 file differs" : string.Create(CultureInfo.InvariantCulture, $"{left.Count:N0} files differ");
        return new StickyException(
            "TransferRequiresForce",
            StickyErrorKind.Conflict,
            LeavesWhatNeedsForce
                ? $"At '{target}', {differ}, and the source is not newer: {Name(left, summary)}."
                : $"Nothing is {moved}: at '{target}', {differ}: {Name(left, summary)}.",
            summary,
            "Use -Force to replace what differs.");
    }

    private static string Name(IReadOnlyList<StickySyncItem> items, StickySyncSummary summary)
    {
        string names = string.Join(", ", items.Take(NamedItems).Select(item => $"'{NameAtTarget(item, summary)}'"));
        return items.Count > NamedItems
            ? string.Create(CultureInfo.InvariantCulture, $"{names} and {items.Count - NamedItems:N0} more")
            : names;
    }

    private static string NameAtTarget(StickySyncItem item, StickySyncSummary summary) =>
        summary.Direction == SyncDirection.Pull && item.Path is string path
            ? Path.GetRelativePath(summary.Target, path).Replace(Path.DirectorySeparatorChar, '/')
            : item.Key;
}
