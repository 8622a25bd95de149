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
public sealed class ReceiveStickyStorageItemCommand : SyncCmdlet<(string Key, bool IsObject)>
{
    /// <summary>
    /// Keys, each for an object or for everything below it; <c>.</c> for all. An object with a Key means that object alone.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Key")]
    [ArgumentCompleter(typeof(KeyCompleter))]
    [ValidateNotNullOrEmpty]
    [Id("Key", nameof(Prefix), Of = [typeof(StickyStorageItem), typeof(StickySyncItem)])]
    public string[] Prefix { get; set; } = [];

    /// <summary>The folder that gets the files, each under its whole key. The current location by default.</summary>
    [Parameter]
    [Given]
    [FilePath]
    public string Destination { get; set; } = ".";

    private protected override IReadOnlyList<Type> OwnInput => KeyInput.Types;

    private protected override IEnumerable<string> ListedColumns => KeyInput.Columns;

    private protected override string? Advise(StickyException error) =>
        error is { ErrorId: "ObjectNotFound", Target: string key } && Wildcards.AreIn(key) ? Wildcards.Advise(key) : null;

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        Destination = FilePaths.ResolveFolder(this, Destination);
    }

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(
        IAsyncEnumerable<(string Key, bool IsObject)> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        List<string> prefixes = [];
        List<string> objects = [];
        await KeyPrefixes.ForEachAsync(TakePrefixes(), Store.ParsePrefixAsync, Add, sink, cancellationToken).ConfigureAwait(false);
        if (prefixes.Count + objects.Count > 0)
        {
            ReceiveStorageItemOptions options = new() { Destination = Destination, Objects = objects };
            await SyncAsync(
                options,
                SyncDirection.Pull,
                all => Store.ReceiveStorageItemsAsync(prefixes, all, cancellationToken),
                sink,
                cancellationToken).ConfigureAwait(false);
        }

        async IAsyncEnumerable<string> TakePrefixes()
        {
            await foreach ((string key, bool isObject) in input.ConfigureAwait(false))
            {
                if (isObject)
                {
                    objects.Add(key);
                }
                else
                {
                    yield return key;
                }
            }
        }

        ValueTask Add(string prefix)
        {
            prefixes.Add(prefix);
            return ValueTask.CompletedTask;
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<(string Key, bool IsObject)> ReadRecord()
    {
        bool isObject = KeyInput.IsObject(this);
        return Prefix.Select(prefix => (prefix, isObject || TextSource.Of(prefix) is not null));
    }
}
