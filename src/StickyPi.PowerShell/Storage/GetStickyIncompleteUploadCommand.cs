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
    [ValidateNotNull]
    public string[] Prefix { get; set; } = [""];

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(IAsyncEnumerable<string> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        KeyPrefixes prefixes = new();
        await foreach (string text in input.ConfigureAwait(false))
        {
            try
            {
                string prefix = ObjectKey.Parse(text);
                if (!prefixes.Add(prefix))
                {
                    continue;
                }

                await foreach (StickyIncompleteUpload upload in Store.GetIncompleteUploadsAsync(prefix, cancellationToken).ConfigureAwait(false))
                {
                    await sink.WriteAsync(upload, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (StickyException e) when (e.Kind == StickyErrorKind.InvalidData)
            {
                await sink.WriteErrorAsync(e, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> ReadRecord() => Prefix;
}
