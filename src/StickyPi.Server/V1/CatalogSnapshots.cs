using System.Diagnostics;
using System.Security.Cryptography;
using StickyPi.Core.Catalog;
using StickyPi.Core.Stores;

namespace StickyPi.Server.V1;

/// <summary>
/// Keeps the last snapshot of the catalog for as long as nothing has changed: whoever asks meanwhile gets that one, and so does whoever asked
/// before it was begun. Where there are changes all the time, snapshots take half of the time at most, since nobody writes during one.
/// </summary>
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
        long asked = Stopwatch.GetTimestamp();
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_last?.Begun >= asked)
            {
                return Open(_last);
            }

            // Before the rows are read: what changes meanwhile makes the next snapshot.
            string? version = await store.GetCatalogVersionAsync(cancellationToken);
            if (_last is null || version is null || version != _last.Version)
            {
                if (_last is not null && Stopwatch.GetElapsedTime(_last.Begun, _last.Ended) - Stopwatch.GetElapsedTime(_last.Ended) is { Ticks: > 0 } pause)
                {
                    await Task.Delay(pause, cancellationToken);
                    version = await store.GetCatalogVersionAsync(cancellationToken);
                }

                Snapshot made = await MakeAsync(version, cancellationToken);
                _last?.Folder.Dispose();
                _last = made;
            }

            return Open(_last);
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
        long begun = Stopwatch.GetTimestamp();
        UploadFolder folder = uploads.Create();
        try
        {
            StickyCatalogFile file = await store.SaveCatalogAsync(Path.Combine(folder.Path, "catalog.db"), cancellationToken);
            await using FileStream content = OpenFile(file.Path);
            string md5 = Convert.ToHexStringLower(await MD5.HashDataAsync(content, cancellationToken));
            return new Snapshot(folder, file, md5, version, begun, Stopwatch.GetTimestamp());
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private static OpenSnapshot Open(Snapshot snapshot) => new(OpenFile(snapshot.File.Path), snapshot.Md5, snapshot.File.CreatedAt);

    private static FileStream OpenFile(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);

    private sealed record Snapshot(UploadFolder Folder, StickyCatalogFile File, string Md5, string? Version, long Begun, long Ended);
}

/// <summary>A snapshot that somebody reads.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="Md5">Their MD5, in hexadecimal.</param>
/// <param name="CreatedAt">When it was taken, UTC.</param>
internal sealed record OpenSnapshot(Stream Content, string Md5, DateTime CreatedAt);
