using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Labels;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Labels;

/// <summary>Gets the labels of tuboids; one without label, or that the store does not have, yields nothing.</summary>
[Cmdlet(VerbsCommon.Get, "StickyLabel")]
[OutputType(typeof(StickyLabel))]
public sealed class GetStickyLabelCommand : StoreCmdlet<string?>
{
    private const int BatchSize = 512;

    /// <summary>Tuboids, exactly as named. Without it, all labels.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Given]
    [Alias("tuboid_id")]
    [Id(nameof(TuboidId), "tuboid_id")]
    public string[] TuboidId { get; set; } = [];

    /// <summary>Those who gave the labels; wildcards are resolved. All by default.</summary>
    [Parameter]
    [Given]
    [SupportsWildcards]
    [Text]
    public string[] AlgoName { get; set; } = [];

    /// <summary>Their versions; wildcards are resolved. All by default.</summary>
    [Parameter]
    [Given]
    [SupportsWildcards]
    [Text]
    public string[] AlgoVersion { get; set; } = [];

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(IAsyncEnumerable<string?> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        // A tuboid that comes once for each of its labels is looked up once.
        HashSet<string> seen = new(StringComparer.Ordinal);
        await foreach (IReadOnlyList<string?> batch in Batches.OfAsync(input, BatchSize, cancellationToken).ConfigureAwait(false))
        {
            LabelQuery query = new()
            {
                TuboidIds = batch.Contains(null) ? null : [.. batch.OfType<string>().Where(seen.Add)],
                AlgoNames = AlgoName,
                AlgoVersions = AlgoVersion,
            };
            await foreach (StickyLabel label in Store.GetLabelsAsync(query, cancellationToken).ConfigureAwait(false))
            {
                await sink.WriteAsync(label, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // Null stands for all. Called once without input, and never for an empty pipeline: no tuboid there must not mean every tuboid here.
    /// <inheritdoc/>
    protected override IEnumerable<string?> ReadRecord() => TuboidId.Length == 0 ? (string?[])[null] : TuboidId;
}
