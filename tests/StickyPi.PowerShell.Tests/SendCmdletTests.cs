using System.Runtime.CompilerServices;
using StickyPi.Core;
using StickyPi.PowerShell.Base;

namespace StickyPi.Tests;

/// <summary>What a user is told of a run of sending that does not come to its end.</summary>
public sealed class SendCmdletTests
{
    private readonly RecordingSink _sink = new();

    [Fact]
    public async Task An_error_that_ends_the_sending_is_preceded_by_what_was_done()
    {
        using Sender sender = new("added", "added", "skipped", "failed");

        StickyException error = await Assert.ThrowsAsync<StickyException>(
            async () => await sender.ProcessAsync(AsyncEnumerable.Empty<string>(), _sink, default));

        Assert.Equal("ServerUnreachable", error.ErrorId);
        Assert.Equal("Sending ended early: 2 were added, 1 skipped, 1 failed. Run the same command again for the rest.", Assert.Single(_sink.Warnings));
    }

    [Fact]
    public async Task Where_nothing_was_done_the_error_is_enough()
    {
        using Sender sender = new();

        _ = await Assert.ThrowsAsync<StickyException>(async () => await sender.ProcessAsync(AsyncEnumerable.Empty<string>(), _sink, default));

        Assert.Empty(_sink.Warnings);
    }

    [Fact]
    public async Task Who_stops_the_sending_is_told_nothing()
    {
        using CancellationTokenSource stop = new();
        using Sender sender = new("added") { Done = stop.Cancel };

        _ = await Assert.ThrowsAsync<StickyException>(async () => await sender.ProcessAsync(AsyncEnumerable.Empty<string>(), _sink, stop.Token));

        Assert.Empty(_sink.Warnings);
    }

    private static StickyException Error(string errorId) => new(errorId, StickyErrorKind.StoreUnavailable, "It failed.");

    private sealed class Sender(params string[] outcomes) : SendCmdlet<string>
    {
        public Action? Done { get; init; }

        protected override string Activity => "Sending";

        protected override IEnumerable<(string? Found, StickyException? Error)> Find(string path, CancellationToken cancellationToken) => [];

        protected override string EmptyReason => "is empty";

        protected override async IAsyncEnumerable<Outcome<string>> SendAsync(
            IAsyncEnumerable<string> found, IPipelineSink sink, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            foreach (string outcome in outcomes)
            {
                yield return outcome == "failed" ? new(Error("InvalidImage")) : new(outcome);
            }

            Done?.Invoke();
            throw Error("ServerUnreachable");
        }

        protected override bool IsSkipped(string result) => result == "skipped";
    }
}
