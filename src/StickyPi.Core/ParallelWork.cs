using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace StickyPi.Core;

/// <summary>Stages that work at the same time, joined by bounded channels; the first failure stops them all, and nothing outlives the caller.</summary>
public static class ParallelWork
{
    private const int ResultCapacity = 256;

    /// <summary>Runs work that yields results while the caller takes them.</summary>
    /// <typeparam name="T">The type of the results.</typeparam>
    /// <param name="work">The work; it writes its results to the channel and need not complete it.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <param name="runAhead">Whether the work goes on however far the caller is behind; else it waits.</param>
    /// <returns>The results; then the error of the work, if it failed. A caller that stops listening stops the work, and waits for its end.</returns>
    public static async IAsyncEnumerable<T> RunAsync<T>(
        Func<ChannelWriter<T>, CancellationToken, Task> work,
        [EnumeratorCancellation] CancellationToken cancellationToken,
        bool runAhead = false)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Channel<T> results = runAhead
            ? Channel.CreateUnbounded<T>(new UnboundedChannelOptions { SingleReader = true })
            : Channel.CreateBounded<T>(new BoundedChannelOptions(ResultCapacity) { SingleReader = true });
        Task running = Task.Run(
            async () =>
            {
                try
                {
                    await work(results.Writer, stop.Token).ConfigureAwait(false);
                    results.Writer.Complete();
                }
                catch (Exception e)
                {
                    results.Writer.Complete(e);
                }
            },
            CancellationToken.None);
        try
        {
            await foreach (T result in results.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return result;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await running.ConfigureAwait(false);
        }
    }

    /// <summary>Runs stages until all are done or one fails, which cancels the others.</summary>
    /// <param name="cancellationToken">Stops all.</param>
    /// <param name="stages">The stages; each gets a token of its own run.</param>
    /// <returns>A task that ends when every stage has ended, with the first failure.</returns>
    public static async Task WhenAllAsync(CancellationToken cancellationToken, params Func<CancellationToken, Task>[] stages)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Exception? failure = null;
        await Task.WhenAll(stages.Select(stage => Task.Run(
            async () =>
            {
                try
                {
                    await stage(stop.Token).ConfigureAwait(false);
                }
                catch (Exception e)
                {
                    _ = Interlocked.CompareExchange(ref failure, e, null);
                    await stop.CancelAsync().ConfigureAwait(false);
                }
            },
            CancellationToken.None))).ConfigureAwait(false);
        if (failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Works on the items of a channel, several at a time.</summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <param name="items">The items.</param>
    /// <param name="parallelism">How many at a time.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <param name="body">What to do with an item.</param>
    /// <returns>A task that ends when the channel is complete and every item is done.</returns>
    public static Task ForEachAsync<T>(
        ChannelReader<T> items, int parallelism, CancellationToken cancellationToken, Func<T, ValueTask> body) =>
        WhenAllAsync(
            cancellationToken,
            [
                .. Enumerable.Repeat<Func<CancellationToken, Task>>(
                    async stop =>
                    {
                        await foreach (T item in items.ReadAllAsync(stop).ConfigureAwait(false))
                        {
                            await body(item).ConfigureAwait(false);
                        }
                    },
                    parallelism),
            ]);
}
