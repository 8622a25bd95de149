using System.Threading.Channels;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Core.Properties;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Stores;

public sealed partial class Store
{
    /// <inheritdoc/>
    public IAsyncEnumerable<Outcome<SendImageResult>> SendImagesAsync(
        IAsyncEnumerable<string> paths, SendImageOptions options, CancellationToken cancellationToken = default) =>
        ParallelWork.RunAsync<Outcome<SendImageResult>>(
            (outcomes, token) => new Sending(this, options, outcomes).RunAsync(paths, token), cancellationToken);

    private protected override ValueTask<IReadOnlyList<StickyImage?>> FindImagesAsync(
        IReadOnlyList<ImageReference> references, CancellationToken cancellationToken) => _catalog.FindImagesAsync(references, cancellationToken);

    /// <summary>
    /// One run of sending: what has to be sent is reduced and staged, several at a time; what is staged is published and committed in batches.
    /// </summary>
    private sealed class Sending(Store store, SendImageOptions options, ChannelWriter<Outcome<SendImageResult>> outcomes)
        : ImageSending(store, store._statistics, store._providers.Exif, options, outcomes)
    {
        private const int CommitBatchSize = 32;

        // Only the committing stage uses it. Two different files of one device and time in the same run are a conflict, force or not.
        private readonly HashSet<ImageReference> _published = [];

        private readonly Channel<StagedImage> _staged = Channel.CreateBounded<StagedImage>(CommitBatchSize);

        public async Task RunAsync(IAsyncEnumerable<string> paths, CancellationToken cancellationToken)
        {
            // First of all: a picture that such a catalog lists must not seem to be in safety here.
            if (store.WhyNoRows is StickyException error)
            {
                throw error;
            }

            try
            {
                await ParallelWork.WhenAllAsync(
                    cancellationToken,
                    async stop =>
                    {
                        await PrepareAllAsync(paths, stop).ConfigureAwait(false);
                        _staged.Writer.Complete();
                    },
                    CommitAsync).ConfigureAwait(false);
            }
            finally
            {
                List<StagedImage> left = [];
                while (_staged.Reader.TryRead(out StagedImage? image))
                {
                    left.Add(image);
                }

                await left.DisposeAllAsync().ConfigureAwait(false);
            }
        }

        protected override async ValueTask SendAsync(FileStamp stamp, ImageFile file, SendImageStatus status, CancellationToken cancellationToken)
        {
            StagedImage staged = await StageAsync(stamp, file, cancellationToken).ConfigureAwait(false);
            staged.Replaces = status == SendImageStatus.Replaced;
            try
            {
                await _staged.Writer.WriteAsync(staged, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                await staged.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }

        private async ValueTask<StagedImage> StageAsync(FileStamp stamp, ImageFile file, CancellationToken cancellationToken)
        {
            Thumbnails thumbnails;
            try
            {
                thumbnails = await DecoderQueue.OfProcess.RunAsync(
                    () => store._providers.Jpeg.CreateThumbnails(file.Bytes, file.Header, cancellationToken), cancellationToken).ConfigureAwait(false);
            }
            catch (InvalidDataException e)
            {
                throw ImageFile.InvalidImage(stamp.Path, e);
            }

            StagedImage staged = new(stamp, file.Metadata);
            try
            {
                ImageReference reference = file.Metadata.Reference;
                foreach (ImageContent content in ImageContents.Files)
                {
                    ReadOnlyMemory<byte> bytes = content switch
                    {
                        ImageContent.Thumbnail => thumbnails.Thumbnail,
                        ImageContent.ThumbnailMini => thumbnails.ThumbnailMini,
                        _ => file.Bytes,
                    };
                    staged.Files.Add(await store.Storage.StageAsync(reference.Key(content), bytes, cancellationToken).ConfigureAwait(false));
                }

                return staged;
            }
            catch (Exception e)
            {
                await staged.DisposeAsync().ConfigureAwait(false);
                if (e is IOException or UnauthorizedAccessException)
                {
                    throw DiskErrors.NotWritten(store.Storage.GetPlace(file.Metadata.Reference.Key(ImageContent.Image)), store.Location, e);
                }

                throw;
            }
        }

        private async Task CommitAsync(CancellationToken cancellationToken)
        {
            while (await _staged.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                List<StagedImage> batch = [];
                while (batch.Count < CommitBatchSize && CanJoin(batch) && _staged.Reader.TryRead(out StagedImage? image))
                {
                    batch.Add(image);
                }

                try
                {
                    await CommitAsync(batch, cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    await batch.DisposeAllAsync().ConfigureAwait(false);
                }
            }
        }

        // A picture that takes the place of another is committed alone: between its files and its row, the old row has the new files.
        private bool CanJoin(List<StagedImage> batch) =>
            batch.Count == 0 || (!batch[0].Replaces && _staged.Reader.TryPeek(out StagedImage? next) && !next.Replaces);

        private async ValueTask CommitAsync(List<StagedImage> batch, CancellationToken cancellationToken)
        {
            List<Outcome<SendImageResult>> results = [];
            List<(FileStamp, FileStatistics)> remembered = [];
            List<ImageReference> published = [];
            List<ImageReference> replaced = [];
            try
            {
                await using ICatalogTransaction rows = await store._catalog.BeginWriteAsync(store._user, cancellationToken).ConfigureAwait(false);
                foreach (StagedImage staged in batch)
                {
                    results.Add(await PublishAsync(staged, rows, published, replaced, cancellationToken).ConfigureAwait(false));
                    if (results[^1].Succeeded)
                    {
                        remembered.Add((staged.File, new FileStatistics(staged.Metadata.Reference, staged.Metadata.Md5)));
                    }
                }

                // Once old rows have new files, whoever stops the run gets the new rows all the same.
                rows.Commit(replaced.Count > 0 ? CancellationToken.None : cancellationToken);
            }
            catch (Exception)
            {
                await TryTakeBackAsync(published, replaced).ConfigureAwait(false);
                throw;
            }

            _published.UnionWith(published);
            Remember(remembered);
            foreach (Outcome<SendImageResult> result in results)
            {
                // What is in the store is reported if anybody still listens, even when another stage has failed meanwhile.
                if (!Outcomes.TryWrite(result))
                {
                    await Outcomes.WriteAsync(result, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        // The right to write is held, and the row looked at, before files appear under their names: another process that sends another
        // picture of the same device and time can't get its files under this one's row.
        private async ValueTask<Outcome<SendImageResult>> PublishAsync(
            StagedImage staged,
            ICatalogTransaction rows,
            List<ImageReference> published,
            List<ImageReference> replaced,
            CancellationToken cancellationToken)
        {
            ImageMetadata metadata = staged.Metadata;
            ImageReference reference = metadata.Reference;
            StickyImage? old = rows.FindImage(reference);
            bool isOther = old is not null && old.Md5 != metadata.Md5;
            bool isTwin = _published.Contains(reference) || published.Contains(reference);
            if (old is not null
                && (isOther && isTwin ? Decision.Refuse : await DecideAsync(old, metadata.Md5, cancellationToken).ConfigureAwait(false)) is Decision decision)
            {
                return decision == Decision.Skip
                    ? new(Result(staged.File.Path, old, SendImageStatus.Skipped))
                    : new(Conflict(staged.File.Path, old, metadata.Md5));
            }

            // Readers see the old row until the commit. It comes right after the files, so that a run which is killed can leave an old row with
            // new files for a moment only; the MD5 of the row tells of it then.
            bool isNew = old is null || isOther;
            if (isOther)
            {
                replaced.Add(reference);
                _ = rows.RemoveImage(reference);
            }

            StickyImage image = isNew ? Add(metadata, rows) : old!;
            try
            {
                if (isNew)
                {
                    published.Add(reference);
                }

                await staged.Files.PublishAllAsync(isOther ? CancellationToken.None : cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (IsOfOneFile(e))
            {
                if (isNew)
                {
                    _ = rows.RemoveImage(reference);
                }

                StickyException error = e as StickyException ?? DiskErrors.NotWritten(store.Storage.GetPlace(reference.Key(ImageContent.Image)), store.Location, e);
                return error.Kind == StickyErrorKind.StorageFull ? throw error : new(error.Of(staged.File.Path));
            }

            SendImageResult result = Result(staged.File.Path, image, old is null ? SendImageStatus.Added : SendImageStatus.Replaced);
            return new(result with { Warning = FutureImage.Describe(metadata, Options.Clock) });
        }

        private static StickyImage Add(ImageMetadata metadata, ICatalogTransaction rows)
        {
            StickyImage image = rows.AddImage(metadata);
            if (PropertyRules.OfFirmware(metadata) is { Count: > 0 } properties)
            {
                PropertyTarget target = PropertyTarget.Of(image.Reference);
                rows.SetProperties(target, PropertyRules.Write(properties, target));
            }

            return image;
        }

        // What was published has no row, or the row of the picture that it replaced, which must not list the files of another. The files do no
        // harm, and the next run writes over them; but a full disk wants its space back.
        private async ValueTask TryTakeBackAsync(List<ImageReference> published, List<ImageReference> replaced)
        {
            try
            {
                if (replaced.Count > 0)
                {
                    _ = await store.RemoveImagesAsync(replaced, CancellationToken.None).ConfigureAwait(false);
                }

                _ = await store.DeleteUnlistedFilesAsync(published, CancellationToken.None).ConfigureAwait(false);
            }
            catch (StickyException)
            {
                // The error that led here is the one that the user must see.
            }
        }

        private sealed class StagedImage(FileStamp file, ImageMetadata metadata) : IAsyncDisposable
        {
            public FileStamp File { get; } = file;

            public ImageMetadata Metadata { get; } = metadata;

            public List<IStagedObject> Files { get; } = new(3);

            public bool Replaces { get; set; }

            public ValueTask DisposeAsync() => new(Files.DisposeAllAsync());
        }
    }
}
