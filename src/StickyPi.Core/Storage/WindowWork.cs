using System.Runtime.ExceptionServices;

namespace StickyPi.Core.Storage;

/// <summary>Works on the parts of one object at the same time, as many as the window has places.</summary>
internal static class WindowWork
{
    /// <summary>Works on all items. The first failure stops the others; nothing goes on after the call.</summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <param name="items">The items.</param>
    /// <param name="window">The window, of which each item takes a place.</param>
    /// <param name="work">What to do with an item.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>A task that ends with the work.</returns>
    public static async Task RunAsync<T>(
        IEnumerable<T> items, TransferWindow window, Func<T, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ExceptionDispatchInfo? failure = null;
        List<Task> running = [];
        try
        {
            foreach (T item in items)
            {
                TransferWindow.Place place = await window.EnterAsync(stop.Token).ConfigureAwait(false);
                running.Add(RunOneAsync(place, item));
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A part has failed, and tells why below.
        }
        finally
        {
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        cancellationToken.ThrowIfCancellationRequested();
        failure?.Throw();

        async Task RunOneAsync(TransferWindow.Place place, T item)
        {
            try
            {
                await Task.Yield();
                stop.Token.ThrowIfCancellationRequested();
                await work(item, stop.Token).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                // What the others throw because they were stopped says nothing.
                _ = Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
                await stop.CancelAsync().ConfigureAwait(false);
            }
            finally
            {
                place.Dispose();
            }
        }
    }
}
