using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.S3;
using Amazon.S3.Internal;
using Amazon.S3.Model;

namespace StickyPi.Providers.S3;

/// <summary>
/// Remembers for some seconds that a server could not be reached. Meanwhile one request at a time tries it, and all others fail at once: they
/// would only wait for the same thing.
/// </summary>
internal sealed class Outage
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(5);

    private long _endsAt;
    private int _trying;

    /// <summary>Whether it was met within the last seconds.</summary>
    public bool IsRecent => Environment.TickCount64 < Interlocked.Read(ref _endsAt);

    /// <summary>Notes that it was met now.</summary>
    public void Note() => Interlocked.Exchange(ref _endsAt, Environment.TickCount64 + (long)Remembered.TotalMilliseconds);

    /// <summary>Notes that the server has answered.</summary>
    public void End() => Interlocked.Exchange(ref _endsAt, 0);

    /// <summary>Lets one caller try, until <see cref="EndTry"/>.</summary>
    /// <returns>Whether the caller may.</returns>
    public bool BeginTry() => Interlocked.CompareExchange(ref _trying, 1, 0) == 0;

    /// <summary>Lets the next one try.</summary>
    public void EndTry() => Interlocked.Exchange(ref _trying, 0);
}

/// <summary>The SDK's client, with its retries extended to what is worth retrying here, and without hashing bodies a second time.</summary>
/// <param name="credentials">Who asks.</param>
/// <param name="config">How.</param>
/// <param name="outage">Where an outage is remembered; null where each request waits for its end.</param>
internal sealed class S3Client(AWSCredentials credentials, AmazonS3Config config, Outage? outage = null) : AmazonS3Client(credentials, config)
{
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        pipeline.ReplaceHandler<RetryHandler>(new RetryHandler(new RetryPolicy(Config, outage)));
        pipeline.AddHandlerBefore<Signer>(new UnsignedBody());
        if (outage is not null)
        {
            pipeline.AddHandlerBefore<RetryHandler>(new OutageGuard(outage));
        }
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
        public override async Task<bool> RetryForExceptionAsync(IExecutionContext executionContext, Exception exception)
        {
            bool isPassing = (exception is AmazonServiceException error && IsPassing(error))
                || await base.RetryForExceptionAsync(executionContext, exception).ConfigureAwait(false);
            if (isPassing && outage is not null
                && (outage.IsRecent || exception is StalledException || exception.InnerException is StalledException))
            {
                // Whoever never answers costs a request its whole patience once, and not once for each attempt.
                outage.Note();
                return false;
            }

            return isPassing;
        }

        // Asked before the exception is looked at: whoever gets here has been sent again because of what may pass.
        public override bool RetryLimitReached(IExecutionContext executionContext)
        {
            bool isReached = base.RetryLimitReached(executionContext);
            if (isReached)
            {
                outage?.Note();
            }

            return isReached;
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

    private sealed class OutageGuard(Outage outage) : PipelineHandler
    {
        public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
        {
            if (!outage.IsRecent)
            {
                return await base.InvokeAsync<T>(executionContext).ConfigureAwait(false);
            }

            if (!outage.BeginTry())
            {
                throw new IOException("It could not be reached a moment ago.");
            }

            try
            {
                T answer = await base.InvokeAsync<T>(executionContext).ConfigureAwait(false);
                outage.End();
                return answer;
            }
            catch (AmazonServiceException e) when (e.StatusCode != 0 && !S3Errors.IsPassing(e))
            {
                // The server is there, and has said no.
                outage.End();
                throw;
            }
            finally
            {
                outage.EndTry();
            }
        }
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
