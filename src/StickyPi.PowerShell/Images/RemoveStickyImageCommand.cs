using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Images;
using StickyPi.Core.Stores;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Images;

/// <summary>Removes pictures from a store: their rows, their annotations, and their files.</summary>
[Cmdlet(VerbsCommon.Remove, "StickyImage", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveStickyImageCommand : ImageReferenceCmdlet
{
    private const int BatchSize = 64;

    // An annotation has the device and the time of its picture too. A user who pipes one means the annotation.
    private protected override IReadOnlyList<Type> OwnInput =>
        [typeof(StickyImage), typeof(StickyAnnotatedImage), typeof(ImageReference), typeof(SendImageResult)];

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(
        IAsyncEnumerable<ImageReference> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        await foreach (IReadOnlyList<ImageReference> batch in Batches.OfAsync(input, BatchSize, cancellationToken).ConfigureAwait(false))
        {
            List<ImageReference> confirmed = new(batch.Count);
            foreach (ImageReference reference in batch)
            {
                if (await sink.ShouldProcessAsync(reference.ToString(), $"Remove from store '{Store.Location}'", cancellationToken).ConfigureAwait(false))
                {
                    confirmed.Add(reference);
                }
            }

            if (confirmed.Count == 0)
            {
                continue;
            }

            IReadOnlyList<Outcome<StickyImage>> outcomes = await Store.RemoveImagesAsync(confirmed, cancellationToken).ConfigureAwait(false);
            await sink.WriteErrorsAsync(outcomes, cancellationToken).ConfigureAwait(false);
        }
    }
}
