using System.Threading.Channels;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Stores;

public abstract partial class StoreBase
{
    /// <summary>Looks up exact pictures as they are now, without regard to anything that was remembered of them.</summary>
    /// <param name="references">Which.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>One element for each reference, in the same order; null where the store has no such picture.</returns>
    private protected abstract ValueTask<IReadOnlyList<StickyImage?>> FindImagesAsync(
        IReadOnlyList<ImageReference> references, CancellationToken cancellationToken);

    /// <summary>
    /// What every run of sending does alike: files that are known are told apart without reading them; the others are read, checked and
    /// compared with what the store has, several at a time; what is new is handed on.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="statistics">What is remembered of files.</param>
    /// <param name="exif">Reads their EXIF.</param>
    /// <param name="options">How to send.</param>
    /// <param name="outcomes">Where the outcomes go.</param>
    private protected abstract class ImageSending(
        StoreBase store, IFileStatisticsCache statistics, IExifReader exif, SendImageOptions options, ChannelWriter<Outcome<SendImageResult>> outcomes)
    {
        private const int TriageBatchSize = 256;

        // FAT, which SD cards have, keeps the time of a file to two seconds: within that time a change would leave it as it was.
        private static readonly TimeSpan CoarseTime = TimeSpan.FromSeconds(2);

        private readonly Channel<Candidate> _unread = Channel.CreateBounded<Candidate>(TriageBatchSize);

        /// <summary>Where the outcomes go.</summary>
        protected ChannelWriter<Outcome<SendImageResult>> Outcomes { get; } = outcomes;

        /// <summary>How to send.</summary>
        protected SendImageOptions Options { get; } = options;

        /// <summary>Runs the stages that every store has.</summary>
        /// <param name="paths">Absolute paths of files.</param>
        /// <param name="cancellationToken">Stops the work.</param>
        /// <returns>A task that ends when every file has been reported or handed on.</returns>
        protected Task PrepareAllAsync(IAsyncEnumerable<string> paths, CancellationToken cancellationToken) => ParallelWork.WhenAllAsync(
            cancellationToken,
            stop => TriageAsync(paths, stop),
            stop => ParallelWork.ForEachAsync(_unread.Reader, Options.Parallelism, stop, file => PrepareAsync(file, stop)));

        /// <summary>Puts a picture into the store that it does not have, or not so.</summary>
        /// <param name="stamp">The file as it was before it was read.</param>
        /// <param name="file">The picture.</param>
        /// <param name="status">What is going to be done.</param>
        /// <param name="cancellationToken">Stops the work.</param>
        /// <returns>A task that ends when it is done, or on its way.</returns>
        protected abstract ValueTask SendAsync(FileStamp stamp, ImageFile file, SendImageStatus status, CancellationToken cancellationToken);

        /// <summary>Refuses a picture that is to be added or replaced.</summary>
        /// <param name="metadata">The picture.</param>
        /// <exception cref="StickyException"><c>ImageFromFuture</c>.</exception>
        protected virtual void Check(ImageMetadata metadata)
        {
            if (Options.Strict)
            {
                FutureImage.Refuse(metadata, Options.Clock);
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

        // The name of a file tells which picture it is: all of a batch are looked up at once, read or not, since a server may be far away.
        private async ValueTask TriageAsync(List<FileStamp> files, CancellationToken cancellationToken)
        {
            IReadOnlyList<FileStatistics?> known = statistics.Find(files);
            ImageReference?[] references = [.. files.Select((file, i) => known[i]?.Reference ?? TryParse(file.Path))];
            IReadOnlyList<StickyImage?> stored = await store
                .FindImagesAsync([.. references.OfType<ImageReference>()], cancellationToken).ConfigureAwait(false);
            int next = 0;
            for (int i = 0; i < files.Count; i++)
            {
                StickyImage? image = references[i] is null ? null : stored[next++];
                if (image is null || known[i] is null || await DecideAsync(image, known[i]!.Md5, cancellationToken).ConfigureAwait(false) is not { } decision)
                {
                    await _unread.Writer.WriteAsync(new Candidate(files[i], image), cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    await ReportAsync(files[i].Path, image, decision, known[i]!.Md5, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        // What is wrong with a name is told when the file is read.
        private static ImageReference? TryParse(string path)
        {
            try
            {
                return ImageReference.Parse(Path.GetFileName(path));
            }
            catch (StickyException)
            {
                return null;
            }
        }

        private async ValueTask PrepareAsync(Candidate candidate, CancellationToken cancellationToken)
        {
            try
            {
                ImageFile file = await ImageFile.ReadHashedAsync(candidate.File.Path, exif, Options.Md5, cancellationToken).ConfigureAwait(false);
                string md5 = file.Metadata.Md5;
                if (candidate.Stored is StickyImage image
                    && await DecideAsync(image, md5, cancellationToken).ConfigureAwait(false) is { } decision)
                {
                    Remember([(candidate.File, new FileStatistics(file.Metadata.Reference, md5))]);
                    await ReportAsync(candidate.File.Path, image, decision, md5, cancellationToken).ConfigureAwait(false);
                    return;
                }

                Check(file.Metadata);
                SendImageStatus status = candidate.Stored is null ? SendImageStatus.Added : SendImageStatus.Replaced;
                if (Options.Confirm is not null && !await Options.Confirm(file.Metadata, status, cancellationToken).ConfigureAwait(false))
                {
                    return;
                }

                if (!Options.Simulate)
                {
                    await SendAsync(candidate.File, file, status, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (StickyException e) when (e.Kind is not (StickyErrorKind.StorageFull or StickyErrorKind.StoreUnavailable or StickyErrorKind.ComponentMissing))
            {
                await ReportAsync(e.Of(candidate.File.Path), cancellationToken).ConfigureAwait(false);
            }
        }

        /// <summary>What becomes of a picture whose device and time the store has.</summary>
        /// <param name="stored">The stored one.</param>
        /// <param name="md5">The MD5 of the other.</param>
        /// <param name="cancellationToken">Stops the look.</param>
        /// <returns>Null where there is work to do: a conflict that force resolves, or files that it restores.</returns>
        protected async ValueTask<Decision?> DecideAsync(StickyImage stored, string md5, CancellationToken cancellationToken) => (stored.Md5 == md5, Options.Force) switch
        {
            (true, true) => await IsWholeAsync(stored, cancellationToken).ConfigureAwait(false) ? Decision.Skip : null,
            (true, false) => Decision.Skip,
            (false, true) when Options.MayReplace => null,
            (false, _) => Decision.Refuse,
        };

        /// <summary>Remembers files, so that they are not read again.</summary>
        /// <param name="files">The files as they were before they were read, and what they held.</param>
        protected void Remember(List<(FileStamp File, FileStatistics Statistics)> files)
        {
            if (Options is { Simulate: false, Remember: true })
            {
                DateTime now = DateTime.UtcNow;
                statistics.Remember([
                    .. files.Where(f => f.File.LastWriteTime.Ticks % TimeSpan.TicksPerSecond != 0 || now - f.File.LastWriteTime > CoarseTime),
                ]);
            }
        }

        /// <summary>Reports an error.</summary>
        /// <param name="error">The error.</param>
        /// <param name="cancellationToken">Stops the reporting.</param>
        /// <returns>A task that ends when it is taken.</returns>
        protected ValueTask ReportAsync(StickyException error, CancellationToken cancellationToken) => Outcomes.WriteAsync(new(error), cancellationToken);

        /// <summary>Tells what was done.</summary>
        /// <param name="path">The file.</param>
        /// <param name="image">The picture as the store has it.</param>
        /// <param name="status">What was done.</param>
        /// <returns>The result.</returns>
        protected static SendImageResult Result(string path, StickyImage image, SendImageStatus status) => new()
        {
            Path = path,
            Device = image.Device,
            DateTime = image.DateTime,
            Md5 = image.Md5,
            Status = status,
            Image = image,
        };

        /// <summary>The error for another picture than the stored one.</summary>
        /// <param name="path">The file.</param>
        /// <param name="stored">The stored one.</param>
        /// <param name="md5">The MD5 of the file.</param>
        /// <returns>The error <c>ImageConflict</c>; <c>AccessDenied</c> where it was to be forced by somebody who may not.</returns>
        protected StickyException Conflict(string path, StickyImage stored, string md5)
        {
            bool isForced = Options is { Force: true, MayReplace: false };
            return new StickyException(
                isForced ? "AccessDenied" : "ImageConflict",
                isForced ? StickyErrorKind.AccessDenied : StickyErrorKind.Conflict,
                $"'{path}' (MD5 {md5}) is another picture than the one that the store has of device {stored.Device} at "
                    + $"{StickyTime.ToFileText(stored.DateTime)} (MD5 {stored.Md5}).",
                path,
                Options.MayReplace
                    ? "Compare the two pictures. -Force puts this one in the place of the stored one, whose annotations are removed with it."
                    : "Compare the two pictures. Only an administrator may put this one in the place of the stored one, whose annotations are removed with it.");
        }

        private async ValueTask<bool> IsWholeAsync(StickyImage stored, CancellationToken cancellationToken)
        {
            foreach (ImageContent content in ImageContents.Files)
            {
                string key = stored.Reference.Key(content);
                if (await store.Storage.FindAsync(key, cancellationToken).ConfigureAwait(false) is not { Size: > 0 } file
                    || (content == ImageContent.Image && await IsOtherAsync(file, stored.Md5, cancellationToken).ConfigureAwait(false)))
                {
                    return false;
                }
            }

            return true;
        }

        // A run that was killed between the files and the row of a replacement leaves the old row with the new picture. A Python server
        // gives no hash of a picture: its file is taken for the same.
        private async ValueTask<bool> IsOtherAsync(StickyStorageItem file, string md5, CancellationToken cancellationToken) =>
            await store.Storage.CompareAsync(file, md5, cancellationToken).ConfigureAwait(false) is { Equal: false, ObjectHash: not null };

        private ValueTask ReportAsync(string path, StickyImage image, Decision decision, string md5, CancellationToken cancellationToken) =>
            decision == Decision.Skip
                ? Outcomes.WriteAsync(new(Result(path, image, SendImageStatus.Skipped)), cancellationToken)
                : ReportAsync(Conflict(path, image, md5), cancellationToken);

        /// <summary>What becomes of a picture whose device and time the store has.</summary>
        protected enum Decision
        {
            /// <summary>It is the same.</summary>
            Skip,

            /// <summary>It is another one.</summary>
            Refuse,
        }

        // What the store has of it was found before the file was read.
        private sealed record Candidate(FileStamp File, StickyImage? Stored);
    }
}
