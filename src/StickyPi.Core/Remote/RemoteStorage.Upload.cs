using StickyPi.Core.Storage;

namespace StickyPi.Core.Remote;

internal sealed partial class RemoteStorage
{
    private const int TransferBufferSize = 128 * 1024;

    public async ValueTask<StickyStorageItem> UploadAsync(string key, LocalFile file, TransferWindow window, CancellationToken cancellationToken)
    {
        using TransferWindow.Place place = await window.EnterAsync(cancellationToken).ConfigureAwait(false);
        using LocalFileReader reader = LocalFileReader.Open(file);

        // Read twice, so that the server shows nothing that is not the file.
        string etag = await ETag.ComputeAsync(reader.ReadAsync, file.Size, ETag.PartSizeOf(file.Size), cancellationToken).ConfigureAwait(false);
        long counted = 0;
        StickyStorageItem item = await PutAsync(
            key,
            etag,
            file.ModifiedTime,
            () =>
            {
                window.Count(-Interlocked.Exchange(ref counted, 0));
                return new FileContent(reader, file.Size, count =>
                {
                    _ = Interlocked.Add(ref counted, count);
                    window.Count(count);
                });
            },
            cancellationToken).ConfigureAwait(false);
        reader.ThrowIfChanged();
        return item with { ETag = item.ETag ?? etag };
    }
}
