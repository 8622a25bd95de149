using StickyPi.Core.Images;

namespace StickyPi.Core.Stores;

public abstract partial class StoreBase
{
    private const int RowAttempts = 3;
    private static readonly TimeSpan RowWait = TimeSpan.FromMilliseconds(20);

    /// <inheritdoc cref="IStickyStore.ReadImageAsync"/>
    public async ValueTask<ReadOnlyMemory<byte>> ReadImageAsync(
        ImageReference reference, ImageContent what = ImageContent.Image, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<StickyImage?> images = await GetImagesAsync([reference], ImageContent.Metadata, cancellationToken).ConfigureAwait(false);
        return await ReadStoredAsync(images[0] ?? throw ImageNotFound(reference), what, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<byte[]> ReadStoredAsync(StickyImage image, ImageContent what, CancellationToken cancellationToken)
    {
        string key = image.Reference.Key(what);
        byte[] content = await ReadStoredAsync(key, Damaged, cancellationToken).ConfigureAwait(false);
        if (what != ImageContent.Image || Md5(content) == image.Md5)
        {
            return content;
        }

        // Where a picture is just being replaced, its row follows its files.
        IAsyncDisposable? unchanging = await KeepImagesAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                image = (await FindImagesAsync([image.Reference], cancellationToken).ConfigureAwait(false))[0] ?? throw ImageNotFound(image.Reference);
                content = await ReadStoredAsync(key, Damaged, cancellationToken).ConfigureAwait(false);
                if (Md5(content) == image.Md5)
                {
                    return content;
                }

                if (unchanging is not null || attempt == RowAttempts)
                {
                    throw Damaged("StoredFileDamaged", $"has another MD5 than the {image.Md5} of its row", null);
                }

                await Task.Delay(RowWait * attempt, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            if (unchanging is not null)
            {
                await unchanging.DisposeAsync().ConfigureAwait(false);
            }
        }

        StickyException Damaged(string errorId, string what, Exception? cause) => new(
            errorId,
            StickyErrorKind.ReadFailed,
            $"The file '{Storage.GetPlace(key)}' of picture {image.Reference} {what}.",
            image.Reference,
            errorId switch
            {
                "StoredFileMissing" => HowToRestore,
                "StoredFileDamaged" => HowToMend(key),
                _ => "Check that you may read the file.",
            },
            cause);
    }

    /// <summary>Keeps everybody from replacing pictures, after whoever is doing it has finished.</summary>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>What lets them again when it is disposed of; null where nobody can be kept from it.</returns>
    private protected virtual ValueTask<IAsyncDisposable?> KeepImagesAsync(CancellationToken cancellationToken) => new((IAsyncDisposable?)null);

    private async ValueTask<byte[]> ReadStoredAsync(
        string key, Func<string, string, Exception?, StickyException> damaged, CancellationToken cancellationToken)
    {
        try
        {
            using Stream stream = await Storage.OpenReadAsync(key, cancellationToken).ConfigureAwait(false)
                ?? throw damaged("StoredFileMissing", "is missing", null);
            byte[] content = new byte[stream.Length];
            await stream.ReadExactlyAsync(content, cancellationToken).ConfigureAwait(false);
            return content;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw damaged("StoredFileUnreadable", $"cannot be read: {OneLine.Quote(e)}", e);
        }
    }
}
