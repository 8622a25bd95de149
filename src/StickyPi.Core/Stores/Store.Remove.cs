using System.Collections.Concurrent;
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
                outcomes[i] = new Outcome<StickyImage>(new StickyException(
                    "FileNotRemoved",
                    StickyErrorKind.WriteFailed,
                    $"The picture {references[i]} is no longer listed, but a file of it could not be deleted: {cause.Message}",
                    references[i],
                    $"Delete '{Storage.GetPlace(references[i].Key(ImageContent.Image))}' and its thumbnails by hand.",
                    cause));
            }
        }

        return outcomes;
    }

    /// <summary>
    /// Deletes the files of pictures that have no row. The right to write is held meanwhile, so that nobody adds such a picture
    /// between the look at its row and the end of its files.
    /// </summary>
    private async ValueTask<IReadOnlyDictionary<ImageReference, Exception>> DeleteUnlistedFilesAsync(
        IReadOnlyCollection<ImageReference> references, CancellationToken cancellationToken)
    {
        ConcurrentDictionary<ImageReference, Exception> failures = [];
        if (references.Count == 0)
        {
            return failures;
        }

        await using ICatalogTransaction rows = await _catalog.BeginWriteAsync(_user, cancellationToken).ConfigureAwait(false);
        ImageReference[] unlisted = [.. references.Where(reference => reference.IsValid && rows.FindImage(reference) is null)];

        // At the same time, since others wait for the right to write, and a bucket may be far away.
        await Parallel.ForEachAsync(
            unlisted.SelectMany(reference => ImageContents.Files.Select(content => (Reference: reference, Key: reference.Key(content)))),
            new ParallelOptions { MaxDegreeOfParallelism = SyncOptions.DefaultParallelism, CancellationToken = cancellationToken },
            async (file, stop) =>
            {
                try
                {
                    await Storage.DeleteAsync(file.Key, stop).ConfigureAwait(false);
                }
                catch (Exception e) when (IsOfOneFile(e))
                {
                    failures[file.Reference] = e;
                }
            }).ConfigureAwait(false);
        return failures;
    }

    // A server that has gone is none of the file's errors: it would be waited for again with every other one.
    private static bool IsOfOneFile(Exception error) =>
        error is IOException or UnauthorizedAccessException or StickyException { Kind: not StickyErrorKind.StoreUnavailable };
}
