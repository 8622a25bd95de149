using System.Threading.Channels;
using StickyPi.Core;

namespace StickyPi.Tests;

public class BatchesTests
{
    [Fact]
    public async Task Items_that_are_there_come_in_full_batches()
    {
        List<int> sizes = await Batches.OfAsync(Enumerable.Range(0, 25).ToAsyncEnumerable(), 10, default).Select(batch => batch.Count).ToListAsync();

        Assert.Equal([10, 10, 5], sizes);
    }

    [Fact]
    public async Task An_item_does_not_wait_for_the_next_one()
    {
        Channel<int> channel = Channel.CreateUnbounded<int>();
        await channel.Writer.WriteAsync(1);
        await using IAsyncEnumerator<IReadOnlyList<int>> batches = Batches.OfAsync(channel.Reader.ReadAllAsync(), 10, default).GetAsyncEnumerator();

        Assert.True(await batches.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal([1], batches.Current);
    }

    [Fact]
    public async Task A_consumer_that_stops_early_stops_a_source_that_waits()
    {
        Channel<int> channel = Channel.CreateUnbounded<int>();
        await channel.Writer.WriteAsync(1);

        IReadOnlyList<int> first = await Batches.OfAsync(channel.Reader.ReadAllAsync(), 10, default).FirstAsync();

        Assert.Equal([1], first);
    }
}
