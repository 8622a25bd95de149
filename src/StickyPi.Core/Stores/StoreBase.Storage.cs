using System.Runtime.CompilerServices;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Stores;

public abstract partial class StoreBase
{
    /// <inheritdoc cref="IStickyStore.GetStorageItemsAsync"/>
    public async IAsyncEnumerable<StickyStorageItem> GetStorageItemsAsync(
        string prefix, KeyFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string key = await ParsePrefixAsync(prefix, cancellationToken).ConfigureAwait(false);
        await foreach (StickyStorageItem item in Storage.ListAsync(key, cancellationToken).ConfigureAwait(false))
        {
            if (filter.WhyNot(item.Key) is null)
            {
                yield return item;
            }
        }
    }

    /// <inheritdoc cref="IStickyStore.ParsePrefixAsync"/>
    public ValueTask<string> ParsePrefixAsync(string text, CancellationToken cancellationToken = default) =>
        ParsePrefixAsync(text, IsObjectAsync, cancellationToken);

    /// <inheritdoc cref="IStickyStore.ParseUploadPrefixAsync"/>
    public ValueTask<string> ParseUploadPrefixAsync(string text, CancellationToken cancellationToken = default) => ParsePrefixAsync(
        text,
        async (key, stop) => await Storage.ListIncompleteUploadsAsync(key, stop).AnyAsync(stop).ConfigureAwait(false)
            || await IsObjectAsync(key, stop).ConfigureAwait(false),
        cancellationToken);

    /// <inheritdoc cref="IStickyStore.GetStorageLevelAsync"/>
    public IAsyncEnumerable<string> GetStorageLevelAsync(string beginning, CancellationToken cancellationToken = default) =>
        Storage.ListLevelAsync(beginning, cancellationToken);

    /// <summary>Looks at one object of the store without reading it.</summary>
    /// <param name="key">The object.</param>
    /// <param name="cancellationToken">Stops the look.</param>
    /// <returns>The object, or null where there is none, or the key is the store's own.</returns>
    /// <exception cref="StickyException"><c>InvalidKey</c>.</exception>
    public ValueTask<StickyStorageItem?> FindStorageItemAsync(string key, CancellationToken cancellationToken = default) =>
        Storage.FindAsync(ObjectKey.IsValid(key) ? key : throw ObjectKey.Invalid(key), cancellationToken);

    /// <inheritdoc cref="IStickyStore.SendStorageItemsAsync"/>
    public async ValueTask<StickySyncSummary> SendStorageItemsAsync(
        IReadOnlyList<string> paths, SendStorageItemOptions options, CancellationToken cancellationToken = default)
    {
        if (WhyNoFiles is StickyException refusal)
        {
            throw refusal;
        }

        SyncSides sides = new(Storage, ObjectKey.Parse(options.Prefix), Path.TrimEndingDirectorySeparator(options.RelativeTo), SyncDirection.Push);
        SyncRun run = new(sides, new SyncRules(), options);
        Dictionary<string, string> roots = [];
        foreach (string path in paths)
        {
            string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
            string relative = Path.GetRelativePath(sides.Folder, full);
            string key = relative == "." ? "" : relative.Replace(Path.DirectorySeparatorChar, '/');
            if (Path.IsPathRooted(relative) || relative == ".." || key.StartsWith("../", StringComparison.Ordinal))
            {
                run.Refuse(OutsideFolder(full, sides.Folder));
            }
            else if (!Path.Exists(full))
            {
                run.Refuse(new StickyException("FileNotFound", StickyErrorKind.NotFound, $"'{full}' does not exist.", full, "Check the path."));
            }
            else
            {
                roots[key] = full;
            }
        }

        IEnumerable<LocalFile> files = roots.SelectMany(root => Directory.Exists(root.Value)
            ? LocalFolder.Scan(root.Value, enter: null, run.Refuse).Select(file => file with { Key = ObjectKey.Combine(root.Key, file.Key) })
            : LocalFolder.Find(root.Key, root.Value) is LocalFile file ? [file] : []);
        return await run.PushAsync(files, roots.Keys, derived: null, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="IStickyStore.ReceiveStorageItemsAsync"/>
    public async ValueTask<StickySyncSummary> ReceiveStorageItemsAsync(
        IReadOnlyList<string> prefixes, ReceiveStorageItemOptions options, CancellationToken cancellationToken = default)
    {
        SyncSides sides = new(Storage, "", Path.TrimEndingDirectorySeparator(options.Destination), SyncDirection.Pull);
        List<string> keys = [];
        foreach (string prefix in prefixes)
        {
            keys.Add(await ParsePrefixAsync(prefix, cancellationToken).ConfigureAwait(false));
        }

        SyncRun run = new(sides, new SyncRules(), options);
        return await run.PullAsync(keys.Distinct(), options.Objects, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="IStickyStore.RemoveStorageItemsAsync"/>
    public async ValueTask<IReadOnlyList<Outcome<StickyStorageItem>>> RemoveStorageItemsAsync(
        IReadOnlyList<string> keys, int parallelism = SyncOptions.DefaultParallelism, CancellationToken cancellationToken = default)
    {
        if (WhyNoFiles is StickyException refusal)
        {
            throw refusal;
        }

        Outcome<StickyStorageItem>[] outcomes = new Outcome<StickyStorageItem>[keys.Count];
        Exception?[] errors = await TryEachAsync(
            keys.Count,
            parallelism,
            async (i, stop) => outcomes[i] = new(await RemoveStorageItemAsync(keys[i], stop).ConfigureAwait(false)),
            cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < errors.Length; i++)
        {
            if (errors[i] is Exception error)
            {
                outcomes[i] = new(error as StickyException ?? NotRemoved(keys[i], keys[i], error));
            }
        }

        await TidyAsync(keys.Where((_, i) => outcomes[i].Succeeded), cancellationToken).ConfigureAwait(false);
        return outcomes;
    }

    /// <inheritdoc cref="IStickyStore.GetIncompleteUploadsAsync"/>
    public async IAsyncEnumerable<StickyIncompleteUpload> GetIncompleteUploadsAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string key = await ParseUploadPrefixAsync(prefix, cancellationToken).ConfigureAwait(false);
        await foreach (StickyIncompleteUpload upload in Storage.ListIncompleteUploadsAsync(key, cancellationToken).ConfigureAwait(false))
        {
            yield return upload;
        }
    }

    /// <inheritdoc cref="IStickyStore.AbortUploadAsync"/>
    public async ValueTask AbortUploadAsync(StickyIncompleteUpload upload, CancellationToken cancellationToken = default)
    {
        try
        {
            await Storage.AbortUploadAsync(upload, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotRemoved(upload.Key, upload, e);
        }
    }

    private static StickyException OutsideFolder(string path, string folder) => new(
        "PathOutsideFolder",
        StickyErrorKind.InvalidData,
        $"'{path}' does not lie in '{folder}', so that it has no key.",
        path,
        "Name with -RelativeTo the folder that the keys shall be relative to.");

    private static StickyException NotRemoved(string key, object target, Exception cause) => new(
        "FileNotRemoved",
        StickyErrorKind.WriteFailed,
        $"'{key}' could not be deleted: {OneLine.Quote(cause)}.",
        target,
        "Check that you may write to the store.",
        cause);

    private async ValueTask<string> ParsePrefixAsync(
        string text, Func<string, CancellationToken, ValueTask<bool>> exists, CancellationToken cancellationToken)
    {
        if (text.Contains('\\') && ObjectKey.IsListable(text) && await exists(text, cancellationToken).ConfigureAwait(false))
        {
            return text;
        }

        // Another program may have made keys with letters and their accents apart.
        string key = ObjectKey.ParseExact(text);
        string normal = ObjectKey.Normalize(key);
        bool isThere = key != normal
            && await Storage.ListAsync(key, cancellationToken).AnyAsync(item => ObjectKey.IsUnder(item.Key, key), cancellationToken).ConfigureAwait(false);
        return isThere ? key : normal;
    }

    private async ValueTask<bool> IsObjectAsync(string key, CancellationToken cancellationToken) =>
        await FindListedAsync(key, cancellationToken).ConfigureAwait(false) is not null;

    private async ValueTask<StickyStorageItem?> FindListedAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return await Storage.FindListedAsync(key, cancellationToken).ConfigureAwait(false);
        }
        catch (StickyException e) when (e.ErrorId == "InvalidKey")
        {
            // What can be no file here is no object.
            return null;
        }
    }

    private async ValueTask<StickyStorageItem> RemoveStorageItemAsync(string key, CancellationToken cancellationToken)
    {
        StickyStorageItem item = await Storage.FindListedAsync(key, cancellationToken).ConfigureAwait(false)
            ?? throw (!ObjectKey.IsListable(key) ? ObjectKey.Invalid(key) : new StickyException(
                "ObjectNotFound", StickyErrorKind.NotFound, $"The store has no object '{key}'.", key, "Get-StickyStorageItem lists what there is."));
        await Storage.DeleteAsync(item, cancellationToken).ConfigureAwait(false);
        return item;
    }

    private async ValueTask TidyAsync(IEnumerable<string> removedKeys, CancellationToken cancellationToken)
    {
        foreach (string folder in SyncCollisions.FoldersInnermostFirst(removedKeys.Where(ObjectKey.IsValid)))
        {
            await Storage.TidyAsync(folder, cancellationToken).ConfigureAwait(false);
        }
    }
}
