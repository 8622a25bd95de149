using System.Threading.Channels;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Core.Stores;

namespace StickyPi.Core.Remote.Existing;

internal sealed partial class ExistingStore
{
    /// <inheritdoc/>
    public IAsyncEnumerable<Outcome<SendImageResult>> SendImagesAsync(
        IAsyncEnumerable<string> paths, SendImageOptions options, CancellationToken cancellationToken = default) =>
        ParallelWork.RunAsync<Outcome<SendImageResult>>(
            (outcomes, token) => new Sending(this, options, outcomes).RunAsync(paths, token), cancellationToken);

    /// <summary>
    /// One run of sending: each picture that the server lacks goes in a request of its own, several at a time. That server writes over the file of
    /// a picture that it has before it refuses another one, so that none is sent that is there.
    /// </summary>
    private sealed class Sending(ExistingStore store, SendImageOptions options, ChannelWriter<Outcome<SendImageResult>> outcomes)
        : ImageSending(store, store._statistics, store._providers.Exif, options, outcomes)
    {
        public Task RunAsync(IAsyncEnumerable<string> paths, CancellationToken cancellationToken) => PrepareAllAsync(paths, cancellationToken);

        protected override async ValueTask SendAsync(FileStamp stamp, ImageFile file, SendImageStatus status, CancellationToken cancellationToken)
        {
            if (status == SendImageStatus.Replaced)
            {
                throw store.NotSupported("neither replaces nor restores the files of a picture that it has; to replace it, remove it first with Remove-StickyImage, which removes its annotations too", stamp.Path);
            }

            StickyException? error = null;
            try
            {
                _ = await store._calls.ChangeAsync(
                    "_put_new_images", () => CreateForm(file), ExistingJson.Default.ExistingImage, stamp.Path, cancellationToken).ConfigureAwait(false);
            }
            catch (StickyException e) when (IsRefused(e) || IsLost(e))
            {
                error = e;
            }

            // Its answer lacks the number of the row; and where there was none, or somebody was quicker, this tells what is there now.
            ImageMetadata metadata = file.Metadata;
            StickyImage? stored = (await store.FindImagesAsync([metadata.Reference], cancellationToken).ConfigureAwait(false))[0];
            if (stored is null || (error is not null && stored.Md5 != metadata.Md5))
            {
                throw stored is not null ? Conflict(stamp.Path, stored, metadata.Md5)
                    : error ?? RemoteErrors.NotAServer(store.Uri, $"it took '{metadata.FileName}', and does not have it");
            }

            Remember([(stamp, new FileStatistics(metadata.Reference, metadata.Md5))]);
            SendImageStatus done = error is not null && IsRefused(error) ? SendImageStatus.Skipped : SendImageStatus.Added;
            SendImageResult result = Result(stamp.Path, stored, done) with { Warning = FutureImage.Describe(metadata, Options.Clock) };
            await Outcomes.WriteAsync(new(result), cancellationToken).ConfigureAwait(false);
        }

        // Named as a picture must be, whatever the file is called here: the server reads device and time from it.
        private static MultipartFormDataContent CreateForm(ImageFile file)
        {
            string name = file.Metadata.Reference.FileName;
            MultipartFormDataContent form = ExistingForm.Create();
            form.AddPart(name, name, mediaType: null, new ReadOnlyMemoryContent(file.Bytes));
            return form;
        }
    }
}
