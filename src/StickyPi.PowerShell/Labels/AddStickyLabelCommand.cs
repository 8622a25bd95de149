using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Labels;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Labels;

/// <summary>Adds labels, which say what tuboids are. A tuboid takes one label of each version of each algorithm.</summary>
[Cmdlet(VerbsCommon.Add, "StickyLabel", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(StickyLabel))]
public sealed class AddStickyLabelCommand : StoreCmdlet<NewLabel>
{
    /// <summary>The tuboid.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("tuboid_id")]
    [AllowEmptyString]
    [Id(nameof(TuboidId), "tuboid_id")]
    public string TuboidId { get; set; } = "";

    /// <summary>Who or what says it, at most 32 characters.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("algo_name")]
    [AllowEmptyString]
    [Text]
    public string AlgoName { get; set; } = "";

    /// <summary>In which version, at most 46 characters.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("algo_version")]
    [AllowEmptyString]
    [Text]
    public string AlgoVersion { get; set; } = "";

    /// <summary>The number that stands for it in the algorithm.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [WholeNumber]
    public int Label { get; set; }

    /// <summary>The regular expression over taxa that the number stands for, at most 128 characters.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    [Text]
    public string Pattern { get; set; } = "";

    /// <summary>The type of object, at most 32 characters.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    [Text]
    public string Type { get; set; } = "";

    /// <summary>The order, at most 32 characters; empty means none.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [Text]
    public string? Order { get; set; }

    /// <summary>The family, at most 32 characters; empty means none.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [Text]
    public string? Family { get; set; }

    /// <summary>The genus, at most 32 characters; empty means none.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [Text]
    public string? Genus { get; set; }

    /// <summary>The species, at most 32 characters; empty means none.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [Text]
    public string? Species { get; set; }

    /// <summary>Whether the labels are returned as the store has them now.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(IAsyncEnumerable<NewLabel> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        IAsyncEnumerable<NewLabel> confirmed = input.Where((label, token) => sink.ShouldProcessAsync(
            label.TuboidId, $"Add label {label.Label}, '{label.Type}', of '{label.AlgoName}' version '{label.AlgoVersion}'", token));
        await foreach (Outcome<StickyLabel> outcome in Store.AddLabelsAsync(confirmed, cancellationToken).ConfigureAwait(false))
        {
            if (!outcome.Succeeded)
            {
                await sink.WriteErrorAsync(outcome.Error, cancellationToken).ConfigureAwait(false);
            }
            else if (PassThru)
            {
                await sink.WriteAsync(outcome.Value, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<NewLabel> ReadRecord() =>
    [
        new NewLabel
        {
            TuboidId = TuboidId,
            AlgoName = AlgoName,
            AlgoVersion = AlgoVersion,
            Label = Label,
            Pattern = Pattern,
            Type = Type,
            Order = Order,
            Family = Family,
            Genus = Genus,
            Species = Species,
        },
    ];
}
