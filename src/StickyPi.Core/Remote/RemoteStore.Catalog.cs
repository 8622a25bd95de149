using StickyPi.Core.Catalog;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Remote;

internal sealed partial class RemoteStore
{
    /// <inheritdoc/>
    public async ValueTask<StickyCatalogFile> SaveCatalogAsync(string path, CancellationToken cancellationToken = default)
    {
        string folder = Path.GetDirectoryName(path)!;
        try
        {
            _ = Directory.CreateDirectory(folder);
            DateTime createdAt = default;
            using StagedFile staged = await StagedFile.WriteAsync(
                path,
                path,
                temporaryPath: null,
                async file =>
                {
                    using HttpResponseMessage response = await _api.SendAsync(
                        new ApiRequest(HttpMethod.Get, "v1/catalog")
                        {
                            Accept = new("application/vnd.sqlite3"),
                            Headers = [new("Accept-Encoding", "identity")],
                            Patience = ApiRequest.LongPatience,
                        },
                        cancellationToken).ConfigureAwait(false);
                    createdAt = (response.Content.Headers.LastModified ?? response.Headers.Date ?? DateTimeOffset.UtcNow).UtcDateTime;
                    using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
                    await body.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
                },
                durable: false).ConfigureAwait(false);

            // Opened before it appears: what came is a catalog, and how many pictures it tells of is what it says itself.
            long count = await CountImagesAsync(staged.TemporaryPath, cancellationToken).ConfigureAwait(false);
            long size = new FileInfo(staged.TemporaryPath).Length;
            staged.Publish();
            return new StickyCatalogFile(path, size, count, createdAt, Location);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskErrors.NotWritten(path, folder, e);
        }
    }

    private async ValueTask<long> CountImagesAsync(string path, CancellationToken cancellationToken)
    {
        ICatalog catalog = _providers.OpenCatalog(path, create: false);
        await using (catalog.ConfigureAwait(false))
        {
            long count = 0;
            foreach (string device in await catalog.GetDeviceNamesAsync(cancellationToken).ConfigureAwait(false))
            {
                count += await catalog.CountImagesAsync(new DeviceRange(device, DateTime.MinValue, DateTime.MaxValue), cancellationToken).ConfigureAwait(false);
            }

            return count;
        }
    }
}
