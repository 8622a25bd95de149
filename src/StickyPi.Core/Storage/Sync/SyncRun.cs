using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using StickyPi.Core.Stores;

namespace StickyPi.Core.Storage;

/// <summary>
/// One transfer between a folder and a storage: everything is listed and compared first; then what is planned is transferred, several at a
/// time; what is to be deleted goes last.
/// </summary>
internal sealed class SyncRun(SyncSides sides, SyncRules rules, SyncOptions options)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly SemaphoreSlim _reporting = new(1);
    private readonly ConcurrentQueue<StickyException> _pending = [];
    private readonly ConcurrentQueue<StickySyncItem> _synced = [];
    private readonly ConcurrentQueue<StickySyncItem> _failed = [];
    private readonly List<SyncEntry> _skipped = [];
    private readonly SyncMeter _meter = new(options.Progress);
    private bool _hasErrors;
    private StickyException? _fatal;

    /// <summary>Pushes files.</summary>
    /// <param name="files">The files, with keys relative to the folder; looking at them may report errors to <see cref="Refuse"/>.</param>
    /// <param name="roots">The keys of what the user named, below which all files lie.</param>
    /// <param name="derived">A file that is made from the others, or null. It is written when it is transferred, and not before.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The summary.</returns>
    public async ValueTask<StickySyncSummary> PushAsync(
        IEnumerable<LocalFile> files, IReadOnlyCollection<string> roots, DerivedFile? derived, CancellationToken cancellationToken)
    {
        Dictionary<string, SyncEntry> entries = [];
        List<SyncEntry> twins = [];
        foreach (LocalFile file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await FlushErrorsAsync(cancellationToken).ConfigureAwait(false);
            SyncEntry entry = sides.Entry(file);
            if (IsMeant(entry))
            {
                if (WhyNeverPushed(entry.Key) is StickyException error)
                {
                    await FailAsync(entry, error, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                // A file that is found twice, below two paths that were given, is one.
                if (entries.TryAdd(entry.Key, entry))
                {
                    _meter.Found(entry.Key);
                }
                else if (entries[entry.Key].File!.Key != file.Key)
                {
                    twins.Add(entry);
                }
            }
        }

        await FlushErrorsAsync(cancellationToken).ConfigureAwait(false);
        Dictionary<string, StickyStorageItem> target = [];
        Dictionary<string, StickyStorageItem> otherForms = [];
        Dictionary<string, string> lookAlikes = [];
        HashSet<string> folders = [.. entries.Keys.SelectMany(SyncCollisions.Ancestors)];
        await foreach (StickyStorageItem item in ListTargetAsync(entries.Count == 0 && !rules.Mirror ? [] : roots, cancellationToken).ConfigureAwait(false))
        {
            string key = sides.RelativeOf(item.Key);
            string normal = ObjectKey.Normalize(key);
            if (!Ascii.IsValid(key))
            {
                lookAlikes[VisibleName.AsSeen(key)] = key;
            }

            if (rules.Mirror || entries.ContainsKey(normal) || folders.Contains(normal) || SyncCollisions.Ancestors(normal).Any(entries.ContainsKey))
            {
                target[key] = item;
                if (normal != key)
                {
                    otherForms[normal] = item;
                }
            }
        }

        foreach (SyncEntry entry in entries.Values.ToArray())
        {
            entry.Object = target.GetValueOrDefault(entry.Key) ?? otherForms.GetValueOrDefault(entry.Key);
            if (entry.Object is null && WhyNotNew(entry.Key, lookAlikes) is StickyException error)
            {
                _ = entries.Remove(entry.Key);
                await FailAsync(entry, error, cancellationToken).ConfigureAwait(false);
            }
        }

        if (derived is not null && WhyNot(derived.Key) is null)
        {
            // What the target lacks is added, whatever it will hold: then nothing waits for it. Else it takes as long as all the others.
            bool isNew = !target.ContainsKey(derived.Key);
            if (!isNew)
            {
                await CompareAsync(entries.Values.Where(entry => entry.Key != derived.Key), cancellationToken).ConfigureAwait(false);
            }

            if (isNew || await ChangesAsync(derived, cancellationToken).ConfigureAwait(false))
            {
                entries[derived.Key] = new SyncEntry(derived, sides) { Object = target.GetValueOrDefault(derived.Key) };
            }
        }

        // By key, because comparing replaces the listed object with a more detailed record of it, which is not equal to the listed one.
        HashSet<string?> onSource = [.. entries.Values.Select(entry => entry.Object?.Key)];
        IReadOnlyList<SyncEntry> extra = rules.Mirror
            ?
            [
                .. target.Values.Where(item => !onSource.Contains(item.Key))
                    .Select(item => sides.Entry(item))
                    .Where(entry => WhyNot(entry.Key) is null),
            ]
            : [];
        return await RunAsync([.. entries.Values, .. twins], extra, target.Keys, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Pulls objects.</summary>
    /// <param name="prefixes">Whole keys, each for an object or for what is below it.</param>
    /// <param name="objects">Keys of objects as they were listed, each for itself alone.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The summary.</returns>
    public async ValueTask<StickySyncSummary> PullAsync(
        IEnumerable<string> prefixes, IReadOnlyList<string> objects, CancellationToken cancellationToken)
    {
        StoreFolders stores = new();
        Dictionary<string, SyncEntry> entries = [];
        foreach (string prefix in prefixes)
        {
            bool any = false;
            await foreach (StickyStorageItem item in sides.Storage.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
            {
                any = true;
                await TakeAsync(item, sides.RelativeOf(prefix)).ConfigureAwait(false);
            }

            if (!any && !rules.Mirror)
            {
                await RefuseAsync(
                    new StickyException(
                        "ObjectNotFound",
                        StickyErrorKind.NotFound,
                        $"The store has neither an object '{prefix}' nor any below it.",
                        prefix,
                        "Get-StickyStorageItem lists what there is."),
                    cancellationToken).ConfigureAwait(false);
            }
        }

        foreach (StickyStorageItem? item in await FindAsync(objects, cancellationToken).ConfigureAwait(false))
        {
            if (item is not null)
            {
                await TakeAsync(item, folder: "").ConfigureAwait(false);
            }
        }

        LocalNames local = new(sides.Folder, entries.ContainsKey);
        foreach (SyncEntry entry in entries.Values)
        {
            entry.Path = local.PathOf(entry.Key);
            entry.File = LocalFolder.Find(entry.Key, entry.Path);
        }

        IReadOnlyList<SyncEntry> extra = [];
        if (rules.Mirror && Directory.Exists(sides.Folder))
        {
            // A disk may take two names for one, whichever system it hangs on: what differs only so may be the very file that came.
            HashSet<string> names = [.. entries.Keys.Select(SyncCollisions.Fold)];
            extra =
            [
                .. LocalFolder.Scan(sides.Folder, rules.Enter, Refuse)
                    .Where(file => !names.Contains(SyncCollisions.Fold(file.Key)) && WhyNot(file.Key) is null)
                    .Select(sides.Entry),
            ];
            if (rules.Delete)
            {
                CheckDeletions(extra, stores);
            }

            await FlushErrorsAsync(cancellationToken).ConfigureAwait(false);
        }

        return await RunAsync(entries.Values, extra, [], cancellationToken).ConfigureAwait(false);

        async ValueTask TakeAsync(StickyStorageItem item, string folder)
        {
            string key = sides.RelativeOf(item.Key);
            if ((item.Key.EndsWith('/') && item.Size == 0) || key.Length == 0)
            {
                // Programs that show buckets as folders mark empty ones so; and what has the name of the folder itself is not in it.
                return;
            }

            string? reason = ObjectKey.WhyNotAFile(key);
            string? path = reason is null ? key : ObjectKey.ToFileKey(key);
            SyncEntry entry = sides.Entry(item, path);
            if (path is null || ObjectKey.WhyNotAFile(path) is not null || !ObjectKey.IsUnder(path, folder))
            {
                await FailAsync(entry, NotAFile(item.Key, reason ?? "leads out of the folder that was asked for"), cancellationToken).ConfigureAwait(false);
            }
            else if (stores.WhyNot(sides.PathOf(entry.Key)) is StickyException error)
            {
                await FailAsync(entry, error, cancellationToken).ConfigureAwait(false);
            }
            else if (entries.TryGetValue(path, out SyncEntry? other))
            {
                // The object whose key is the path has it; of two others, the first that comes.
                bool isRightful = key == path;
                if (other.Object!.Key != item.Key)
                {
                    SyncEntry left = isRightful ? other : entry;
                    entries[path] = isRightful ? entry : other;
                    await FailAsync(left, SameFile(left, entries[path]), cancellationToken).ConfigureAwait(false);
                }
            }
            else if (IsMeant(entry))
            {
                entries[path] = entry;
                _meter.Found(path);
            }
        }
    }

    // Null for what is not there, or can't be addressed, which is reported.
    private async ValueTask<StickyStorageItem?[]> FindAsync(IReadOnlyList<string> objects, CancellationToken cancellationToken)
    {
        string[] keys = [.. objects.Distinct()];
        StickyStorageItem?[] found = new StickyStorageItem?[keys.Length];
        await Parallel.ForAsync(
            0,
            keys.Length,
            new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellationToken },
            async (i, stop) =>
            {
                try
                {
                    found[i] = await sides.Storage.FindListedAsync(keys[i], stop).ConfigureAwait(false) ?? throw new StickyException(
                        "ObjectNotFound",
                        StickyErrorKind.NotFound,
                        $"The store has no object '{keys[i]}'.",
                        keys[i],
                        "Get-StickyStorageItem lists what there is. For what lies below a key, give the key as a text.");
                }
                catch (StickyException e) when (e.Kind is StickyErrorKind.InvalidData or StickyErrorKind.NotFound)
                {
                    await RefuseAsync(e, stop).ConfigureAwait(false);
                }
            }).ConfigureAwait(false);
        return found;
    }

    /// <summary>Takes an error that is noticed where nothing can be awaited; it is reported a little later.</summary>
    /// <param name="error">The error.</param>
    public void Refuse(StickyException error) => _pending.Enqueue(error);

    private async ValueTask<StickySyncSummary> RunAsync(
        IReadOnlyCollection<SyncEntry> source, IReadOnlyList<SyncEntry> extra, IReadOnlyCollection<string> targetKeys, CancellationToken cancellationToken)
    {
        IReadOnlyList<SyncEntry> collisions = SyncCollisions.Find(sides, source, targetKeys);
        HashSet<SyncEntry> colliding = [.. collisions];
        SyncEntry[] comparable = [.. source.Where(entry => !colliding.Contains(entry) && entry is { File: not null, Object: not null })];
        await CompareAsync(comparable, cancellationToken).ConfigureAwait(false);

        SyncEntry[] missing = [.. source.Where(entry => !colliding.Contains(entry) && (entry.File is null || entry.Object is null))];
        SyncEntry[] equal = [.. comparable.Where(entry => entry.Equal == true)];
        SyncEntry[] different = [.. comparable.Where(entry => entry.Equal == false)];
        Decide(missing, equal, different, extra);
        List<SyncEntry> transfers = [.. missing.Concat(different).Where(entry => entry.Action is SyncAction.Add or SyncAction.Replace).OrderByDescending(entry => entry.Size)];
        List<SyncEntry> deletions = [.. extra.Where(entry => entry.Action == SyncAction.Delete)];

        StickySyncSummary plan = new()
        {
            Direction = sides.Direction,
            Source = sides.Direction == SyncDirection.Push ? sides.Folder : sides.StorageLocation,
            Target = sides.Direction == SyncDirection.Push ? sides.StorageLocation : sides.Folder,
            Matched = Items(source),
            NotOnTarget = Items(missing),
            OnTargetEqual = Items(equal),
            OnTargetDifferent = Items(different),
            Collisions = Items(collisions),
            Skipped = Items(_skipped),
            NotOnSource = Items(extra),
            Failed = _failed.ToArray(),
            BytesToSync = missing.Concat(different).Where(entry => entry.Action != SyncAction.None || !rules.NewerWins).Sum(entry => entry.Size),
            RequiresForce = different.Any(entry => entry.Action == SyncAction.None),
            Elapsed = _clock.Elapsed,
        };
        bool held = plan.HasCollisions || (plan.RequiresForce && !rules.NewerWins);
        bool declined = false;
        if (!held && transfers.Count > 0)
        {
            bool may = await MayAsync(plan, SyncAction.Add, cancellationToken).ConfigureAwait(false);
            declined = !may && !options.Simulate;
            if (may)
            {
                await TransferAsync(transfers, cancellationToken).ConfigureAwait(false);
            }
        }

        // Whoever did not want the new files does not want the old ones to go either: one may be the other's, renamed.
        if (!held && !declined && deletions.Count > 0 && await MayDeleteAsync(plan, source.Count, cancellationToken).ConfigureAwait(false))
        {
            await DeleteAsync(deletions, cancellationToken).ConfigureAwait(false);
        }

        StickySyncItem[] synced = [.. _synced];
        return plan with
        {
            Synced = synced,
            Failed = _failed.ToArray(),
            BytesSynced = synced.Sum(item => item.Action == SyncAction.Delete ? 0 : item.SourceSize ?? 0),
            Elapsed = _clock.Elapsed,
        };
    }

    private void Decide(SyncEntry[] missing, SyncEntry[] equal, SyncEntry[] different, IReadOnlyList<SyncEntry> extra)
    {
        foreach (SyncEntry entry in missing)
        {
            _ = entry.Plan(SyncAction.Add, "not on the target");
        }

        foreach (SyncEntry entry in equal)
        {
            _ = entry.Plan(SyncAction.None, "same content");
        }

        foreach (SyncEntry entry in different)
        {
            _ = options.Force ? entry.Plan(SyncAction.Replace, "other content, forced")
                : !rules.NewerWins ? entry.Plan(SyncAction.None, "other content")
                : entry.SourceIsNewer ? entry.Plan(SyncAction.Replace, "other content, newer source")
                : entry.Plan(SyncAction.None, "other content, and the source is not newer");
        }

        // What tells of another file must not say of one side what is true of the other.
        if (rules.Seal is (string seal, string sealedKey)
            && different.Any(entry => entry.Key == sealedKey && entry.Action == SyncAction.None)
            && missing.Concat(different).FirstOrDefault(entry => entry.Key == seal) is SyncEntry sealing)
        {
            _ = sealing.Plan(SyncAction.None, $"'{sides.KeyOf(sealedKey)}', of which it tells, is left");
        }

        foreach (SyncEntry entry in extra)
        {
            _ = !rules.Delete ? entry.Plan(SyncAction.None, "not on the source")
                : entry.File?.ThroughLink == true || entry.Object?.ThroughLink == true ? entry.Plan(SyncAction.None, "not on the source, but behind a link")
                : entry.Plan(SyncAction.Delete, "not on the source");
        }
    }

    private async ValueTask CompareAsync(IEnumerable<SyncEntry> entries, CancellationToken cancellationToken)
    {
        // The largest first, or the last one would be read alone.
        SyncEntry[] comparable =
            [.. entries.Where(entry => entry is { File: not null, Object: not null, Equal: null }).OrderByDescending(entry => entry.Size)];
        _meter.Begin(SyncPhase.Compare, comparable.Length, 0);
        await ForEachAsync(
            comparable,
            async (entry, stop) =>
            {
                entry.Compare(
                    entry.File!.Size == entry.Object!.Size && entry.Derived is null
                        ? await sides.Storage.CompareAsync(entry.Object, entry.File, stop).ConfigureAwait(false)
                        : new ContentComparison(false, null, entry.Object.ETag));
                if (entry.Equal == false && rules.NewerWins && entry.Object.ModifiedTime is null)
                {
                    // A listing of a bucket does not tell the time that was kept.
                    entry.Object = await sides.Storage.FindListedAsync(entry.Object.Key, stop).ConfigureAwait(false) ?? entry.Object;
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    // A file that can't be made is left as it is on both sides.
    private async ValueTask<bool> ChangesAsync(DerivedFile derived, CancellationToken cancellationToken)
    {
        try
        {
            return await derived.Text.ConfigureAwait(false) is not null;
        }
        catch (StickyException e)
        {
            await RefuseAsync(e, cancellationToken).ConfigureAwait(false);
            return false;
        }
    }

    private async ValueTask TransferAsync(List<SyncEntry> entries, CancellationToken cancellationToken)
    {
        _meter.Begin(SyncPhase.Transfer, entries.Count, entries.Sum(entry => entry.Size));
        using TransferWindow window = new(options.Parallelism, _meter.Count);
        await ForEachAsync(entries.Where(entry => entry.Key != rules.Seal?.Key), TransferOneAsync, cancellationToken).ConfigureAwait(false);
        if (_fatal is null && !_failed.Any(item => rules.Seal is (_, string sealedKey) && item.Key == sides.KeyOf(sealedKey)))
        {
            await ForEachAsync(entries.Where(entry => entry.Key == rules.Seal?.Key), TransferOneAsync, cancellationToken).ConfigureAwait(false);
        }

        async ValueTask TransferOneAsync(SyncEntry entry, CancellationToken stop)
        {
            if (entry.Derived is DerivedFile derived)
            {
                await derived.WriteAsync(stop).ConfigureAwait(false);
                entry.File = LocalFolder.Find(entry.Key, derived.Path);
            }

            StickyStorageItem transferred = sides.Direction == SyncDirection.Push
                ? await sides.Storage.UploadAsync(entry.WholeKey, entry.File!, window, stop).ConfigureAwait(false)
                : await DownloadAsync(entry, window, stop).ConfigureAwait(false);
            _synced.Enqueue(entry.ToSyncedItem(transferred));
        }
    }

    private async ValueTask<StickyStorageItem> DownloadAsync(SyncEntry entry, TransferWindow window, CancellationToken cancellationToken)
    {
        string path = entry.Path;
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        StickyStorageItem? transferred = null;
        using StagedFile staged = await StagedFile.WriteAsync(
            entry.Key,
            path,
            temporaryPath: null,
            async stream =>
            {
                transferred = await sides.Storage.DownloadAsync(entry.Object!, stream.SafeFileHandle, window, cancellationToken).ConfigureAwait(false);
                File.SetLastWriteTimeUtc(stream.SafeFileHandle, transferred.ModifiedTime ?? transferred.LastModified);
            },
            durable: false).ConfigureAwait(false);
        staged.Publish();
        return transferred!;
    }

    private async ValueTask<bool> MayDeleteAsync(StickySyncSummary plan, int sourceCount, CancellationToken cancellationToken)
    {
        if (sourceCount == 0)
        {
            await RefuseAsync(
                new StickyException(
                    "SourceEmpty",
                    StickyErrorKind.NotAllowed,
                    $"'{plan.Source}' has no files that are meant; nothing was deleted from '{plan.Target}'.",
                    plan.Source,
                    "Check the path and the filters. To remove a bundle, use Remove-StickyMlBundle."),
                cancellationToken).ConfigureAwait(false);
            return false;
        }

        // Whatever went wrong may be the reason why something seems to be missing at the source.
        return !_hasErrors && await MayAsync(plan, SyncAction.Delete, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask DeleteAsync(List<SyncEntry> entries, CancellationToken cancellationToken)
    {
        _meter.Begin(SyncPhase.Delete, entries.Count, 0);
        await ForEachAsync(
            entries,
            async (entry, stop) =>
            {
                if (sides.Direction == SyncDirection.Push)
                {
                    await sides.Storage.DeleteAsync(entry.Object!, stop).ConfigureAwait(false);
                }
                else
                {
                    File.Delete(entry.File!.Path);
                }

                _synced.Enqueue(entry.ToItem());
            },
            cancellationToken).ConfigureAwait(false);

        foreach (string folder in SyncCollisions.FoldersInnermostFirst(entries.Select(entry => entry.Key)))
        {
            if (sides.Direction == SyncDirection.Push)
            {
                await sides.Storage.TidyAsync(sides.KeyOf(folder), cancellationToken).ConfigureAwait(false);
            }
            else
            {
                LocalFolder.DeleteIfEmpty(sides.PathOf(folder));
            }
        }
    }

    // Before anything moves: a store that lacks a part of its files is worse than a folder that is not equal yet.
    private void CheckDeletions(IEnumerable<SyncEntry> extra, StoreFolders stores)
    {
        foreach (string path in extra.Where(entry => !entry.File!.ThroughLink).Select(entry => entry.File!.Path))
        {
            if (stores.FindOwner(sides.Folder, path) is string store)
            {
                throw new StickyException(
                    "FolderIsAStore",
                    StickyErrorKind.NotAllowed,
                    $"'{store}' is the folder of a store: with -Delete, a pull to '{sides.Folder}' would delete its files, such as '{path}'. "
                        + "Nothing was done.",
                    sides.Folder,
                    "Give a folder that the bundle has for itself.");
            }
        }
    }

    // One item's error is reported and the others go on; one that concerns the whole storage ends the run with what it has.
    private async ValueTask ForEachAsync(
        IEnumerable<SyncEntry> entries, Func<SyncEntry, CancellationToken, ValueTask> body, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await Parallel.ForEachAsync(
                entries,
                new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = stop.Token },
                async (entry, token) =>
                {
                    _meter.At(entry.Key);
                    try
                    {
                        await body(entry, token).ConfigureAwait(false);
                    }
                    catch (Exception e) when (e is StickyException or IOException or UnauthorizedAccessException)
                    {
                        StickyException error = e as StickyException ?? NotWritten(entry, e);
                        bool isFatal = IsFatal(error);
                        if (!isFatal || Interlocked.CompareExchange(ref _fatal, error, null) is null)
                        {
                            await FailAsync(entry, error, cancellationToken).ConfigureAwait(false);
                        }

                        if (isFatal)
                        {
                            await stop.CancelAsync().ConfigureAwait(false);
                        }
                    }

                    _meter.Done();
                }).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_fatal is not null && !cancellationToken.IsCancellationRequested)
        {
            // The fatal error has been reported.
        }
    }

    // Whoever has no access to one object may have it to the next; a credential that is refused is refused for all.
    private static bool IsFatal(StickyException error) =>
        error.Kind is StickyErrorKind.StorageFull or StickyErrorKind.StoreUnavailable or StickyErrorKind.ComponentMissing
        || error.ErrorId == "CredentialRefused";

    // The files of the source have errors of their own: it is the target that could not be written.
    private StickyException NotWritten(SyncEntry entry, Exception cause)
    {
        string path = sides.Direction == SyncDirection.Push ? sides.Storage.GetPlace(entry.WholeKey) : entry.Path;
        return DiskErrors.NotWritten(path, Path.GetDirectoryName(path)!, cause);
    }

    private async ValueTask FailAsync(SyncEntry entry, StickyException error, CancellationToken cancellationToken)
    {
        _failed.Enqueue(entry.Plan(SyncAction.None, error.Message).ToItem());
        await RefuseAsync(error, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask RefuseAsync(StickyException error, CancellationToken cancellationToken)
    {
        _hasErrors = true;
        if (options.Refuse is not null)
        {
            await _reporting.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await options.Refuse(error, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _ = _reporting.Release();
            }
        }
    }

    private async ValueTask FlushErrorsAsync(CancellationToken cancellationToken)
    {
        while (_pending.TryDequeue(out StickyException? error))
        {
            await RefuseAsync(error, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> MayAsync(StickySyncSummary plan, SyncAction action, CancellationToken cancellationToken) =>
        _fatal is null
        && (options.Confirm is null || await options.Confirm(plan, action, cancellationToken).ConfigureAwait(false))
        && !options.Simulate;

    private async IAsyncEnumerable<StickyStorageItem> ListTargetAsync(
        IReadOnlyCollection<string> roots, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // One file to be pushed into a large store is no reason to list all of it; many files of one folder are.
        const int MaxListings = 16;
        string[] keys = [.. roots.Concat(roots.Select(ObjectKey.Normalize)).Select(sides.KeyOf).Distinct()];
        string[] prefixes = keys.Length <= MaxListings ? keys : [CommonFolder(keys)];
        foreach (string prefix in prefixes)
        {
            await foreach (StickyStorageItem item in sides.Storage.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
            {
                yield return item;
            }
        }

        // A file where a folder is needed is in the way as well.
        foreach (string folder in keys.SelectMany(SyncCollisions.Ancestors).Distinct().Where(folder => folder.Length > sides.Prefix.Length))
        {
            if (await sides.Storage.FindAsync(folder, cancellationToken).ConfigureAwait(false) is StickyStorageItem item)
            {
                yield return item;
            }
        }
    }

    private static string CommonFolder(IReadOnlyList<string> keys)
    {
        string common = keys[0];
        foreach (string key in keys)
        {
            int same = common.AsSpan().CommonPrefixLength(key);
            common = common[..same];
        }

        int slash = common.LastIndexOf('/');
        return slash < 0 ? "" : common[..slash];
    }

    private StickyException? WhyNeverPushed(string key) =>
        !ObjectKey.IsValid(sides.KeyOf(key)) ? ObjectKey.Invalid(key) : NewKey.WhyReserved(sides.KeyOf(key));

    // What the storage has already may be replaced, whatever it is called.
    private StickyException? WhyNotNew(string key, Dictionary<string, string> lookAlikes) => NewKey.WhyNot(sides.KeyOf(key))
        ?? (lookAlikes.TryGetValue(key, out string? other) && other != key ? NewKey.LooksLike(sides.KeyOf(key), sides.KeyOf(other)) : null);

    private bool IsMeant(SyncEntry entry)
    {
        if (WhyNot(entry.Key) is not string reason)
        {
            return true;
        }

        _skipped.Add(entry.Plan(SyncAction.None, reason));
        return false;
    }

    private string? WhyNot(string key) => UnfinishedFile.IsIn(key)
        ? "an unfinished file"
        : rules.WhyNot(key) ?? options.Filter.WhyNot(key);

    // Arrays, since PowerShell can index no other list that a compiler makes.
    private static StickySyncItem[] Items(IEnumerable<SyncEntry> entries) =>
        entries.Select(entry => entry.ToItem()).OrderBy(item => item.Key, StringComparer.Ordinal).ToArray();

    private static StickyException SameFile(SyncEntry left, SyncEntry other) => new(
        "KeyConflict",
        StickyErrorKind.Conflict,
        $"The object '{left.WholeKey}' was not downloaded: its file is '{left.Key}', which is that of the object '{other.WholeKey}'.",
        left.WholeKey,
        "Pipe the object alone to Receive-StickyStorageItem, with another -Destination.");

    private static StickyException NotAFile(string key, string reason) => new(
        "UnsafeKey",
        StickyErrorKind.InvalidData,
        $"The object '{key}' was not downloaded: its key {reason}.",
        key,
        "Give the object another key, with the tool that made it.");
}
