using System.Runtime.CompilerServices;

namespace StickyPi.Core;

/// <summary>Groups items of a stream.</summary>
public static class Batches
{
    /// <summary>Groups items without making them wait: a batch is what has come by the time that the one before it was taken.</summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <param name="items">The items.</param>
    /// <param name="size">The most items in a batch.</param>
    /// <param name="cancellationToken">Stops the grouping.</param>
    /// <returns>The batches; none is empty.</returns>
    public static async IAsyncEnumerable<IReadOnlyList<T>> OfAsync<T>(
        IAsyncEnumerable<T> items, int size, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        IAsyncEnumerator<T> source = items.GetAsyncEnumerator(stop.Token);
        Task<bool> next = source.MoveNextAsync().AsTask();
        try
        {
            List<T> batch = [];
            while (true)
            {
                if (batch.Count == size || (batch.Count > 0 && !next.IsCompleted))
                {
                    yield return batch;
                    batch = [];
                }

                if (!await next.ConfigureAwait(false))
                {
                    break;
                }

                batch.Add(source.Current);
                next = source.MoveNextAsync().AsTask();
            }

            if (batch.Count > 0)
            {
                yield return batch;
            }
        }
        finally
        {
            // An enumerator must not be disposed of while it looks for its next item.
            await stop.CancelAsync().ConfigureAwait(false);
            await next.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
            await source.DisposeAsync().ConfigureAwait(false);
        }
    }
}
