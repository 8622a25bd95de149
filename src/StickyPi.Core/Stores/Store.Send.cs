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

    /// <summary>
    /// One run of sending, in three stages: files that are known are told apart without reading them; the others are read, checked,
    /// reduced and staged, several at a time; what is staged is published and committed in batches.
    /// </summary>
    private sealed class Sending(Store store, SendImageOptions options, ChannelWriter<Outcome<SendImageResult>> outcomes)
    {
        private const int TriageBatchSize = 256;
        private const int CommitBatchSize = 32;

        // FAT, which SD cards have, keeps the time of a file to two seconds: within that time a change would leave it as it was.
        private static readonly TimeSpan CoarseTime = TimeSpan.FromSeconds(2);

        // Only the committing stage uses it. Two different files of one device and time in the same run are a conflict, force or not.
        private readonly HashSet<ImageReference> _published = [];

        private readonly Channel<FileStamp> _unread = Channel.CreateBounded<FileStamp>(TriageBatchSize);
        private readonly Channel<StagedImage> _staged = Channel.CreateBounded<StagedImage>(CommitBatchSize);

        public async Task RunAsync(IAsyncEnumerable<string> paths, CancellationToken cancellationToken)
        {
            try
            {
                await ParallelWork.WhenAllAsync(
                    cancellationToken,
                    stop => TriageAsync(paths, stop),
                    async stop =>
                    {
                        await ParallelWork.ForEachAsync(_unread.Reader, options.Parallelism, stop, file => PrepareAsync(file, stop))
                            .ConfigureAwait(false);
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

        private async Task TriageAsync(IAsyncEnumerable<string> paths, CancellationToken cancellationToken)
        {
            await foreach (IReadOnlyList<string> batch in Batches.OfAsync(paths, TriageBatchSize, cancellationToken).ConfigureAwait(false))
            {
                List<FileStamp> files = new(batch.Count);
                foreach (string path in batch)
                {
                    FileInfo file = new(path);
                    if (file.Exists)
                    {
                        files.Add(new FileStamp(path, file.Length, file.LastWriteTimeUtc));
                    }
                    else
                    {
                        await ReportAsync(ImageFile.FileNotFound(path), cancellationToken).ConfigureAwait(false);
                    }
                }

                await TriageAsync(files, cancellationToken).ConfigureAwait(false);
            }

            _unread.Writer.Complete();
        }

        private async ValueTask TriageAsync(List<FileStamp> files, CancellationToken cancellationToken)
        {
            IReadOnlyList<FileStatistics?> statistics = store._statistics.Find(files);
            ImageReference[] known = [.. statistics.OfType<FileStatistics>().Select(s => s.Reference)];
            IReadOnlyList<StickyImage?> stored = await store._catalog.FindImagesAsync(known, cancellationToken).ConfigureAwait(false);
            int next = 0;
            for (int i = 0; i < files.Count; i++)
            {
                StickyImage? image = statistics[i] is null ? null : stored[next++];
                if (image is null || await DecideAsync(image, statistics[i]!.Md5, cancellationToken).ConfigureAwait(false) is not { } decision)
                {
                    await _unread.Writer.WriteAsync(files[i], cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    await ReportAsync(files[i].Path, image, decision, statistics[i]!.Md5, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        private async ValueTask PrepareAsync(FileStamp stamp, CancellationToken cancellationToken)
        {
            try
            {
                ImageFile file = await ImageFile.ReadAsync(stamp.Path, store._providers.Exif, cancellationToken).ConfigureAwait(false);
                FileStatistics statistics = new(file.Metadata.Reference, file.Metadata.Md5);
                IReadOnlyList<StickyImage?> stored = await store._catalog.FindImagesAsync([statistics.Reference], cancellationToken).ConfigureAwait(false);
                if (stored[0] is StickyImage image
                    && await DecideAsync(image, statistics.Md5, cancellationToken).ConfigureAwait(false) is { } decision)
                {
                    Remember([(stamp, statistics)]);
                    await ReportAsync(stamp.Path, image, decision, statistics.Md5, cancellationToken).ConfigureAwait(false);
                    return;
                }

                SendImageStatus status = stored[0] is null ? SendImageStatus.Added : SendImageStatus.Replaced;
                if (options.Confirm is not null && !await options.Confirm(file.Metadata, status, cancellationToken).ConfigureAwait(false))
                {
                    return;
                }

                if (!options.Simulate)
                {
                    StagedImage staged = await StageAsync(stamp, file, cancellationToken).ConfigureAwait(false);
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
            }
            catch (StickyException e) when (e.Kind is not (StickyErrorKind.StorageFull or StickyErrorKind.StoreUnavailable or StickyErrorKind.ComponentMissing))
            {
                await ReportAsync(e, cancellationToken).ConfigureAwait(false);
            }
        }

        private async ValueTask<StagedImage> StageAsync(FileStamp stamp, ImageFile file, CancellationToken cancellationToken)
        {
            Thumbnails thumbnails;
            try
            {
                thumbnails = store._providers.Jpeg.CreateThumbnails(file.Bytes, file.Header);
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
                while (batch.Count < CommitBatchSize && _staged.Reader.TryRead(out StagedImage? image))
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

        private async ValueTask CommitAsync(List<StagedImage> batch, CancellationToken cancellationToken)
        {
            // Once the old rows are gone, whoever stops the run gets the new ones all the same.
            bool replacing = options.Force && await RemoveReplacedAsync(batch, cancellationToken).ConfigureAwait(false);
            CancellationToken untilCommitted = replacing ? CancellationToken.None : cancellationToken;

            List<Outcome<SendImageResult>> results = [];
            List<(FileStamp, FileStatistics)> remembered = [];
            List<ImageReference> published = [];
            try
            {
                await using ICatalogTransaction rows = await store._catalog.BeginWriteAsync(store._user, untilCommitted).ConfigureAwait(false);
                foreach (StagedImage staged in batch)
                {
                    results.Add(await PublishAsync(staged, rows, published, untilCommitted).ConfigureAwait(false));
                    if (results[^1].Succeeded)
                    {
                        remembered.Add((staged.File, new FileStatistics(staged.Metadata.Reference, staged.Metadata.Md5)));
                    }
                }

                rows.Commit(untilCommitted);
            }
            catch (Exception)
            {
                // What was published has no row now. It does no harm, and the next run writes over it; but a full disk wants its space back.
                await TryDeleteUnlistedFilesAsync(published).ConfigureAwait(false);
                throw;
            }

            _published.UnionWith(published);
            Remember(remembered);
            foreach (Outcome<SendImageResult> result in results)
            {
                // What is in the store is reported if anybody still listens, even when another stage has failed meanwhile.
                if (!outcomes.TryWrite(result))
                {
                    await outcomes.WriteAsync(result, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        // In a transaction of its own, before any file changes: a run that is killed in between leaves the picture unlisted, never
        // listed with the files of another.
        private async ValueTask<bool> RemoveReplacedAsync(List<StagedImage> batch, CancellationToken cancellationToken)
        {
            await using ICatalogTransaction rows = await store._catalog.BeginWriteAsync(store._user, cancellationToken).ConfigureAwait(false);
            foreach (StagedImage staged in batch)
            {
                ImageReference reference = staged.Metadata.Reference;
                if (!_published.Contains(reference) && rows.FindImage(reference) is StickyImage old && old.Md5 != staged.Metadata.Md5)
                {
                    staged.Replaces = rows.RemoveImage(reference);
                }
            }

            rows.Commit(cancellationToken);
            return batch.Exists(staged => staged.Replaces);
        }

        // The right to write is held, and the row looked at, before files appear under their names: another process that sends another
        // picture of the same device and time can't get its files under this one's row.
        private async ValueTask<Outcome<SendImageResult>> PublishAsync(
            StagedImage staged, ICatalogTransaction rows, List<ImageReference> published, CancellationToken cancellationToken)
        {
            ImageMetadata metadata = staged.Metadata;
            StickyImage? image = rows.FindImage(metadata.Reference);
            if (image is not null && image.Md5 != metadata.Md5)
            {
                return new(Conflict(staged.File.Path, image, metadata.Md5));
            }

            if (image is not null && await DecideAsync(image, metadata.Md5, cancellationToken).ConfigureAwait(false) == Decision.Skip)
            {
                return new(Result(staged.File.Path, image, SendImageStatus.Skipped));
            }

            try
            {
                if (image is null)
                {
                    published.Add(metadata.Reference);
                }

                await staged.Files.PublishAllAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (IsOfOneFile(e))
            {
                StickyException error = e as StickyException ?? DiskErrors.NotWritten(store.Storage.GetPlace(metadata.Reference.Key(ImageContent.Image)), store.Location, e);
                return error.Kind == StickyErrorKind.StorageFull ? throw error : new(error);
            }

            bool replaced = staged.Replaces || image is not null;
            image ??= Add(metadata, rows);
            return new(Result(staged.File.Path, image, replaced ? SendImageStatus.Replaced : SendImageStatus.Added));
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

        // Null where there is work to do: a conflict that force resolves, or files that it restores.
        private async ValueTask<Decision?> DecideAsync(StickyImage stored, string md5, CancellationToken cancellationToken) => (stored.Md5 == md5, options.Force) switch
        {
            (true, true) => await IsWholeAsync(stored.Reference, cancellationToken).ConfigureAwait(false) ? Decision.Skip : null,
            (true, false) => Decision.Skip,
            (false, true) => null,
            (false, false) => Decision.Refuse,
        };

        private async ValueTask<bool> IsWholeAsync(ImageReference reference, CancellationToken cancellationToken)
        {
            foreach (ImageContent content in ImageContents.Files)
            {
                if (!await store.Storage.ExistsAsync(reference.Key(content), cancellationToken).ConfigureAwait(false))
                {
                    return false;
                }
            }

            return true;
        }

        private void Remember(List<(FileStamp File, FileStatistics Statistics)> files)
        {
            if (!options.Simulate)
            {
                DateTime now = DateTime.UtcNow;
                store._statistics.Remember([
                    .. files.Where(f => f.File.LastWriteTime.Ticks % TimeSpan.TicksPerSecond != 0 || now - f.File.LastWriteTime > CoarseTime),
                ]);
            }
        }

        private async ValueTask TryDeleteUnlistedFilesAsync(List<ImageReference> published)
        {
            try
            {
                _ = await store.DeleteUnlistedFilesAsync(published, CancellationToken.None).ConfigureAwait(false);
            }
            catch (StickyException)
            {
                // The error that led here is the one that the user must see.
            }
        }

        private ValueTask ReportAsync(string path, StickyImage image, Decision decision, string md5, CancellationToken cancellationToken) =>
            decision == Decision.Skip
                ? outcomes.WriteAsync(new(Result(path, image, SendImageStatus.Skipped)), cancellationToken)
                : ReportAsync(Conflict(path, image, md5), cancellationToken);

        private ValueTask ReportAsync(StickyException error, CancellationToken cancellationToken) =>
            outcomes.WriteAsync(new(error), cancellationToken);

        private static SendImageResult Result(string path, StickyImage image, SendImageStatus status) => new()
        {
            Path = path,
            Device = image.Device,
            DateTime = image.DateTime,
            Md5 = image.Md5,
            Status = status,
            Image = image,
        };

        private static StickyException Conflict(string path, StickyImage stored, string md5) => new(
            "ImageConflict",
            StickyErrorKind.Conflict,
            $"'{path}' (MD5 {md5}) is another picture than the one that the store has of device {stored.Device} at "
                + $"{StickyTime.ToFileText(stored.DateTime)} (MD5 {stored.Md5}).",
            path,
            "Compare the two pictures. -Force puts this one in the place of the stored one, whose annotations are removed with it.");

        private enum Decision
        {
            Skip,
            Refuse,
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
