using System.Security.Cryptography;
using StickyPi.Core.Catalog;
using StickyPi.Core.Stores;

namespace StickyPi.Server.V1;

/// <summary>Keeps the last snapshot of the catalog for as long as nothing has changed: whoever asks meanwhile gets that one.</summary>
/// <param name="store">The store.</param>
/// <param name="uploads">Where the snapshot lies.</param>
internal sealed class CatalogSnapshots(Store store, Uploads uploads) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private Snapshot? _last;

    /// <summary>Opens a snapshot of the catalog as it is now.</summary>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The snapshot, to be disposed of; it stays as it is, whatever becomes of its file.</returns>
    public async Task<OpenSnapshot> OpenAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            // Before the rows are read: what changes meanwhile makes the next snapshot.
            string? version = await store.GetCatalogVersionAsync(cancellationToken);
            if (_last is null || version is null || version != _last.Version)
            {
                Snapshot made = await MakeAsync(version, cancellationToken);
                _last?.Folder.Dispose();
                _last = made;
            }

            return new OpenSnapshot(Open(_last.File.Path), _last.Md5, _last.File.CreatedAt);
        }
        finally
        {
            _ = _gate.Release();
        }
    }

    public void Dispose()
    {
        _last?.Folder.Dispose();
        _gate.Dispose();
    }

    private async Task<Snapshot> MakeAsync(string? version, CancellationToken cancellationToken)
    {
        UploadFolder folder = uploads.Create();
        try
        {
            StickyCatalogFile file = await store.SaveCatalogAsync(Path.Combine(folder.Path, "catalog.db"), cancellationToken);
            await using FileStream content = Open(file.Path);
            string md5 = Convert.ToHexStringLower(await MD5.HashDataAsync(content, cancellationToken));
            return new Snapshot(folder, file, md5, version);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);

    private sealed record Snapshot(UploadFolder Folder, StickyCatalogFile File, string Md5, string? Version);
}

/// <summary>A snapshot that somebody reads.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="Md5">Their MD5, in hexadecimal.</param>
/// <param name="CreatedAt">When it was taken, UTC.</param>
internal sealed record OpenSnapshot(Stream Content, string Md5, DateTime CreatedAt);
