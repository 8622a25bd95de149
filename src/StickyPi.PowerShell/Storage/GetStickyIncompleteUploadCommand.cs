using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Storage;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Storage;

/// <summary>Lists uploads that were begun and not ended: what killed programs left behind, and what is on its way now.</summary>
[Cmdlet(VerbsCommon.Get, "StickyIncompleteUpload")]
[OutputType(typeof(StickyIncompleteUpload))]
public sealed class GetStickyIncompleteUploadCommand : StoreCmdlet<string>
{
    /// <summary>Keys, each for an object or for everything below it. All uploads by default.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Key")]
    [AllowEmptyString]
    [Given(EmptyCounts = true)]
    [Id("Key", nameof(Prefix))]
    public string[] Prefix { get; set; } = [""];

    /// <inheritdoc/>
    protected internal override Task ProcessAsync(IAsyncEnumerable<string> input, IPipelineSink sink, CancellationToken cancellationToken) =>
        KeyPrefixes.ForEachAsync(
            input, Store.ParseUploadPrefixAsync, prefix => ListAsync(prefix, sink, cancellationToken), sink, cancellationToken);

    /// <inheritdoc/>
    protected override IEnumerable<string> ReadRecord() => Prefix;

    private async ValueTask ListAsync(string prefix, IPipelineSink sink, CancellationToken cancellationToken)
    {
        await foreach (StickyIncompleteUpload upload in Store.GetIncompleteUploadsAsync(prefix, cancellationToken).ConfigureAwait(false))
        {
            await sink.WriteAsync(upload, cancellationToken).ConfigureAwait(false);
        }
    }
}
