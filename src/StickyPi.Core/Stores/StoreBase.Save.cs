using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Threading.Channels;
using StickyPi.Core.Images;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Stores;

public abstract partial class StoreBase
{
    private protected const int LookUpBatchSize = 256;

    /// <inheritdoc cref="IStickyStore.SaveImagesAsync"/>
    public IAsyncEnumerable<Outcome<SavedImage>> SaveImagesAsync(
        IAsyncEnumerable<ImageReference> references, SaveImageOptions options, CancellationToken cancellationToken = default) =>
        ParallelWork.RunAsync<Outcome<SavedImage>>(
            async (outcomes, token) =>
            {
                Channel<StickyImage> found = Channel.CreateBounded<StickyImage>(LookUpBatchSize);
                await ParallelWork.WhenAllAsync(
                    token,
                    stop => LookUpAsync(references, found.Writer, outcomes, stop),
                    stop => ParallelWork.ForEachAsync(
                        found.Reader, options.Parallelism, stop, image => SaveAsync(image, options, outcomes, stop))).ConfigureAwait(false);
            },
            cancellationToken);

    private async Task LookUpAsync(
        IAsyncEnumerable<ImageReference> references,
        ChannelWriter<StickyImage> found,
        ChannelWriter<Outcome<SavedImage>> outcomes,
        CancellationToken cancellationToken)
    {
        // A picture that is asked for twice is saved once: two copies at a time would get in each other's way.
        HashSet<ImageReference> seen = [];
        await foreach (IReadOnlyList<ImageReference> batch in Batches.OfAsync(references.Where(seen.Add), LookUpBatchSize, cancellationToken)
            .ConfigureAwait(false))
        {
            IReadOnlyList<StickyImage?> images = await GetImagesAsync(batch, ImageContent.Metadata, cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < batch.Count; i++)
            {
                if (images[i] is StickyImage image)
                {
                    await found.WriteAsync(image, cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    await outcomes.WriteAsync(new(ImageNotFound(batch[i])), cancellationToken).ConfigureAwait(false);
                }
            }
        }

        found.Complete();
    }

    private async ValueTask SaveAsync(
        StickyImage image, SaveImageOptions options, ChannelWriter<Outcome<SavedImage>> outcomes, CancellationToken cancellationToken)
    {
        foreach (ImageContent what in options.What)
        {
            Outcome<SavedImage>? outcome;
            try
            {
                outcome = await SaveAsync(image, what, options, cancellationToken).ConfigureAwait(false) is SavedImage saved ? new(saved) : null;
            }
            catch (StickyException e) when (e.Kind is not (StickyErrorKind.StorageFull or StickyErrorKind.StoreUnavailable))
            {
                outcome = new(e);
            }

            if (outcome is not null)
            {
                await outcomes.WriteAsync(outcome.Value, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask<SavedImage?> SaveAsync(
        StickyImage image, ImageContent what, SaveImageOptions options, CancellationToken cancellationToken)
    {
        string path = options.GetPath(image.Reference, what);
        SaveImageStatus status = SaveImageStatus.Saved;
        byte[]? content = null;
        if (File.Exists(path))
        {
            string wanted = what == ImageContent.Image ? image.Md5 : Md5(content = await ReadStoredAsync(image, what, cancellationToken).ConfigureAwait(false));
            if (await SourceFile.HashExistingAsync(path, cancellationToken).ConfigureAwait(false) == wanted)
            {
                return new SavedImage(path, image, what, SaveImageStatus.Skipped);
            }

            status = SaveImageStatus.Replaced;
        }

        if (new StoreFolders().WhyNot(path) is StickyException refusal)
        {
            throw refusal;
        }

        if (status == SaveImageStatus.Replaced && !options.Force)
        {
            throw FileExists(path);
        }

        if (options.Confirm is not null && !await options.Confirm(path, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        content ??= await ReadStoredAsync(image, what, cancellationToken).ConfigureAwait(false);
        await WriteFileAsync(path, content, options.Destination, cancellationToken).ConfigureAwait(false);
        return new SavedImage(path, image, what, status);
    }

    private static async ValueTask WriteFileAsync(
        string path, ReadOnlyMemory<byte> content, string destination, CancellationToken cancellationToken)
    {
        try
        {
            _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using StagedFile file = await StagedFile.WriteAsync(path, path, content, cancellationToken).ConfigureAwait(false);
            file.Publish();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskErrors.NotWritten(path, destination, e);
        }
    }

    private static StickyException FileExists(string path) => new(
        "FileExists",
        StickyErrorKind.Conflict,
        $"'{path}' exists already and differs from the file in the store.",
        path,
        "Use -Force to overwrite it, or choose another destination.");

    private static string Md5(byte[] content) => Convert.ToHexStringLower(MD5.HashData(content));
}
