namespace StickyPi.Core.Storage;

/// <summary>
/// Bounds what a run transfers at once, over all of its files: a small file takes one place, a large one as many as are free, one for each
/// part that is on its way. So memory and connections are bounded, and neither many small files nor one large one leave the line idle.
/// </summary>
/// <param name="limit">How many transfers at once, at least 1.</param>
/// <param name="progress">Told of bytes as they are transferred, from any thread; negative where they have to be transferred again.</param>
public sealed class TransferWindow(int limit, Action<long>? progress = null) : IDisposable
{
    private readonly SemaphoreSlim _places = new(limit);

    /// <summary>How many transfers at once.</summary>
    public int Limit { get; } = limit;

    /// <summary>Waits for a place.</summary>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>The place; disposing of it leaves it to the next.</returns>
    public async ValueTask<Place> EnterAsync(CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Place(_places);
    }

    /// <summary>Counts transferred bytes.</summary>
    /// <param name="bytes">How many more; negative for what turned out to be lost.</param>
    public void Count(long bytes) => progress?.Invoke(bytes);

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    /// <summary>One transfer's place in the window.</summary>
    public readonly struct Place : IDisposable
    {
        private readonly SemaphoreSlim _places;

        internal Place(SemaphoreSlim places) => _places = places;

        /// <summary>Leaves the place.</summary>
        public void Dispose() => _ = _places.Release();
    }
}
