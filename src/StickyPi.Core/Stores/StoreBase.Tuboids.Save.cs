using System.Runtime.CompilerServices;
using StickyPi.Core.Storage;
using StickyPi.Core.Tuboids;

namespace StickyPi.Core.Stores;

public abstract partial class StoreBase
{
    /// <inheritdoc cref="IStickyStore.SaveTuboidsAsync"/>
    public async IAsyncEnumerable<Outcome<StickyTuboid>> SaveTuboidsAsync(
        IAsyncEnumerable<StickyTuboid> tuboids, SaveTuboidOptions options, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // A tuboid comes once for each of its labels, one after the other, and is saved once.
        string? last = null;
        Outcome<StickyTuboid>? outcome = null;
        await foreach (StickyTuboid tuboid in tuboids.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (tuboid.TuboidId != last)
            {
                last = tuboid.TuboidId;
                outcome = await TrySaveAsync(tuboid, options, cancellationToken).ConfigureAwait(false);
                if (outcome is { Succeeded: false })
                {
                    yield return outcome.Value;
                }
            }

            if (outcome is { Succeeded: true, Value: StickyTuboid saved })
            {
                yield return new(saved with { ItcLabel = tuboid.ItcLabel });
            }
        }
    }

    // Null where it was not confirmed.
    private async ValueTask<Outcome<StickyTuboid>?> TrySaveAsync(
        StickyTuboid tuboid, SaveTuboidOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await SaveAsync(tuboid, options, cancellationToken).ConfigureAwait(false) is StickyTuboid saved ? new(saved) : null;
        }
        catch (StickyException e) when (e.Kind is not (StickyErrorKind.StorageFull or StickyErrorKind.StoreUnavailable))
        {
            return new(e);
        }
    }

    private async ValueTask<StickyTuboid?> SaveAsync(StickyTuboid tuboid, SaveTuboidOptions options, CancellationToken cancellationToken)
    {
        TuboidId id = TuboidId.Parse(tuboid.TuboidId);
        string folder = options.GetFolder(id);

        // All three are read and compared before the first is written: a folder is not left with the files of two tuboids.
        List<(string Path, byte[] Content)> files = [];
        foreach (TuboidFile file in TuboidFiles.All)
        {
            string path = Path.Combine(folder, file.FileName());
            byte[] content = await ReadStoredAsync(id.Key(file), Damaged(file), cancellationToken).ConfigureAwait(false);
            if (!File.Exists(path))
            {
                files.Add((path, content));
            }
            else if (await SourceFile.HashExistingAsync(path, cancellationToken).ConfigureAwait(false) != Md5(content))
            {
                files.Add(options.Force ? (path, content) : throw FileExists(path));
            }
        }

        if (files.Count > 0 && new StoreFolders().WhyNot(files[0].Path) is StickyException refusal)
        {
            throw refusal;
        }

        if (files.Count > 0 && options.Confirm is not null && !await options.Confirm(folder, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        foreach ((string path, byte[] content) in files)
        {
            await WriteFileAsync(path, content, options.Destination, cancellationToken).ConfigureAwait(false);
        }

        return tuboid.WithUrls(file => Path.Combine(folder, file.FileName()));

        Func<string, string, Exception?, StickyException> Damaged(TuboidFile file) => (errorId, what, cause) => new StickyException(
            errorId,
            StickyErrorKind.ReadFailed,
            $"The file '{Storage.GetPlace(id.Key(file))}' of a tuboid {what}.",
            tuboid,
            WhyNoRows?.RecommendedAction ?? "Send the folder of the tuboid again with Send-StickyTuboid, which puts missing files back.",
            cause);
    }
}
