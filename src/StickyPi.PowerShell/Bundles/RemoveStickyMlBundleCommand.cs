using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Bundles;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Completion;

namespace StickyPi.PowerShell.Bundles;

/// <summary>Removes ML bundles from a store, with all files below their names.</summary>
[Cmdlet(VerbsCommon.Remove, "StickyMlBundle", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveStickyMlBundleCommand : StoreCmdlet<string>
{
    /// <summary>The names, without wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MlBundleNameCompleter))]
    [Id(nameof(Name), Of = [typeof(StickyMlBundle)])]
    public string[] Name { get; set; } = [];

    private protected override IReadOnlyList<Type> OwnInput => [typeof(StickyMlBundle)];

    private protected override IEnumerable<string> ListedColumns =>
        typeof(StickyMlBundle).GetProperties().Select(property => property.Name);

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(IAsyncEnumerable<string> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        await foreach (string name in input.ConfigureAwait(false))
        {
            if (!await sink.ShouldProcessAsync(name, $"Remove ML bundle from store '{Store.Location}'", cancellationToken).ConfigureAwait(false))
            {
                continue;
            }

            try
            {
                _ = await Store.RemoveMlBundleAsync(name, cancellationToken).ConfigureAwait(false);
            }
            catch (StickyException e)
            {
                await sink.WriteErrorAsync(e, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> ReadRecord() => Name;
}
