using StickyPi.Core.Images;

namespace StickyPi.Core.Catalog;

/// <summary>
/// The rows of a store. Reads take no lock that outlives the call, so that a slow consumer never keeps a writer waiting; writes go
/// through a transaction, of which only one is open at a time in all processes that share the store.
/// </summary>
/// <remarks>Every member throws <see cref="StickyException"/> with <c>StoreUnavailable</c> or <c>StorageFull</c> where the catalog fails.</remarks>
public partial interface ICatalog : IAsyncDisposable
{
    /// <summary>The devices that have pictures, in order.</summary>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>Their names.</returns>
    ValueTask<IReadOnlyList<string>> GetDeviceNamesAsync(CancellationToken cancellationToken);

    /// <summary>What the pictures of one device say of it.</summary>
    /// <param name="device">An exact name.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The device, or null where it has no picture.</returns>
    ValueTask<StickyDevice?> GetDeviceAsync(string device, CancellationToken cancellationToken);

    /// <summary>Looks up exact pictures.</summary>
    /// <param name="references">Which.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>One element for each reference, in the same order; null where there is no such picture.</returns>
    ValueTask<IReadOnlyList<StickyImage?>> FindImagesAsync(IReadOnlyList<ImageReference> references, CancellationToken cancellationToken);

    /// <summary>Reads one page of the pictures of a device, in order of time.</summary>
    /// <param name="range">The device and the range of time.</param>
    /// <param name="skip">How many to leave out first.</param>
    /// <param name="count">How many to read at most.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The pictures; fewer than <paramref name="count"/> only at the end.</returns>
    ValueTask<IReadOnlyList<StickyImage>> GetImagePageAsync(DeviceRange range, long skip, int count, CancellationToken cancellationToken);

    /// <summary>Counts the pictures of a device.</summary>
    /// <param name="range">The device and the range of time.</param>
    /// <param name="cancellationToken">Stops the counting.</param>
    /// <returns>Their number.</returns>
    ValueTask<long> CountImagesAsync(DeviceRange range, CancellationToken cancellationToken);

    /// <summary>Begins to write. Waits while another process writes.</summary>
    /// <param name="user">Who writes, for the column <c>api_user</c> of the rows; null for whoever has a local store.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>A transaction that holds the only right to write until it is disposed of.</returns>
    ValueTask<ICatalogTransaction> BeginWriteAsync(string? user, CancellationToken cancellationToken);
}

/// <summary>One device and a half-open range of time: start ≤ t &lt; end.</summary>
/// <param name="Device">An exact name.</param>
/// <param name="StartTime">The first moment of the range, UTC.</param>
/// <param name="EndTime">The first moment after the range, UTC.</param>
public readonly record struct DeviceRange(string Device, DateTime StartTime, DateTime EndTime);

/// <summary>Changes to a catalog that happen together or not at all: disposing of it before <see cref="Commit"/> takes all back.</summary>
public partial interface ICatalogTransaction : IAsyncDisposable
{
    /// <summary>Looks up a picture, seeing what this transaction did so far.</summary>
    /// <param name="reference">Which.</param>
    /// <returns>The picture, or null.</returns>
    StickyImage? FindImage(ImageReference reference);

    /// <summary>Adds the row of a picture.</summary>
    /// <param name="metadata">What the picture says of itself.</param>
    /// <returns>The row.</returns>
    StickyImage AddImage(ImageMetadata metadata);

    /// <summary>Removes the row of a picture and, by cascade, what hangs on it.</summary>
    /// <param name="reference">Which.</param>
    /// <returns>Whether there was such a row.</returns>
    bool RemoveImage(ImageReference reference);

    /// <summary>Makes the changes last. Waits while another process reads.</summary>
    /// <param name="cancellationToken">Stops the waiting; then nothing has changed.</param>
    void Commit(CancellationToken cancellationToken);
}
