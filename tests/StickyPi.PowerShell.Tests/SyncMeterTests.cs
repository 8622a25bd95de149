using StickyPi.Core.Storage;
using StickyPi.PowerShell.Base;

namespace StickyPi.Tests;

public class SyncMeterTests
{
    private const long Mega = 1_000_000;

    private readonly RecordingSink _sink = new();
    private readonly SyncMeter _meter;

    public SyncMeterTests() => _meter = new SyncMeter(_sink, "Uploading files");

    [Fact]
    public async Task A_transfer_tells_files_bytes_rate_and_the_time_that_is_left()
    {
        _ = await _meter.RunAsync(
            async () =>
            {
                // A megabyte every 20 ms, for more than a second.
                for (int i = 0; i < 60; i++)
                {
                    _meter.Report(new SyncProgress(SyncPhase.Transfer, i / 5, 40, i * Mega, 230 * Mega, "data/1.jpg"));
                    await Task.Delay(20);
                }

                return 0;
            },
            default);

        WorkProgress last = _sink.Progress[^2];
        Assert.Equal("Uploading files", last.Activity);
        Assert.Matches(@"^\d+ of 40 files, \d+ of 230 MB, [\d.]+ MB/s\. data/1\.jpg$", last.Status);
        Assert.InRange(last.Percent, 5, 26);
        Assert.InRange(last.SecondsRemaining, 1, 60);
        Assert.Equal(_sink.Progress.Select(progress => progress.Percent).Order(), _sink.Progress.Select(progress => progress.Percent));
    }

    [Fact]
    public async Task It_is_shown_at_most_five_times_a_second_and_always_completed()
    {
        // A busy machine shows less, and later.
        System.Diagnostics.Stopwatch clock = System.Diagnostics.Stopwatch.StartNew();
        _ = await _meter.RunAsync(
            async () =>
            {
                for (long i = 0; clock.Elapsed < TimeSpan.FromSeconds(1) || (_sink.Progress.Count == 0 && clock.Elapsed < TimeSpan.FromSeconds(30)); i++)
                {
                    _meter.Report(new SyncProgress(SyncPhase.Compare, i, i + 1, 0, 0, "data/1.jpg"));
                    await Task.Delay(5);
                }

                return 0;
            },
            default);

        Assert.InRange(_sink.Progress.Count, 2, (clock.ElapsedMilliseconds / 200) + 1);
        Assert.All(_sink.Progress.SkipLast(1), progress => Assert.False(progress.Completed));
        Assert.Matches(@"^[\d,]+ of [\d,]+ files compared\. data/1\.jpg$", _sink.Progress[0].Status);
        Assert.True(_sink.Progress[^1].Completed);
        Assert.All(_sink.Progress, progress => Assert.Equal("Comparing files", progress.Activity));
    }

    [Fact]
    public async Task Short_work_shows_nothing()
    {
        _meter.Report(new SyncProgress(SyncPhase.Compare, 1, 2, 0, 0, "data/1.jpg"));
        Assert.Equal(7, await _meter.RunAsync(() => ValueTask.FromResult(7), default));

        Assert.Empty(_sink.Progress);
    }

    [Fact]
    public async Task Nothing_is_shown_while_the_user_is_asked()
    {
        _meter.Report(new SyncProgress(SyncPhase.Compare, 1, 2, 0, 0, "data/1.jpg"));
        bool answer = await _meter.RunAsync(
            () => _meter.AskAsync(new ValueTask<bool>(Task.Delay(700).ContinueWith(_ => true, TaskScheduler.Default))), default);

        Assert.True(answer);
        Assert.Empty(_sink.Progress);
    }

    [Fact]
    public async Task An_error_of_the_work_comes_through_and_ends_the_display()
    {
        _ = await Assert.ThrowsAsync<InvalidOperationException>(async () => await _meter.RunAsync<int>(
            async () =>
            {
                _meter.Report(new SyncProgress(SyncPhase.Transfer, 0, 1, 0, 1, "data/1.jpg"));
                await Task.Delay(500);
                throw new InvalidOperationException();
            },
            default));

        int shown = _sink.Progress.Count;
        Assert.InRange(shown, 1, 3);
        await Task.Delay(500);
        Assert.Equal(shown, _sink.Progress.Count);
    }

    [Fact]
    public async Task A_part_that_is_sent_again_gives_no_negative_rate()
    {
        _ = await _meter.RunAsync(
            async () =>
            {
                _meter.Report(new SyncProgress(SyncPhase.Transfer, 0, 1, 8 * Mega, 200 * Mega, "a"));
                await Task.Delay(500);
                _meter.Report(new SyncProgress(SyncPhase.Transfer, 0, 1, 0, 200 * Mega, "a"));
                await Task.Delay(500);
                return 0;
            },
            default);

        Assert.Contains("0 of 1 files, 0 of 200 MB. a", _sink.Progress.Select(progress => progress.Status));
        Assert.DoesNotContain(_sink.Progress, progress => progress.Status.Contains('-', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1 kB")]
    [InlineData(1234, "1.2 kB")]
    [InlineData(9_960, "10 kB")]
    [InlineData(23_456, "23 kB")]
    [InlineData(999_499, "999 kB")]
    [InlineData(999_600, "1 MB")]
    [InlineData(209_715_200, "210 MB")]
    [InlineData(3_200_000_000, "3.2 GB")]
    [InlineData(long.MaxValue, "9.2 EB")]
    public void A_size_has_one_to_three_digits(long bytes, string text) => Assert.Equal(text, ByteSize.Format(bytes));

    [Theory]
    [InlineData(105_000_000, 230_000_000, "105 of 230 MB")]
    [InlineData(20_000, 230_000_000, "0 of 230 MB")]
    [InlineData(0, 0, "0 of 0 B")]
    public void A_part_is_told_in_the_unit_of_the_whole(long bytes, long total, string text) => Assert.Equal(text, ByteSize.Format(bytes, total));
}
