using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Storage;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Completion;

namespace StickyPi.PowerShell.Storage;

/// <summary>Lists the objects of a store: the files of pictures, tuboids and bundles, and whatever else was pushed.</summary>
[Cmdlet(VerbsCommon.Get, "StickyStorageItem")]
[OutputType(typeof(StickyStorageItem))]
public sealed class GetStickyStorageItemCommand : KeyFilterCmdlet<string>
{
    /// <summary>Keys, each for an object or for everything below it. All objects by default.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Key")]
    [ArgumentCompleter(typeof(KeyCompleter))]
    [AllowEmptyString]
    [Given(EmptyCounts = true)]
    [Id("Key", nameof(Prefix))]
    public string[] Prefix { get; set; } = [""];

    private protected override IEnumerable<string> ListedColumns => KeyInput.Columns;

    /// <inheritdoc/>
    protected internal override Task ProcessAsync(IAsyncEnumerable<string> input, IPipelineSink sink, CancellationToken cancellationToken) =>
        KeyPrefixes.ForEachAsync(
            input, Store.ParsePrefixAsync, prefix => ListAsync(prefix, sink, cancellationToken), sink, cancellationToken);

    /// <inheritdoc/>
    protected override IEnumerable<string> ReadRecord() => Prefix;

    private async ValueTask ListAsync(string prefix, IPipelineSink sink, CancellationToken cancellationToken)
    {
        bool any = false;
        await foreach (StickyStorageItem item in Store.GetStorageItemsAsync(prefix, Filter, cancellationToken).ConfigureAwait(false))
        {
            any = true;
            await sink.WriteAsync(item, cancellationToken).ConfigureAwait(false);
        }

        if (!any && prefix.Length > 0)
        {
            bool isFiltered = Include.Length + Exclude.Length > 0;
            await sink.WriteWarningAsync(
                $"The store has no object '{prefix}' and none below it{(isFiltered ? " that passes -Include and -Exclude" : "")}.{(Wildcards.AreIn(prefix) ? " " + Wildcards.Advise(prefix) : "")}",
                cancellationToken).ConfigureAwait(false);
        }
    }
}
