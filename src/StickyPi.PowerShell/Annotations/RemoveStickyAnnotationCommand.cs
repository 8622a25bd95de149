using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Images;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Completion;

namespace StickyPi.PowerShell.Annotations;

/// <summary>Removes annotations from a store; their pictures stay.</summary>
[Cmdlet(VerbsCommon.Remove, "StickyAnnotation", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveStickyAnnotationCommand : StoreCmdlet<AnnotationReference>
{
    private const int BatchSize = 64;

    /// <summary>The device that took the picture: 8 hexadecimal digits.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    [Id(nameof(Device))]
    public string Device { get; set; } = "";

    /// <summary>When the picture was taken, UTC.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [StickyTime]
    public DateTime DateTime { get; set; }

    /// <summary>The algorithm, exactly.</summary>
    [Parameter(Mandatory = true, Position = 2, ValueFromPipelineByPropertyName = true)]
    [Alias("algo_name")]
    [AllowNull]
    [AllowEmptyString]
    [Text]
    public string? AlgoName { get; set; }

    /// <summary>Its version, exactly.</summary>
    [Parameter(Mandatory = true, Position = 3, ValueFromPipelineByPropertyName = true)]
    [Alias("algo_version")]
    [AllowNull]
    [AllowEmptyString]
    [Text]
    public string? AlgoVersion { get; set; } = "";

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(
        IAsyncEnumerable<AnnotationReference> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        await foreach (IReadOnlyList<AnnotationReference> batch in Batches.OfAsync(input, BatchSize, cancellationToken).ConfigureAwait(false))
        {
            List<AnnotationReference> confirmed = new(batch.Count);
            foreach (AnnotationReference reference in batch)
            {
                if (await sink.ShouldProcessAsync(reference.ToString(), $"Remove annotation from store '{Store.Location}'", cancellationToken)
                    .ConfigureAwait(false))
                {
                    confirmed.Add(reference);
                }
            }

            if (confirmed.Count == 0)
            {
                continue;
            }

            foreach (StickyException? error in await Store.RemoveAnnotationsAsync(confirmed, cancellationToken).ConfigureAwait(false))
            {
                if (error is not null)
                {
                    await sink.WriteErrorAsync(error, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    // A picture that Get-StickyAnnotatedImage returned without any annotation has none to remove.
    /// <inheritdoc/>
    protected override IEnumerable<AnnotationReference> ReadRecord() => string.IsNullOrEmpty(AlgoName) && string.IsNullOrEmpty(AlgoVersion)
        ? []
        : [new AnnotationReference(new ImageReference(Device.ToLowerInvariant(), DateTime), AlgoName ?? "", AlgoVersion ?? "")];
}
