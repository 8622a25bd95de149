using System.Net.Http.Headers;
using System.Threading.Channels;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Stores;

namespace StickyPi.Core.Remote;

internal sealed partial class RemoteStore
{
    /// <inheritdoc/>
    public IAsyncEnumerable<Outcome<SendImageResult>> SendImagesAsync(
        IAsyncEnumerable<string> paths, SendImageOptions options, CancellationToken cancellationToken = default) =>
        ParallelWork.RunAsync<Outcome<SendImageResult>>(
            (outcomes, token) => new Sending(this, options with { MayReplace = User.IsAdmin }, outcomes).RunAsync(paths, token), cancellationToken);

    /// <summary>One run of sending: each picture that the server lacks goes in a request of its own, several at a time.</summary>
    private sealed class Sending(RemoteStore store, SendImageOptions options, ChannelWriter<Outcome<SendImageResult>> outcomes)
        : ImageSending(store, store._statistics, store._providers.Exif, options, outcomes)
    {
        public Task RunAsync(IAsyncEnumerable<string> paths, CancellationToken cancellationToken) => PrepareAllAsync(paths, cancellationToken);

        // Safe to repeat: the server skips a picture that it has, so that one whose answer was lost is there once. Where it was, the second
        // answer says so; what was done is what the first one would have said.
        protected override async ValueTask SendAsync(FileStamp stamp, ImageFile file, SendImageStatus status, CancellationToken cancellationToken)
        {
            ImageReference reference = file.Metadata.Reference;
            string md5 = Convert.ToBase64String(Convert.FromHexString(file.Metadata.Md5));
            int attempts = 0;
            ApiRequest request = new(HttpMethod.Put, $"v1/images/{reference.Device}/{StickyTime.ToFileText(reference.DateTime)}")
            {
                Query = new QueryParameters().AddIf("force", Options.Force).AddIf("strict", Options.Strict).Pairs,
                Target = stamp.Path,
                Content = () =>
                {
                    attempts++;
                    ReadOnlyMemoryContent content = new(file.Bytes);
                    content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
                    content.Headers.TryAddWithoutValidation("Content-MD5", md5);
                    return content;
                },
            };
            ApiSentImage sent;
            try
            {
                sent = await store._api.AskAsync(request, ApiJson.Default.ApiSentImage, cancellationToken).ConfigureAwait(false);
            }
            catch (StickyException e) when (e.ErrorId == "ImageConflict")
            {
                // Somebody was quicker. The server knows the file by another name.
                throw (await store.FindImagesAsync([reference], cancellationToken).ConfigureAwait(false))[0] is StickyImage stored
                    ? Conflict(stamp.Path, stored, file.Metadata.Md5)
                    : e;
            }
            catch (StickyException e) when (e.ErrorId == "InvalidImage")
            {
                throw ImageFile.InvalidImage(stamp.Path, new InvalidDataException("it cannot be decoded", e));
            }

            StickyImage image = sent.Image ?? throw RemoteErrors.NotAServer(store.Uri, "it does not tell which picture it took");
            Remember([(stamp, new FileStatistics(reference, file.Metadata.Md5))]);
            bool isRepeated = attempts > 1 && sent.Status == SendImageStatus.Skipped;
            SendImageResult result = Result(stamp.Path, image, isRepeated ? status : sent.Status) with { Warning = sent.Warning };
            await Outcomes.WriteAsync(new(result), cancellationToken).ConfigureAwait(false);
        }

        // By the clock of the server.
        protected override void Check(ImageMetadata metadata)
        {
        }
    }
}
