using StickyPi.Core.Images;

namespace StickyPi.Core.Stores;

/// <summary>
/// A store: pictures and what belongs to them, wherever they are kept. All members may be called from several threads at once. Times are UTC.
/// </summary>
/// <remarks>
/// Where a whole operation cannot go on, members throw <see cref="StickyException"/>: <c>StoreUnavailable</c>, <c>StorageFull</c>,
/// <c>JpegEngineMissing</c>. What concerns one item alone comes as its <see cref="Outcome{T}"/>.
/// </remarks>
public partial interface IStickyStore : IAsyncDisposable
{
    /// <summary>Where the store is: a folder, a bucket, a server.</summary>
    string Location { get; }

    /// <summary>
    /// Brings picture files into the store. A file that the store has already is not read again as long as it does not change. When
    /// this is stopped or killed, the store holds each picture wholly or not at all, and sending the same files again completes it.
    /// </summary>
    /// <param name="paths">Absolute paths of files.</param>
    /// <param name="options">How to send.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>
    /// One outcome a file, in the order in which they are done. Errors, whose target is the file: those of <see cref="ImageFile.ReadAsync"/>,
    /// <c>ImageConflict</c>, <c>FileNotWritten</c>, and those of the storage.
    /// </returns>
    IAsyncEnumerable<Outcome<SendImageResult>> SendImagesAsync(
        IAsyncEnumerable<string> paths, SendImageOptions options, CancellationToken cancellationToken = default);

    /// <summary>Looks up exact pictures.</summary>
    /// <param name="references">Which.</param>
    /// <param name="what">Which file their urls lead to.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>One element for each reference, in the same order; null where the store has no such picture.</returns>
    ValueTask<IReadOnlyList<StickyImage?>> GetImagesAsync(
        IReadOnlyList<ImageReference> references, ImageContent what = ImageContent.Metadata, CancellationToken cancellationToken = default);

    /// <summary>Reads a series, ordered by device and time, page by page: memory does not grow with its length.</summary>
    /// <param name="query">Which pictures.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The pictures.</returns>
    IAsyncEnumerable<StickyImage> GetImageSeriesAsync(ImageSeriesQuery query, CancellationToken cancellationToken = default);

    /// <summary>Counts the pictures of a series, without regard to <see cref="ImageSeriesQuery.Skip"/> and <see cref="ImageSeriesQuery.First"/>.</summary>
    /// <param name="query">Which pictures.</param>
    /// <param name="cancellationToken">Stops the counting.</param>
    /// <returns>Their number.</returns>
    ValueTask<long> CountImageSeriesAsync(ImageSeriesQuery query, CancellationToken cancellationToken = default);

    /// <summary>Lists the devices that have pictures, in order.</summary>
    /// <param name="patterns">Devices or patterns, see <see cref="DevicePattern"/>; none means all.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The devices.</returns>
    IAsyncEnumerable<StickyDevice> GetDevicesAsync(IReadOnlyList<string> patterns, CancellationToken cancellationToken = default);

    /// <summary>Lists the names of the devices that have pictures, in order.</summary>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The names.</returns>
    ValueTask<IReadOnlyList<string>> GetDeviceNamesAsync(CancellationToken cancellationToken = default);

    /// <summary>Copies files of pictures out of the store. A picture is checked against its MD5 before its file appears.</summary>
    /// <param name="references">Which pictures.</param>
    /// <param name="options">How to save.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>
    /// One outcome a file, in the order in which they are done. Errors: <c>ImageNotFound</c>, <c>StoredFileMissing</c>,
    /// <c>StoredFileDamaged</c>, <c>FileExists</c>, <c>FileNotWritten</c>.
    /// </returns>
    IAsyncEnumerable<Outcome<SavedImage>> SaveImagesAsync(
        IAsyncEnumerable<ImageReference> references, SaveImageOptions options, CancellationToken cancellationToken = default);

    /// <summary>Removes pictures: their rows, what hangs on those, and their files.</summary>
    /// <param name="references">Which.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>
    /// One outcome a picture, in the same order. Errors: <c>ImageNotFound</c>, <c>FileNotRemoved</c>, which is of the kind
    /// <see cref="StickyErrorKind.StoreUnavailable"/> where the storage has gone after the rows had.
    /// </returns>
    ValueTask<IReadOnlyList<Outcome<StickyImage>>> RemoveImagesAsync(
        IReadOnlyList<ImageReference> references, CancellationToken cancellationToken = default);

    /// <summary>Forgets what is remembered of files that were sent; the next sending reads them again.</summary>
    /// <exception cref="StickyException"><c>CacheNotCleared</c>: another program has it open.</exception>
    void ClearCache();
}
