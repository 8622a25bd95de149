using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Storage;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Storage;

/// <summary>Gives up uploads that were begun and not ended, and frees what they take.</summary>
[Cmdlet(VerbsCommon.Remove, "StickyIncompleteUpload", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveStickyIncompleteUploadCommand : StoreCmdlet<StickyIncompleteUpload>
{
    /// <summary>What <c>Get-StickyIncompleteUpload</c> listed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    [OwnObject("Pipe what Get-StickyIncompleteUpload returns.")]
    public StickyIncompleteUpload[] InputObject { get; set; } = [];

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(
        IAsyncEnumerable<StickyIncompleteUpload> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        await foreach (StickyIncompleteUpload upload in input.ConfigureAwait(false))
        {
            if (!await sink.ShouldProcessAsync(
                upload.Key, $"Give up the upload of {ByteSize.Format(upload.Size)} to store '{Store.Location}'", cancellationToken).ConfigureAwait(false))
            {
                continue;
            }

            try
            {
                await Store.AbortUploadAsync(upload, cancellationToken).ConfigureAwait(false);
            }
            catch (StickyException e)
            {
                await sink.WriteErrorAsync(e, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<StickyIncompleteUpload> ReadRecord() => InputObject;
}
