using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Images;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Annotations;

/// <summary>Gets what algorithms and people found on pictures: those of the pipeline, or those of a series.</summary>
[Cmdlet(VerbsCommon.Get, "StickyAnnotation")]
[OutputType(typeof(StickyAnnotation))]
public sealed class GetStickyAnnotationCommand : AnnotationQueryCmdlet<StickyAnnotation>
{
    /// <summary>Whether the objects are read too, or only what the columns say.</summary>
    [Parameter]
    [EnumName(typeof(AnnotationContent))]
    public AnnotationContent What { get; set; }

    /// <inheritdoc/>
    protected override AnnotationContent Content => What;

    /// <inheritdoc/>
    protected override string Nothing => "The store has no such annotation of pictures";

    /// <inheritdoc/>
    protected override DateTime GetTime(StickyAnnotation result) => result.DateTime;

    /// <inheritdoc/>
    protected override IAsyncEnumerable<Outcome<StickyAnnotation>> ReadImagesAsync(
        IAsyncEnumerable<ImageReference> images, AnnotationQuery query, CancellationToken cancellationToken) =>
        Store.GetAnnotationsAsync(images, query, cancellationToken);

    /// <inheritdoc/>
    protected override IAsyncEnumerable<Outcome<StickyAnnotation>> ReadSeriesAsync(
        ImageSeriesQuery series, AnnotationQuery query, CancellationToken cancellationToken) =>
        Store.GetAnnotationSeriesAsync(series, query, cancellationToken);
}
