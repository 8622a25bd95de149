using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using StickyPi.Core;
using StickyPi.Core.Storage;

namespace StickyPi.Providers.S3;

internal sealed partial class S3Storage
{
    public async IAsyncEnumerable<StickyIncompleteUpload> ListIncompleteUploadsAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string whole = prefix.Length == 0 ? _place.BasePath : ListedKey(prefix);
        IAsyncEnumerator<MultipartUpload> uploads = ListUploadsAsync(whole, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (uploads.ConfigureAwait(false))
        {
            while (await RunAsync(
                $"The incomplete uploads below '{prefix}' cannot be listed", Location, () => uploads.MoveNextAsync().AsTask(), cancellationToken).ConfigureAwait(false))
            {
                MultipartUpload upload = uploads.Current;
                string key = Relative(upload.Key);
                if (ObjectKey.IsUnder(upload.Key, whole) && key.Length > 0 && await MeasureAsync(upload, cancellationToken).ConfigureAwait(false) is long size)
                {
                    yield return new StickyIncompleteUpload { Key = key, UploadId = upload.UploadId, Started = ToUtc(upload.Initiated), Size = size };
                }
            }
        }
    }

    public async ValueTask AbortUploadAsync(StickyIncompleteUpload upload, CancellationToken cancellationToken)
    {
        AbortMultipartUploadRequest request = new() { BucketName = Bucket, Key = ListedKey(upload.Key), UploadId = upload.UploadId };
        _ = await RunAsync(
            $"The upload of '{upload.Key}' cannot be aborted",
            upload.Key,
            async () =>
            {
                try
                {
                    _ = await _client.AbortMultipartUploadAsync(request, cancellationToken).ConfigureAwait(false);
                }
                catch (AmazonS3Exception e) when (S3Errors.IsUploadGone(e) || S3Errors.IsNotFound(e))
                {
                    // It was completed or aborted meanwhile.
                }

                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<long?> MeasureAsync(MultipartUpload upload, CancellationToken cancellationToken) => await RunAsync<long?>(
        $"The parts of the upload of '{Relative(upload.Key)}' cannot be listed",
        Relative(upload.Key),
        async () =>
        {
            try
            {
                return (await ListPartsAsync(upload.Key, upload.UploadId, cancellationToken).ConfigureAwait(false)).Sum(part => part.Size ?? 0);
            }
            catch (AmazonS3Exception e) when (S3Errors.IsUploadGone(e))
            {
                return null;
            }
        },
        cancellationToken).ConfigureAwait(false);
}
