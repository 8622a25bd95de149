using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Bundles;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Completion;

namespace StickyPi.PowerShell.Bundles;

/// <summary>Lists the ML bundles of a store.</summary>
[Cmdlet(VerbsCommon.Get, "StickyMlBundle")]
[OutputType(typeof(StickyMlBundle))]
public sealed class GetStickyMlBundleCommand : StoreCmdlet<string>
{
    /// <summary>Names or patterns: <c>*</c> for any characters, <c>?</c> for one. All bundles by default.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Given(EmptyCounts = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(MlBundleNameCompleter))]
    [Id(nameof(Name))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(IAsyncEnumerable<string> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        // No name at all, from an empty pipeline or an empty array, must not mean every bundle, as it does to the store.
        List<string> names = await input.ToListAsync(cancellationToken).ConfigureAwait(false);
        if (names.Count == 0)
        {
            return;
        }

        List<string> found = [];
        await foreach (StickyMlBundle bundle in Store.GetMlBundlesAsync(names, cancellationToken).ConfigureAwait(false))
        {
            found.Add(bundle.Name);
            await sink.WriteAsync(bundle, cancellationToken).ConfigureAwait(false);
        }

        foreach (string name in names.Where(name => !Wildcards.AreIn(name) && !found.Exists(bundle => NamePattern.Matches(bundle, [name]))))
        {
            StickyException error = new(
                "BundleNotFound",
                StickyErrorKind.NotFound,
                $"The store has no ML bundle '{name}'.",
                name,
                "Get-StickyMlBundle without a name lists the bundles of the store.");
            await sink.WriteErrorAsync(error, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> ReadRecord() => Name;
}
