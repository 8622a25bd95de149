using System.Globalization;

namespace StickyPi.PowerShell.Base;

/// <summary>Counts finished items and shows them as progress, at most five times a second.</summary>
/// <param name="sink">Where to show it.</param>
/// <param name="activity">What is being done.</param>
/// <param name="timeProvider">The clock; the system's if absent.</param>
internal sealed class WorkMeter(IPipelineSink sink, string activity, TimeProvider? timeProvider = null)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly TimeProvider _clock = timeProvider ?? TimeProvider.System;
    private readonly long _start = (timeProvider ?? TimeProvider.System).GetTimestamp();
    private TimeSpan _next = Interval;
    private long _done;
    private long _total;
    private bool _shown;

    private TimeSpan Elapsed => _clock.GetElapsedTime(_start);

    /// <summary>Whether all items are known, so that a percentage makes sense.</summary>
    public bool TotalIsFinal { get; set; }

    /// <summary>Counts items that are to be done. May be called from another thread than the other members.</summary>
    /// <param name="count">How many.</param>
    public void Expect(int count = 1) => Interlocked.Add(ref _total, count);

    /// <summary>Counts an item that is done, and shows the state if it is time to.</summary>
    /// <param name="detail">What is worth saying beside the count.</param>
    /// <param name="cancellationToken">Stops the waiting for the pipeline.</param>
    /// <returns>A task that ends when there is room for more.</returns>
    public ValueTask CountAsync(Func<string> detail, CancellationToken cancellationToken)
    {
        _done++;
        if (Elapsed < _next)
        {
            return ValueTask.CompletedTask;
        }

        _next = Elapsed + Interval;
        _shown = true;
        long total = Interlocked.Read(ref _total);
        bool known = TotalIsFinal && total > 0;
        string status = string.Create(
            CultureInfo.InvariantCulture,
            $"{_done:N0} of {total:N0}{(known ? "" : " so far")}, {_done / Elapsed.TotalSeconds:N0}/s. {detail()}");
        return sink.WriteProgressAsync(
            new WorkProgress(
                activity,
                status,
                known ? (int)Math.Min(100, _done * 100 / total) : -1,
                known ? (int)Math.Min(int.MaxValue, Elapsed.TotalSeconds * (total - _done) / _done) : -1,
                Completed: false),
            cancellationToken);
    }

    /// <summary>Takes the display away, if there was one.</summary>
    /// <param name="cancellationToken">Stops the waiting for the pipeline.</param>
    /// <returns>A task that ends when there is room for more.</returns>
    public ValueTask CompleteAsync(CancellationToken cancellationToken) => _shown
        ? sink.WriteProgressAsync(new WorkProgress(activity, "Done", 100, 0, Completed: true), cancellationToken)
        : ValueTask.CompletedTask;
}
