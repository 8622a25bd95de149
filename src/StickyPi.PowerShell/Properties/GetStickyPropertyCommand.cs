using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Properties;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Properties;

/// <summary>Reads the extra properties of pictures, devices, series and bundles, or lists what has any.</summary>
[Cmdlet(VerbsCommon.Get, "StickyProperty", DefaultParameterSetName = InputObjectSet)]
[OutputType(typeof(StickyProperties))]
public sealed class GetStickyPropertyCommand : PropertyCmdlet
{
    private const string KindSet = "Kind";
    private const int BatchSize = 256;

    /// <summary>Of what to list all that have properties.</summary>
    [Parameter(Mandatory = true, ParameterSetName = KindSet)]
    [EnumName(typeof(StickyPropertyKind))]
    public StickyPropertyKind Kind { get; set; }

    /// <summary>Ids, or patterns for them. All by default.</summary>
    [Parameter(ParameterSetName = KindSet)]
    [Given]
    [SupportsWildcards]
    [Id]
    public string[] Id { get; set; } = ["*"];

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(IAsyncEnumerable<PropertyInput> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        await foreach (IReadOnlyList<PropertyInput> batch in Batches.OfAsync(input, BatchSize, cancellationToken).ConfigureAwait(false))
        {
            PropertyTarget[] targets = [.. batch.Where(item => item.Error is null && !IsPattern(item.Target)).Select(item => item.Target)];
            IReadOnlyList<Outcome<StickyPropertySet>> found = targets.Length == 0
                ? []
                : await Store.GetPropertiesAsync(targets, cancellationToken).ConfigureAwait(false);
            int next = 0;
            foreach (PropertyInput item in batch)
            {
                if (item.Error is not null)
                {
                    await sink.WriteErrorAsync(item.Error, cancellationToken).ConfigureAwait(false);
                }
                else if (IsPattern(item.Target))
                {
                    await ListAsync(item.Target, sink, cancellationToken).ConfigureAwait(false);
                }
                else if (found[next++] is { Succeeded: true, Value: StickyPropertySet set })
                {
                    await sink.WriteAsync(new StickyProperties(set), cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    await sink.WriteErrorAsync(found[next - 1].Error!, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<PropertyInput> ReadRecord() =>
        ParameterSetName == KindSet ? Id.Select(id => PropertyInput.Of(Kind, id)) : base.ReadRecord();

    private async ValueTask ListAsync(PropertyTarget target, IPipelineSink sink, CancellationToken cancellationToken)
    {
        await foreach (StickyPropertySet set in Store.ListPropertiesAsync(target.Kind, [target.Id], cancellationToken).ConfigureAwait(false))
        {
            await sink.WriteAsync(new StickyProperties(set), cancellationToken).ConfigureAwait(false);
        }
    }

    // Names from the pipeline are exact: the name of a bundle may hold any character, and must not match other bundles.
    private bool IsPattern(PropertyTarget target) => ParameterSetName != InputObjectSet && Wildcards.AreIn(target.Id);
}
