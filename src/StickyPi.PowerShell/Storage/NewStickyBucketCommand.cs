using System.Management.Automation;
using StickyPi.Core.Storage;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Connections;
using StickyPi.PowerShell.Loading;

namespace StickyPi.PowerShell.Storage;

/// <summary>Makes a bucket on an S3 server, if the user has none of this name yet.</summary>
[Cmdlet(VerbsCommon.New, "StickyBucket", DefaultParameterSetName = BucketSet, SupportsShouldProcess = true)]
[OutputType(typeof(StickyBucket))]
public sealed class NewStickyBucketCommand : BucketCmdlet
{
    /// <inheritdoc/>
    [Parameter(ParameterSetName = BucketSet)]
    [Credential]
    public override PSCredential? Credential { get; set; }

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(IAsyncEnumerable<object> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        if (await sink.ShouldProcessAsync(
            Bucket, $"Make a bucket at '{Endpoint?.ToString() ?? "Amazon S3"}'", cancellationToken).ConfigureAwait(false))
        {
            using BucketOptions options = ReadOptions("", BucketOptions.DefaultUrlLifetime);
            StickyBucket bucket = await ProviderLoader.Providers.CreateBucketAsync(options, cancellationToken).ConfigureAwait(false);
            await sink.WriteAsync(bucket, cancellationToken).ConfigureAwait(false);
        }
    }
}
