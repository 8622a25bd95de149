using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Stores;

public sealed partial class Store
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Outcome<StickyImage>>> RemoveImagesAsync(
        IReadOnlyList<ImageReference> references, CancellationToken cancellationToken = default)
    {
        Outcome<StickyImage>[] outcomes = new Outcome<StickyImage>[references.Count];
        await using (ICatalogTransaction rows = await _catalog.BeginWriteAsync(_user, cancellationToken).ConfigureAwait(false))
        {
            for (int i = 0; i < references.Count; i++)
            {
                outcomes[i] = rows.FindImage(references[i]) is StickyImage image && rows.RemoveImage(references[i])
                    ? new Outcome<StickyImage>(image)
                    : new Outcome<StickyImage>(ImageNotFound(references[i]));
            }

            rows.Commit(cancellationToken);
        }

        // The rows are gone, so the files go too, whatever the caller would rather do now. Those that were not listed may be what a
        // killed run left of its rows.
        IReadOnlyDictionary<ImageReference, Exception> failures = await DeleteUnlistedFilesAsync(references, CancellationToken.None)
            .ConfigureAwait(false);
        for (int i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i].Succeeded && failures.TryGetValue(references[i], out Exception? cause))
            {
                outcomes[i] = new Outcome<StickyImage>(FilesNotRemoved(
                    $"The picture {references[i]} is no longer listed, but a file of it could not be deleted",
                    references[i],
                    IsOutage(cause)
                        ? "When the store can be reached again, remove the picture once more: its files go, though it is not listed any more."
                        : $"Delete '{Storage.GetPlace(references[i].Key(ImageContent.Image))}' and its thumbnails by hand.",
                    cause));
            }
        }

        return outcomes;
    }

    private static StickyException FilesNotRemoved(string what, object target, string recommendedAction, Exception cause) => new(
        "FileNotRemoved",
        IsOutage(cause) ? StickyErrorKind.StoreUnavailable : StickyErrorKind.WriteFailed,
        $"{what}: {OneLine.Quote(cause)}.",
        target,
        recommendedAction,
        cause)
    {
        Service = (cause as StickyException)?.Service,
    };

    /// <summary>
    /// Deletes the files of pictures that have no row. The right to write is held meanwhile, so that nobody adds such a picture
    /// between the look at its row and the end of its files.
    /// </summary>
    private async ValueTask<IReadOnlyDictionary<ImageReference, Exception>> DeleteUnlistedFilesAsync(
        IReadOnlyCollection<ImageReference> references, CancellationToken cancellationToken)
    {
        Dictionary<ImageReference, Exception> failures = [];
        if (references.Count == 0)
        {
            return failures;
        }

        await using ICatalogTransaction rows = await _catalog.BeginWriteAsync(_user, cancellationToken).ConfigureAwait(false);
        await DeleteFilesAsync(
            [
                .. references.Where(reference => reference.IsValid && rows.FindImage(reference) is null)
                    .SelectMany(reference => ImageContents.Files.Select(content => (reference, reference.Key(content)))),
            ],
            failures,
            cancellationToken).ConfigureAwait(false);
        return failures;
    }

    // At the same time, since others wait for the right to write, and a bucket may be far away.
    private async ValueTask DeleteFilesAsync<T>(
        IReadOnlyList<(T Owner, string Key)> files, Dictionary<T, Exception> failures, CancellationToken cancellationToken)
        where T : notnull
    {
        Exception?[] errors = await TryEachAsync(
            files.Count, SyncOptions.DefaultParallelism, (i, stop) => Storage.DeleteAsync(files[i].Key, stop), cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < errors.Length; i++)
        {
            if (errors[i] is Exception error)
            {
                _ = failures.TryAdd(files[i].Owner, error);
            }
        }
    }

    private static bool IsOfOneFile(Exception error) => error is IOException or UnauthorizedAccessException or StickyException && !IsOutage(error);
}
