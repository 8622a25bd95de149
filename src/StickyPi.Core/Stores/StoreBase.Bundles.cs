using System.Runtime.CompilerServices;
using StickyPi.Core.Bundles;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Stores;

public abstract partial class StoreBase
{
    /// <inheritdoc cref="IStickyStore.GetMlBundlesAsync"/>
    public virtual async IAsyncEnumerable<StickyMlBundle> GetMlBundlesAsync(
        IReadOnlyList<string> patterns, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (StickyMlBundle bundle in await FindBundlesAsync(MlBundleRules.Prefix, cancellationToken).ConfigureAwait(false))
        {
            if (NamePattern.Matches(bundle.Name, patterns))
            {
                yield return bundle with { Version = await ReadVersionAsync(bundle.Name, cancellationToken).ConfigureAwait(false) };
            }
        }
    }

    /// <inheritdoc cref="IStickyStore.GetMlBundleNamesAsync"/>
    public virtual async ValueTask<IReadOnlyList<string>> GetMlBundleNamesAsync(CancellationToken cancellationToken = default) =>
        [.. (await FindBundlesAsync(MlBundleRules.Prefix, cancellationToken).ConfigureAwait(false)).Select(bundle => bundle.Name)];

    /// <inheritdoc cref="IStickyStore.SyncMlBundleAsync"/>
    public async ValueTask<StickySyncSummary> SyncMlBundleAsync(
        string name, string folder, SyncMlBundleOptions options, CancellationToken cancellationToken = default)
    {
        if (options is { Direction: SyncDirection.Push, Simulate: false } && WhyNoFiles is StickyException refusal)
        {
            throw refusal;
        }

        // Another program may have made a bundle whose letters and accents are apart; no new one is.
        if (ObjectKey.Normalize(name) != name && !await ExistsAsync(name, cancellationToken).ConfigureAwait(false))
        {
            name = ObjectKey.Normalize(name);
        }

        SyncSides sides = new(Storage, MlBundleRules.GetPrefix(name), Path.TrimEndingDirectorySeparator(folder), options.Direction);
        SyncRules rules = new()
        {
            NewerWins = true,
            Seal = (MlBundleRules.VersionKey, MlBundleRules.ModelKey),
            Mirror = true,
            Delete = options.Delete,
            Enter = MlBundleRules.IsFolder,
            WhyNot = key => MlBundleRules.WhyNot(key, options.Content),
        };
        SyncRun run = new(sides, rules, options);
        if (options.Direction == SyncDirection.Pull)
        {
            return await ExistsAsync(name, cancellationToken).ConfigureAwait(false)
                ? await run.PullAsync([sides.Prefix], [], cancellationToken).ConfigureAwait(false)
                : throw BundleNotFound(name);
        }

        if (!Directory.Exists(folder))
        {
            throw new StickyException(
                "FolderNotFound",
                StickyErrorKind.NotFound,
                File.Exists(folder) ? $"'{folder}' is a file; a bundle is a folder." : $"The folder '{folder}' does not exist.",
                folder,
                "Name the folder that has the bundle's data, config and output.");
        }

        // The model is hashed while everything else is looked at: it takes as long as all of that.
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        DerivedFile? version = options.Content == MlBundleContent.Data ? null : MlBundleVersion.Find(sides.Folder, stop.Token);
        try
        {
            return await run.PushAsync(LocalFolder.Scan(sides.Folder, MlBundleRules.IsFolder, run.Refuse), [""], version, cancellationToken)
                .ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task?)version?.Text ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc cref="IStickyStore.RemoveMlBundleAsync"/>
    public virtual async ValueTask<StickyMlBundle> RemoveMlBundleAsync(string name, CancellationToken cancellationToken = default)
    {
        string prefix = MlBundleRules.GetPrefix(name);
        StickyMlBundle bundle = (await FindBundlesAsync(prefix, cancellationToken).ConfigureAwait(false)).FirstOrDefault() ?? throw BundleNotFound(name);
        string? version = await ReadVersionAsync(name, cancellationToken).ConfigureAwait(false);
        List<string> keys = [];
        await foreach (StickyStorageItem item in Storage.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
        {
            keys.Add(item.Key);
        }

        IReadOnlyList<Outcome<StickyStorageItem>> outcomes = await RemoveStorageItemsAsync(keys, cancellationToken: cancellationToken).ConfigureAwait(false);
        StickyException[] errors = [.. outcomes.Where(outcome => !outcome.Succeeded && outcome.Error.Kind != StickyErrorKind.NotFound).Select(outcome => outcome.Error!)];
        if (errors.FirstOrDefault(IsOutage) is StickyException outage)
        {
            throw outage;
        }

        return errors.Length == 0
            ? bundle with { Version = version }
            : throw new StickyException(
                "FileNotRemoved",
                StickyErrorKind.WriteFailed,
                $"{errors.Length} of the {keys.Count} files of the bundle '{name}' could not be deleted. "
                    + $"The first: {OneLine.Quote(errors[0])}.",
                name,
                errors[0].RecommendedAction,
                errors[0])
            { Service = errors[0].Service };
    }

    private protected static StickyException BundleNotFound(string name) => new(
        "BundleNotFound",
        StickyErrorKind.NotFound,
        $"The store has no ML bundle '{name}'.",
        name,
        "Get-StickyMlBundle lists the bundles of the store.");

    private protected async ValueTask<bool> ExistsAsync(string name, CancellationToken cancellationToken)
    {
        await foreach (StickyStorageItem _ in Storage.ListAsync(MlBundleRules.GetPrefix(name), cancellationToken).ConfigureAwait(false))
        {
            return true;
        }

        return false;
    }

    private async ValueTask<IReadOnlyList<StickyMlBundle>> FindBundlesAsync(string prefix, CancellationToken cancellationToken)
    {
        SortedDictionary<string, StickyMlBundle> bundles = new(StringComparer.Ordinal);
        await foreach (StickyStorageItem item in Storage.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
        {
            string[] parts = item.Key.Split('/', 3);
            if (parts.Length < 3 || !ObjectKey.IsValid(parts[1]))
            {
                continue;
            }

            StickyMlBundle bundle = bundles.GetValueOrDefault(parts[1])
                ?? new StickyMlBundle { Name = parts[1], FileCount = 0, Size = 0, LastModified = DateTime.MinValue };
            bool counts = MlBundleRules.WhyNot(parts[2], MlBundleContent.All) is null;
            bundles[parts[1]] = bundle with
            {
                FileCount = bundle.FileCount + (counts ? 1 : 0),
                Size = bundle.Size + (counts ? item.Size : 0),
                LastModified = item.LastModified > bundle.LastModified ? item.LastModified : bundle.LastModified,
            };
        }

        return [.. bundles.Values];
    }

    private async ValueTask<string?> ReadVersionAsync(string name, CancellationToken cancellationToken)
    {
        using Stream? file = await Storage.OpenReadAsync($"{MlBundleRules.Prefix}/{name}/{MlBundleRules.VersionKey}", cancellationToken).ConfigureAwait(false);
        return file is null ? null : await MlBundleVersion.ReadAsync(file, cancellationToken).ConfigureAwait(false);
    }
}
