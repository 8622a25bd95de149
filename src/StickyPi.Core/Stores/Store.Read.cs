using StickyPi.Core.Images;

namespace StickyPi.Core.Stores;

public sealed partial class Store
{
    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>> ReadImageAsync(
        ImageReference reference, ImageContent what = ImageContent.Image, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<StickyImage?> images = await _catalog.FindImagesAsync([reference], cancellationToken).ConfigureAwait(false);
        return await ReadStoredAsync(images[0] ?? throw ImageNotFound(reference), what, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<byte[]> ReadStoredAsync(StickyImage image, ImageContent what, CancellationToken cancellationToken)
    {
        string key = image.Reference.Key(what);
        byte[] content;
        try
        {
            using Stream? stream = await _storage.OpenReadAsync(key, cancellationToken).ConfigureAwait(false);
            if (stream is null)
            {
                throw Damaged("StoredFileMissing", "is missing");
            }

            content = new byte[stream.Length];
            await stream.ReadExactlyAsync(content, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Damaged("StoredFileUnreadable", $"cannot be read: {e.Message}", e);
        }

        return what != ImageContent.Image || Md5(content) == image.Md5
            ? content
            : throw Damaged("StoredFileDamaged", $"has another MD5 than the {image.Md5} of its row");

        StickyException Damaged(string errorId, string what, Exception? cause = null) => new(
            errorId,
            StickyErrorKind.ReadFailed,
            $"The file '{_storage.GetUrl(key)}' of picture {image.Reference} {what}.",
            image.Reference,
            "Remove the picture from the store with Remove-StickyImage, and send it again.",
            cause);
    }
}
