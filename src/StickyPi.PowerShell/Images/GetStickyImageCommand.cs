using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Images;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Images;

/// <summary>Gets exact pictures of a store; one that it does not have yields nothing.</summary>
[Cmdlet(VerbsCommon.Get, "StickyImage")]
[OutputType(typeof(StickyImage))]
public sealed class GetStickyImageCommand : ImageReferenceCmdlet
{
    private const int BatchSize = 512;

    /// <summary>Which of a picture's files its url leads to.</summary>
    [Parameter]
    [EnumName(typeof(ImageContent))]
    public ImageContent What { get; set; }

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(
        IAsyncEnumerable<ImageReference> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        await foreach (IReadOnlyList<ImageReference> batch in Batches.OfAsync(input, BatchSize, cancellationToken).ConfigureAwait(false))
        {
            foreach (StickyImage? image in await Store.GetImagesAsync(batch, What, cancellationToken).ConfigureAwait(false))
            {
                if (image is not null)
                {
                    await sink.WriteAsync(image, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }
}
