using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.S3;
using Amazon.S3.Internal;
using Amazon.S3.Model;

namespace StickyPi.Providers.S3;

/// <summary>When all attempts of a request to reach a server failed: further requests need not wait for the same thing.</summary>
internal sealed class Outage
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(5);

    private long _endsAt;

    /// <summary>Whether that was a few seconds ago.</summary>
    public bool IsRecent => Environment.TickCount64 < Interlocked.Read(ref _endsAt);

    /// <summary>Notes that it happened now.</summary>
    public void Note() => Interlocked.Exchange(ref _endsAt, Environment.TickCount64 + (long)Remembered.TotalMilliseconds);
}

/// <summary>The SDK's client, with its retries extended to what is worth retrying here, and without hashing bodies a second time.</summary>
/// <param name="credentials">Who asks.</param>
/// <param name="config">How.</param>
/// <param name="outage">Where an outage is remembered, during which requests are tried once; null where all are tried as often.</param>
internal sealed class S3Client(AWSCredentials credentials, AmazonS3Config config, Outage? outage = null) : AmazonS3Client(credentials, config)
{
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        pipeline.ReplaceHandler<RetryHandler>(new RetryHandler(new RetryPolicy(Config, outage)));
        pipeline.AddHandlerBefore<Signer>(new UnsignedBody());
    }

    /// <summary>How long to wait before a request is sent again.</summary>
    /// <param name="retry">Which time it is sent again; the first is 1.</param>
    /// <param name="chance">A random number from 0 to 1.</param>
    /// <returns>
    /// Between the half and the whole of one second, two, four, and then always eight. A longer wait would go on after the server is back,
    /// and without the half that is certain, the waits of a run could add up to almost nothing.
    /// </returns>
    internal static TimeSpan WaitBefore(int retry, double chance) =>
        TimeSpan.FromSeconds(retry > 3 ? 8 : 1 << (retry - 1)) * ((1 + chance) / 2);

    private sealed class RetryPolicy(IClientConfig config, Outage? outage) : AmazonS3StandardRetryPolicy(config)
    {
        public override Task<bool> RetryForExceptionAsync(IExecutionContext executionContext, Exception exception) =>
            outage?.IsRecent == true ? Task.FromResult(false)
            : exception is AmazonServiceException error && IsPassing(error) ? Task.FromResult(true)
            : base.RetryForExceptionAsync(executionContext, exception);

        public override bool RetryLimitReached(IExecutionContext executionContext)
        {
            bool reached = base.RetryLimitReached(executionContext);
            if (reached)
            {
                outage?.Note();
            }

            return reached;
        }

        // The SDK starts at 50 ms. With the few retries of opening a bucket, that is too short for a server that restarts.
        public override Task WaitBeforeRetryAsync(IExecutionContext executionContext)
        {
            IRequestContext request = executionContext.RequestContext;
            return Task.Delay(WaitBefore(request.Retries, Random.Shared.NextDouble()), request.CancellationToken);
        }

        // Bytes that arrive damaged or in part are refused like a mistake of ours. The second attempt sends good ones.
        private static bool IsPassing(AmazonServiceException error) =>
            error.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout
            || error.ErrorCode is "BadDigest" or "IncompleteBody" or "XAmzContentSHA256Mismatch";
    }

    // The signature covers Content-MD5, and with it the body. The SDK hashes a body again with SHA-256 before it sends it over HTTP, and the
    // server once more; over HTTPS it can be told not to, over HTTP only like this.
    private sealed class UnsignedBody : PipelineHandler
    {
        public override Task<T> InvokeAsync<T>(IExecutionContext executionContext)
        {
            if (executionContext.RequestContext.OriginalRequest is PutObjectRequest or UploadPartRequest)
            {
                executionContext.RequestContext.Request.PrecomputedContentSha256 = AWS4Signer.UnsignedPayload;
            }

            return base.InvokeAsync<T>(executionContext);
        }
    }
}
