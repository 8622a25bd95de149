using System.Globalization;
using StickyPi.Core.Storage;

namespace StickyPi.PowerShell.Base;

/// <summary>Shows how far a transfer is, with bytes and their rate, at most five times a second.</summary>
/// <param name="sink">Where to show it.</param>
/// <param name="activity">What is being done while it transfers.</param>
/// <param name="timeProvider">The clock; the system's if absent.</param>
internal sealed class SyncMeter(IPipelineSink sink, string activity, TimeProvider? timeProvider = null)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    // An average over the whole run would take long to notice that the line has become slow, and count what an earlier run had sent.
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock = timeProvider ?? TimeProvider.System;
    private readonly long _start = (timeProvider ?? TimeProvider.System).GetTimestamp();
    private readonly Queue<(TimeSpan Time, long Bytes)> _recent = new();
    private SyncProgress? _state;
    private string _title = "";
    private TimeSpan _asked;
    private volatile bool _asking;

    // Without the time that users took for their answers.
    private TimeSpan Elapsed => _clock.GetElapsedTime(_start) - _asked;

    /// <summary>Takes the state.</summary>
    /// <param name="progress">The state.</param>
    public void Report(SyncProgress progress)
    {
        lock (_gate)
        {
            _state = progress;
        }
    }

    /// <summary>Runs the work, and shows how far it is until it ends.</summary>
    /// <typeparam name="T">The type of its result.</typeparam>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Stops the display; the work has to know it by itself.</param>
    /// <returns>The result of the work.</returns>
    public async ValueTask<T> RunAsync<T>(Func<ValueTask<T>> work, CancellationToken cancellationToken)
    {
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<bool> display = ShowAsync(ended.Token);
        bool shown;
        T result;
        try
        {
            result = await work().ConfigureAwait(false);
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            shown = await display.ConfigureAwait(false);
        }

        if (shown)
        {
            await sink.WriteProgressAsync(new WorkProgress(_title, "Done", 100, 0, Completed: true), cancellationToken).ConfigureAwait(false);
        }

        return result;
    }

    /// <summary>Asks the user, during which nothing is shown and no time passes.</summary>
    /// <param name="question">The question.</param>
    /// <returns>The answer.</returns>
    public async ValueTask<bool> AskAsync(ValueTask<bool> question)
    {
        long begin = _clock.GetTimestamp();
        _asking = true;
        try
        {
            return await question.ConfigureAwait(false);
        }
        finally
        {
            _asked += _clock.GetElapsedTime(begin);
            _asking = false;
        }
    }

    private async Task<bool> ShowAsync(CancellationToken cancellationToken)
    {
        bool shown = false;
        TimeSpan last = Elapsed;
        using PeriodicTimer timer = new(Interval, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            {
                SyncProgress? state;
                lock (_gate)
                {
                    state = _state;
                }

                // A late tick can come right before the next one, and one that fell into a question comes after the answer.
                if (state is SyncProgress progress && !_asking && Elapsed - last >= Interval / 2)
                {
                    last = Elapsed;
                    shown = true;
                    await sink.WriteProgressAsync(Describe(progress), cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }

        return shown;
    }

    private WorkProgress Describe(SyncProgress progress)
    {
        string done = string.Create(CultureInfo.InvariantCulture, $"{progress.Items:N0} of {progress.TotalItems:N0} files");
        if (progress.Phase != SyncPhase.Transfer)
        {
            (_title, string verb) = progress.Phase == SyncPhase.Compare ? ("Comparing files", "compared") : ("Deleting files", "deleted");
            return new WorkProgress(_title, $"{done} {verb}. {progress.Key}", Percent: -1, SecondsRemaining: -1, Completed: false);
        }

        _title = activity;
        double? rate = MeasureRate(progress.Bytes);
        long left = Math.Max(0, progress.TotalBytes - progress.Bytes);
        string speed = rate is double perSecond ? $", {ByteSize.Format((long)perSecond)}/s" : "";
        (long part, long whole) = progress.TotalBytes > 0 ? (progress.Bytes, progress.TotalBytes) : (progress.Items, progress.TotalItems);
        return new WorkProgress(
            _title,
            $"{done}, {ByteSize.Format(progress.Bytes, progress.TotalBytes)}{speed}. {progress.Key}",
            whole > 0 ? (int)Math.Clamp(100.0 * part / whole, 0, 100) : -1,
            rate > 0 ? (int)Math.Min(int.MaxValue, left / rate.Value) : -1,
            Completed: false);
    }

    private double? MeasureRate(long bytes)
    {
        TimeSpan now = Elapsed;
        while (_recent.TryPeek(out (TimeSpan Time, long Bytes) oldest) && now - oldest.Time > Span)
        {
            _ = _recent.Dequeue();
        }

        _recent.Enqueue((now, bytes));
        (TimeSpan time, long before) = _recent.Peek();

        // Fewer bytes than before: a part has to be transferred again.
        return now > time && bytes >= before ? (bytes - before) / (now - time).TotalSeconds : null;
    }
}
