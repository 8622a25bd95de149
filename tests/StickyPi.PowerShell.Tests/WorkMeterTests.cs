using StickyPi.PowerShell.Base;

namespace StickyPi.Tests;

public class WorkMeterTests
{
    [Fact]
    public async Task Progress_is_shown_at_most_five_times_a_second_and_always_completed()
    {
        RecordingSink sink = new();
        WorkMeter meter = new(sink, "Working");
        long started = Environment.TickCount64;
        while (Environment.TickCount64 - started < 700)
        {
            meter.Expect();
            await meter.CountAsync(() => "detail", default);
        }

        meter.TotalIsFinal = true;
        await meter.CompleteAsync(default);

        Assert.InRange(sink.Progress.Count, 2, 5);
        Assert.All(sink.Progress.SkipLast(1), progress => Assert.False(progress.Completed));
        Assert.True(sink.Progress[^1].Completed);
    }

    [Fact]
    public async Task Short_work_shows_nothing()
    {
        RecordingSink sink = new();
        WorkMeter meter = new(sink, "Working");
        meter.Expect();
        await meter.CountAsync(() => "detail", default);
        await meter.CompleteAsync(default);

        Assert.Empty(sink.Progress);
    }
}
