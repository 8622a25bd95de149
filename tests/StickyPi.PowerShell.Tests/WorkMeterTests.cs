using Microsoft.Extensions.Time.Testing;
using StickyPi.PowerShell.Base;

namespace StickyPi.Tests;

public class WorkMeterTests
{
    private readonly RecordingSink _sink = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly WorkMeter _meter;

    public WorkMeterTests() => _meter = new WorkMeter(_sink, "Working", _clock);

    [Fact]
    public async Task Progress_is_shown_at_most_five_times_a_second_and_always_completed()
    {
        for (int i = 0; i < 70; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            _meter.Expect();
            await _meter.CountAsync(() => "detail", default);
        }

        _meter.TotalIsFinal = true;
        await _meter.CompleteAsync(default);

        Assert.Equal(
            ["20 of 20 so far, 100/s. detail", "40 of 40 so far, 100/s. detail", "60 of 60 so far, 100/s. detail", "Done"],
            _sink.Progress.Select(progress => progress.Status));
        Assert.Equal([false, false, false, true], _sink.Progress.Select(progress => progress.Completed));
    }

    [Fact]
    public async Task Short_work_shows_nothing()
    {
        _meter.Expect();
        _clock.Advance(TimeSpan.FromMilliseconds(190));
        await _meter.CountAsync(() => "detail", default);
        await _meter.CompleteAsync(default);

        Assert.Empty(_sink.Progress);
    }
}
