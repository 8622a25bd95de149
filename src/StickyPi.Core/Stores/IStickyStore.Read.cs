using StickyPi.Core.Images;

namespace StickyPi.Core.Stores;

public partial interface IStickyStore
{
    /// <summary>Reads one file of a picture. A picture is checked against its MD5.</summary>
    /// <param name="reference">The picture.</param>
    /// <param name="what">Which of its files.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The file, byte for byte.</returns>
    /// <exception cref="StickyException">
    /// <c>ImageNotFound</c>, <c>StoredFileMissing</c>, <c>StoredFileUnreadable</c>, <c>StoredFileDamaged</c>, <c>InvalidDevice</c>.
    /// </exception>
    ValueTask<ReadOnlyMemory<byte>> ReadImageAsync(
        ImageReference reference, ImageContent what = ImageContent.Image, CancellationToken cancellationToken = default);
}
