using StickyPi.Core.Catalog;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Stores;

public sealed partial class Store
{
    /// <summary>
    /// Whether its catalog was saved from another store's: then it can be read, and whatever would change it throws <c>StoreIsCopy</c>.
    /// </summary>
    public bool IsSnapshot => _catalog.IsSnapshot;

    // A bucket has its own files, whichever rows are told of them.
    private protected override StickyException? WhyNoFiles => HasUrls ? null : WhyNoRows;

    private protected override StickyException? WhyNoRows => IsSnapshot ? StickyException.StoreIsCopy(_catalogFile!) : null;

    /// <summary>A text that is another one after rows have changed, whoever changed them.</summary>
    /// <param name="cancellationToken">Stops the look.</param>
    /// <returns>The text; null where it could not be told without reading the rows.</returns>
    public ValueTask<string?> GetCatalogVersionAsync(CancellationToken cancellationToken = default) => _catalog.GetVersionAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<StickyCatalogFile> SaveCatalogAsync(string path, CancellationToken cancellationToken = default)
    {
        string folder = Path.GetDirectoryName(path)!;
        if (_catalogFile is not null && IsSameFile(path, _catalogFile))
        {
            throw new StickyException(
                "FileNotWritten",
                StickyErrorKind.WriteFailed,
                $"'{path}' is the catalog of this store itself; a snapshot, which has no users, would take its place.",
                path,
                "Name another file.");
        }

        string unfinished = UnfinishedFile.LeftoverPath(path);
        DateTime createdAt = DateTime.UtcNow;
        try
        {
            _ = Directory.CreateDirectory(folder);
            File.Delete(unfinished);
            try
            {
                long count = await _catalog.SaveSnapshotAsync(unfinished, cancellationToken).ConfigureAwait(false);
                long size;
                using (FileStream file = new(unfinished, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0))
                {
                    file.Flush(flushToDisk: true);
                    size = file.Length;
                }

                File.Move(unfinished, path, overwrite: true);
                return new StickyCatalogFile(path, size, count, createdAt, Location);
            }
            catch
            {
                TryDelete(unfinished);
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskErrors.NotWritten(path, folder, e);
        }
    }

    private static bool IsSameFile(string path, string other) =>
        string.Equals(Resolve(path), Resolve(other), OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);

    private static string Resolve(string path)
    {
        try
        {
            return Path.GetFullPath(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
        }
        catch (IOException)
        {
            return Path.GetFullPath(path);
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The error that led here is the one that the user must see; the next run deletes it.
        }
    }
}
