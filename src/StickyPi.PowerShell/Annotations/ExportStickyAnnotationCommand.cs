using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Annotations.Exchange;
using StickyPi.Core.Stores;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Loading;

namespace StickyPi.PowerShell.Annotations;

/// <summary>Writes annotations for other programs, and returns the files: as drawings that hold the pictures (SVG), or as one COCO file.</summary>
[Cmdlet(VerbsData.Export, "StickyAnnotation", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(FileInfo))]
public sealed class ExportStickyAnnotationCommand : StoreCmdlet<Annotation>
{
    /// <summary>The folder of the drawings, <c>&lt;device&gt;.&lt;time&gt;.svg</c>, or the COCO file.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [FilePath]
    public string Destination { get; set; } = "";

    /// <summary>
    /// Annotations with their objects: what <c>Get-StickyAnnotation -What Data</c> or <c>Import-StickyAnnotation</c> return. Pictures that
    /// <c>Get-StickyAnnotatedImage -AnnotationWhat Data</c> returns are taken by their annotation; those without any are passed over.
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("InputObject")]
    [AllowNull]
    public Annotation?[]? Annotation { get; set; }

    /// <summary>The format. Without it, a destination that ends in <c>.json</c> is a COCO file, and any other a folder of drawings.</summary>
    [Parameter]
    [EnumName(typeof(AnnotationFormat))]
    public AnnotationFormat? Format { get; set; }

    /// <summary>Whether different files of the same names are overwritten.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        Destination = FilePaths.ResolveFolder(this, Destination);
    }

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(IAsyncEnumerable<Annotation> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        WorkMeter meter = new(sink, "Exporting annotations");
        bool isCoco = Path.GetExtension(Destination).Equals(AnnotationCoco.Extension, StringComparison.OrdinalIgnoreCase);
        ExportAnnotationOptions options = new()
        {
            Destination = Destination,
            Format = Format ?? (isCoco ? AnnotationFormat.Coco : AnnotationFormat.Svg),
            Force = Force,
            Confirm = (path, token) => sink.ShouldProcessAsync(path, "Export annotations", token),
        };
        await foreach (Outcome<ExportedFile> outcome in AnnotationExport
            .RunAsync(Store, ProviderLoader.Providers.Exif, input, options, cancellationToken).ConfigureAwait(false))
        {
            await (outcome.Succeeded
                ? sink.WriteFileAsync(outcome.Value.Path, cancellationToken)
                : sink.WriteErrorAsync(outcome.Error, cancellationToken)).ConfigureAwait(false);
            meter.Expect();
            await meter.CountAsync(() => "", cancellationToken).ConfigureAwait(false);
        }

        await meter.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override IEnumerable<Annotation> ReadRecord() => (Annotation ?? []).OfType<Annotation>();
}
