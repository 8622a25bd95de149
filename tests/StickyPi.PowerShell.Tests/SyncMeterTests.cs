using Microsoft.Extensions.Time.Testing;
using StickyPi.Core.Storage;
using StickyPi.PowerShell.Base;

namespace StickyPi.Tests;

public class SyncMeterTests
{
    private const long Mega = 1_000_000;

    private readonly RecordingSink _sink = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly SyncMeter _meter;

    public SyncMeterTests() => _meter = new SyncMeter(_sink, "Uploading files", _clock);

    [Fact]
    public async Task A_transfer_tells_files_bytes_rate_and_the_time_that_is_left()
    {
        _ = await _meter.RunAsync(
            async () =>
            {
                // 50 MB a second.
                for (int i = 1; i <= 6; i++)
                {
                    await ShowAsync(new SyncProgress(SyncPhase.Transfer, 2 * i, 40, i * 10 * Mega, 230 * Mega, "data/1.jpg"));
                }

                return 0;
            },
            default);

        Assert.Equal(
            [
                ("2 of 40 files, 10 of 230 MB. data/1.jpg", 4, -1),
                ("4 of 40 files, 20 of 230 MB, 50 MB/s. data/1.jpg", 8, 4),
                ("6 of 40 files, 30 of 230 MB, 50 MB/s. data/1.jpg", 13, 4),
                ("8 of 40 files, 40 of 230 MB, 50 MB/s. data/1.jpg", 17, 3),
                ("10 of 40 files, 50 of 230 MB, 50 MB/s. data/1.jpg", 21, 3),
                ("12 of 40 files, 60 of 230 MB, 50 MB/s. data/1.jpg", 26, 3),
                ("Done", 100, 0),
            ],
            _sink.Progress.Select(progress => (progress.Status, progress.Percent, progress.SecondsRemaining)));
        Assert.All(_sink.Progress, progress => Assert.Equal("Uploading files", progress.Activity));
    }

    [Fact]
    public async Task It_is_shown_at_most_five_times_a_second_and_always_completed()
    {
        _ = await _meter.RunAsync(
            async () =>
            {
                for (int i = 1; i <= 100; i++)
                {
                    _meter.Report(new SyncProgress(SyncPhase.Compare, i, i + 1, 0, 0, "data/1.jpg"));
                    _clock.Advance(TimeSpan.FromMilliseconds(10));
                    if (i % 20 == 0)
                    {
                        await _sink.ShownAsync(i / 20);
                    }
                }

                return 0;
            },
            default);

        Assert.Equal(
            [.. Enumerable.Range(1, 5).Select(n => $"{20 * n} of {(20 * n) + 1} files compared. data/1.jpg"), "Done"],
            _sink.Progress.Select(progress => progress.Status));
        Assert.Equal([false, false, false, false, false, true], _sink.Progress.Select(progress => progress.Completed));
        Assert.All(_sink.Progress, progress => Assert.Equal("Comparing files", progress.Activity));
    }

    [Fact]
    public async Task Short_work_shows_nothing()
    {
        _meter.Report(new SyncProgress(SyncPhase.Compare, 1, 2, 0, 0, "data/1.jpg"));
        _ = await _meter.RunAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromMilliseconds(190));
                return ValueTask.FromResult(7);
            },
            default);

        Assert.Empty(_sink.Progress);
    }

    [Fact]
    public async Task Nothing_is_shown_while_the_user_is_asked_and_the_time_of_the_answer_does_not_count()
    {
        bool answer = await _meter.RunAsync(
            async () =>
            {
                await ShowAsync(new SyncProgress(SyncPhase.Transfer, 1, 40, 10 * Mega, 230 * Mega, "a"));
                TaskCompletionSource<bool> question = new();
                ValueTask<bool> asking = _meter.AskAsync(new ValueTask<bool>(question.Task));
                _clock.Advance(TimeSpan.FromSeconds(60));
                question.SetResult(true);
                bool given = await asking;
                await ShowAsync(new SyncProgress(SyncPhase.Transfer, 2, 40, 20 * Mega, 230 * Mega, "b"));
                return given;
            },
            default);

        Assert.True(answer);
        Assert.Equal(
            ["1 of 40 files, 10 of 230 MB. a", "2 of 40 files, 20 of 230 MB, 50 MB/s. b", "Done"],
            _sink.Progress.Select(progress => progress.Status));
    }

    [Fact]
    public async Task An_error_of_the_work_comes_through_and_ends_the_display()
    {
        _ = await Assert.ThrowsAsync<InvalidOperationException>(async () => await _meter.RunAsync<int>(
            async () =>
            {
                await ShowAsync(new SyncProgress(SyncPhase.Transfer, 0, 1, 0, 1, "data/1.jpg"));
                throw new InvalidOperationException();
            },
            default));

        // The display has ended before the error came: no tick is left to show anything.
        _clock.Advance(TimeSpan.FromSeconds(10));
        _ = Assert.Single(_sink.Progress);
    }

    [Fact]
    public async Task A_part_that_is_sent_again_gives_no_negative_rate()
    {
        _ = await _meter.RunAsync(
            async () =>
            {
                await ShowAsync(new SyncProgress(SyncPhase.Transfer, 0, 1, 8 * Mega, 200 * Mega, "a"));
                await ShowAsync(new SyncProgress(SyncPhase.Transfer, 0, 1, 0, 200 * Mega, "a"));
                return 0;
            },
            default);

        Assert.Equal(
            ["0 of 1 files, 8 of 200 MB. a", "0 of 1 files, 0 of 200 MB. a", "Done"],
            _sink.Progress.Select(progress => progress.Status));
    }

    [Theory]
    [InlineData(SyncDirection.Push, "Uploading files")]
    [InlineData(SyncDirection.Pull, "Downloading files")]
    public async Task A_command_that_transfers_shows_what_the_store_tells_of_it(SyncDirection direction, string activity)
    {
        using TransferCommand command = new()
        {
            Clock = _clock,
            Direction = direction,
            Transfer = async options =>
            {
                for (int i = 1; i <= 2; i++)
                {
                    await ShowAsync(options.Progress!, new SyncProgress(SyncPhase.Transfer, i, 4, i * 10 * Mega, 230 * Mega, "data/1.db"));
                }
            },
        };

        await command.ProcessAsync(AsyncEnumerable.Empty<string>(), _sink, default);

        Assert.Equal(
            [
                (activity, "1 of 4 files, 10 of 230 MB. data/1.db"),
                (activity, "2 of 4 files, 20 of 230 MB, 50 MB/s. data/1.db"),
                (activity, "Done"),
            ],
            _sink.Progress.Select(progress => (progress.Activity, progress.Status)));
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

    private Task ShowAsync(SyncProgress progress) => ShowAsync(_meter.Report, progress);

    private Task ShowAsync(Action<SyncProgress> report, SyncProgress progress)
    {
        int shown = _sink.Progress.Count;
        report(progress);
        _clock.Advance(TimeSpan.FromMilliseconds(200));
        return _sink.ShownAsync(shown + 1);
    }

    private sealed class TransferCommand : SyncCmdlet<string>
    {
        public required SyncDirection Direction { get; init; }

        public required Func<SyncOptions, Task> Transfer { get; init; }

        protected internal override Task ProcessAsync(
            IAsyncEnumerable<string> input, IPipelineSink sink, CancellationToken cancellationToken) =>
            SyncAsync(new SyncOptions(), Direction, RunAsync, sink, cancellationToken).AsTask();

        protected override IEnumerable<string> ReadRecord() => [];

        private async ValueTask<StickySyncSummary> RunAsync(SyncOptions options)
        {
            await Transfer(options);
            return new StickySyncSummary
            {
                Direction = Direction,
                Source = "a",
                Target = "b",
                Matched = [new StickySyncItem { Key = "data/1.db" }],
            };
        }
    }
}
