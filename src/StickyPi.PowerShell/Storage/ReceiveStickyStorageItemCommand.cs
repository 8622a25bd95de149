using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Completion;

namespace StickyPi.PowerShell.Storage;

/// <summary>Pulls objects of a store as files. Everything is compared before anything moves.</summary>
[Cmdlet(VerbsCommunications.Receive, "StickyStorageItem", SupportsShouldProcess = true)]
[OutputType(typeof(StickySyncSummary))]
public sealed class ReceiveStickyStorageItemCommand : SyncCmdlet<string>
{
    /// <summary>Keys, each for an object or for everything below it; <c>.</c> for all.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Key")]
    [ArgumentCompleter(typeof(KeyCompleter))]
    [ValidateNotNullOrEmpty]
    [Id("Key", nameof(Prefix))]
    public string[] Prefix { get; set; } = [];

    /// <summary>The folder that gets the files, each under its whole key. The current location by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [FilePath]
    public string Destination { get; set; } = ".";

    private protected override string? Advise(StickyException error) =>
        error is { ErrorId: "ObjectNotFound", Target: string key } && Wildcards.AreIn(key) ? Wildcards.Advise(key) : null;

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        Destination = FilePaths.ResolveFolder(this, Destination);
    }

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(IAsyncEnumerable<string> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        List<string> prefixes = [];
        await KeyPrefixes.ForEachAsync(input, Store.ParsePrefixAsync, Add, sink, cancellationToken).ConfigureAwait(false);
        if (prefixes.Count > 0)
        {
            ReceiveStorageItemOptions options = new() { Destination = Destination };
            await SyncAsync(
                options,
                SyncDirection.Pull,
                all => Store.ReceiveStorageItemsAsync(prefixes, all, cancellationToken),
                sink,
                cancellationToken).ConfigureAwait(false);
        }

        ValueTask Add(string prefix)
        {
            prefixes.Add(prefix);
            return ValueTask.CompletedTask;
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> ReadRecord() => Prefix;
}
