using System.Management.Automation;
using System.Runtime.CompilerServices;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Images;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Annotations;

/// <summary>Gets pictures, each with its annotations: a picture without any comes once, alone.</summary>
[Cmdlet(VerbsCommon.Get, "StickyAnnotatedImage")]
[OutputType(typeof(StickyAnnotatedImage))]
public sealed class GetStickyAnnotatedImageCommand : AnnotationQueryCmdlet<StickyAnnotatedImage>
{
    private const int BatchSize = 512;

    /// <summary>Which of a picture's files its url leads to.</summary>
    [Parameter]
    [EnumName(typeof(ImageContent))]
    public ImageContent What { get; set; }

    /// <summary>Whether the objects are read too, or only what the columns say.</summary>
    [Parameter]
    [EnumName(typeof(AnnotationContent))]
    public AnnotationContent AnnotationWhat { get; set; }

    /// <inheritdoc/>
    protected override AnnotationContent Content => AnnotationWhat;

    /// <inheritdoc/>
    protected override string Nothing => "The series is empty: the store has no picture";

    /// <inheritdoc/>
    protected override DateTime GetTime(StickyAnnotatedImage result) => result.DateTime;

    /// <inheritdoc/>
    protected override IAsyncEnumerable<Outcome<StickyAnnotatedImage>> ReadImagesAsync(
        IAsyncEnumerable<ImageReference> images, AnnotationQuery query, CancellationToken cancellationToken) =>
        Store.GetAnnotatedImagesAsync(FindAsync(images, cancellationToken), query, cancellationToken);

    /// <inheritdoc/>
    protected override IAsyncEnumerable<Outcome<StickyAnnotatedImage>> ReadSeriesAsync(
        ImageSeriesQuery series, AnnotationQuery query, CancellationToken cancellationToken) =>
        Store.GetAnnotatedImagesAsync(Store.GetImageSeriesAsync(series with { What = What }, cancellationToken), query, cancellationToken);

    private async IAsyncEnumerable<StickyImage> FindAsync(
        IAsyncEnumerable<ImageReference> references, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (IReadOnlyList<ImageReference> batch in Batches.OfAsync(references, BatchSize, cancellationToken).ConfigureAwait(false))
        {
            foreach (StickyImage image in (await Store.GetImagesAsync(batch, What, cancellationToken).ConfigureAwait(false)).OfType<StickyImage>())
            {
                yield return image;
            }
        }
    }
}
