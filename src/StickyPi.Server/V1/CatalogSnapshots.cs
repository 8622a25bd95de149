using System.Diagnostics;
using System.Security.Cryptography;
using StickyPi.Core.Catalog;
using StickyPi.Core.Stores;

namespace StickyPi.Server.V1;

/// <summary>
/// Keeps the last snapshot of the catalog for as long as nothing has changed: whoever asks meanwhile gets that one, and so does whoever asked
/// before it was begun. One is made at a time, to its end, whoever still waits for it; and where there are changes all the time, half of the time
/// at most, because making one keeps a database busy, and SQLite's writers waiting.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="uploads">Where the snapshot lies.</param>
internal sealed class CatalogSnapshots(Store store, Uploads uploads) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly CancellationTokenSource _stop = new();
    private Task<Snapshot>? _making;
    private Snapshot? _last;
    private TimeSpan _took;
    private long _ended;

    /// <summary>Opens a snapshot of the catalog as it is now.</summary>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>The snapshot, to be disposed of; it stays as it is, whatever becomes of its file.</returns>
    public async Task<OpenSnapshot> OpenAsync(CancellationToken cancellationToken)
    {
        long asked = Stopwatch.GetTimestamp();
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_making is not null)
            {
                await ((Task)_making).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();
                await TakeAsync(isWanted: false, cancellationToken);
            }

            if (_last is null || (_last.Begun < asked && !await IsCurrentAsync(_last, cancellationToken)))
            {
                _making = MakeAsync();
                await TakeAsync(isWanted: true, cancellationToken);
            }

            return new OpenSnapshot(OpenFile(_last!.File.Path), _last.Md5, _last.File.CreatedAt);
        }
        finally
        {
            _ = _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_making is not null)
        {
            await ((Task)_making).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _last?.Folder.Dispose();
        _stop.Dispose();
        _gate.Dispose();
    }

    private async ValueTask<bool> IsCurrentAsync(Snapshot snapshot, CancellationToken cancellationToken) =>
        snapshot.Version is string version && version == await store.GetCatalogVersionAsync(cancellationToken);

    // Whoever gives up leaves the one that is being made to the next who asks.
    private async Task TakeAsync(bool isWanted, CancellationToken cancellationToken)
    {
        Task<Snapshot> making = _making!;
        try
        {
            Snapshot made = await making.WaitAsync(cancellationToken);
            _last?.Folder.Dispose();
            _last = made;
            _making = null;
        }
        catch (Exception) when (making.IsFaulted || making.IsCanceled)
        {
            // It was for somebody else to hear why.
            _making = null;
            if (isWanted)
            {
                throw;
            }
        }
    }

    private async Task<Snapshot> MakeAsync()
    {
        if (_took - Stopwatch.GetElapsedTime(_ended) is { Ticks: > 0 } rest)
        {
            await Task.Delay(rest, _stop.Token);
        }

        long begun = Stopwatch.GetTimestamp();
        UploadFolder folder = uploads.Create();
        try
        {
            // Before the rows are read: what changes meanwhile makes the next snapshot.
            string? version = await store.GetCatalogVersionAsync(_stop.Token);
            StickyCatalogFile file = await Task.Run(
                async () => await store.SaveCatalogAsync(Path.Combine(folder.Path, "catalog.db"), _stop.Token), _stop.Token);
            await using FileStream content = OpenFile(file.Path);
            string md5 = Convert.ToHexStringLower(await MD5.HashDataAsync(content, _stop.Token));
            return new Snapshot(folder, file, md5, version, begun);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
        finally
        {
            _took = Stopwatch.GetElapsedTime(begun);
            _ended = Stopwatch.GetTimestamp();
        }
    }

    private static FileStream OpenFile(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);

    private sealed record Snapshot(UploadFolder Folder, StickyCatalogFile File, string Md5, string? Version, long Begun);
}

/// <summary>A snapshot that somebody reads.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="Md5">Their MD5, in hexadecimal.</param>
/// <param name="CreatedAt">When it was taken, UTC.</param>
internal sealed record OpenSnapshot(Stream Content, string Md5, DateTime CreatedAt);
