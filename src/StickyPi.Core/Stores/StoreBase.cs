using StickyPi.Core.Images;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Stores;

/// <summary>What every store does alike, wherever its rows are: reading, copying out and synchronising the objects that lie in its storage.</summary>
/// <param name="storage">The objects of the store, which it disposes of.</param>
public abstract partial class StoreBase(IObjectStorage storage) : IAsyncDisposable
{
    /// <inheritdoc cref="IStickyStore.Location"/>
    public abstract string Location { get; }

    /// <summary>The objects of the store.</summary>
    private protected IObjectStorage Storage { get; } = storage;

    /// <inheritdoc cref="IStickyStore.GetImagesAsync"/>
    public abstract ValueTask<IReadOnlyList<StickyImage?>> GetImagesAsync(
        IReadOnlyList<ImageReference> references, ImageContent what = ImageContent.Metadata, CancellationToken cancellationToken = default);

    /// <summary>What keeps rows from being changed, or null.</summary>
    private protected virtual StickyException? WhyNoRows => null;

    /// <summary>What keeps files from being changed, or null.</summary>
    private protected virtual StickyException? WhyNoFiles => null;

    /// <summary>What a user does about a file of a picture that the store has lost.</summary>
    private protected virtual string HowToRestore =>
        WhyNoRows?.RecommendedAction ?? "Send the picture again with Send-StickyImage -Force, which puts missing files back.";

    /// <summary>What a user does about a stored picture that is not the one that was sent.</summary>
    /// <param name="key">Its file. It is not missing, so that sending alone does not put it back.</param>
    /// <returns>A sentence.</returns>
    private protected virtual string HowToMend(string key) =>
        WhyNoRows?.RecommendedAction ?? DescribeMending(key);

    /// <summary>What a user does about a stored picture that is damaged: its annotations must stay.</summary>
    /// <param name="key">Its file.</param>
    /// <returns>A sentence.</returns>
    internal static string DescribeMending(string key) =>
        $"Delete the file with Remove-StickyStorageItem {key}, which leaves the annotations of the picture, and send the picture again with "
            + "Send-StickyImage -Force.";

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Storage.DisposeAsync();
    }

    internal static StickyException ImageNotFound(ImageReference reference) => new(
        "ImageNotFound",
        StickyErrorKind.NotFound,
        $"The store has no picture of device {reference.Device} at {StickyTime.ToFileText(reference.DateTime)} (UTC).",
        reference,
        "Get-StickyImageSeries lists the pictures of a device.");

    // The error of each item, or null. A server that has gone is waited for once: then it is the error of every item that is left.
    private protected static async ValueTask<Exception?[]> TryEachAsync(
        int count, int parallelism, Func<int, CancellationToken, ValueTask> work, CancellationToken cancellationToken)
    {
        Exception?[] errors = new Exception?[count];
        Exception? outage = null;
        await Parallel.ForAsync(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken },
            async (i, stop) =>
            {
                if (Volatile.Read(ref outage) is Exception gone)
                {
                    errors[i] = gone;
                    return;
                }

                try
                {
                    await work(i, stop).ConfigureAwait(false);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException or StickyException)
                {
                    errors[i] = e;
                    if (IsOutage(e))
                    {
                        Volatile.Write(ref outage, e);
                    }
                }
            }).ConfigureAwait(false);
        return errors;
    }

    private protected static bool IsOutage(Exception error) => error is StickyException { Kind: StickyErrorKind.StoreUnavailable };
}
