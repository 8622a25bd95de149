namespace StickyPi.Core.Images;

/// <summary>Lets some decoders run at once, and the others wait without a thread: each takes a core and the memory of a whole picture.</summary>
/// <param name="limit">How many run at once.</param>
internal sealed class DecoderQueue(int limit)
{
    private readonly SemaphoreSlim _places = new(limit);

    /// <summary>That of this process: while one decoder's picture goes to the disk, the others keep the processors busy.</summary>
    public static DecoderQueue OfProcess { get; } = new(Environment.ProcessorCount + 1);

    /// <summary>Decodes when it is this one's turn.</summary>
    /// <typeparam name="T">What comes of it.</typeparam>
    /// <param name="decode">Decodes.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>What came of it.</returns>
    public async ValueTask<T> RunAsync<T>(Func<T> decode, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return decode();
        }
        finally
        {
            _ = _places.Release();
        }
    }
}
