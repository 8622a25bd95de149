using StickyPi.Core.Images;

namespace StickyPi.Tests;

public class DecoderQueueTests
{
    [Fact]
    public async Task Only_so_many_pictures_are_decoded_at_once_and_who_waits_can_leave()
    {
        DecoderQueue queue = new(limit: 2);
        using SemaphoreSlim started = new(0);
        using ManualResetEventSlim end = new();
        int running = 0;
        int most = 0;
        Task<int>[] work =
        [
            .. Enumerable.Range(0, 6).Select(i => Task.Run(async () => await queue.RunAsync(
                () =>
                {
                    most = Math.Max(most, Interlocked.Increment(ref running));
                    _ = started.Release();
                    end.Wait();
                    _ = Interlocked.Decrement(ref running);
                    return i;
                },
                default))),
        ];
        await started.WaitAsync();
        await started.WaitAsync();

        using CancellationTokenSource stop = new();
        Task<int> waiting = queue.RunAsync(() => 7, stop.Token).AsTask();
        await stop.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        end.Set();

        Assert.Equal([0, 1, 2, 3, 4, 5], (await Task.WhenAll(work)).Order());
        Assert.Equal(2, most);
        _ = await Assert.ThrowsAsync<InvalidDataException>(async () => await queue.RunAsync<int>(() => throw new InvalidDataException(), default));
        Assert.Equal(8, await queue.RunAsync(() => 8, default));
    }
}
