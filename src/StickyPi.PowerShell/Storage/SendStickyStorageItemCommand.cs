using System.Management.Automation;
using StickyPi.Core.Storage;
using StickyPi.Core.Stores;
using StickyPi.PowerShell.Base;

namespace StickyPi.PowerShell.Storage;

/// <summary>Pushes files into a store as they are. Everything is compared before anything moves.</summary>
[Cmdlet(VerbsCommunications.Send, "StickyStorageItem", DefaultParameterSetName = PathInput.PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(StickySyncSummary))]
public sealed class SendStickyStorageItemCommand : SyncCmdlet<string>
{
    private string _prefix = "";

    /// <summary>Files, or folders with everything in them; wildcards are resolved.</summary>
    [Parameter(
        Mandatory = true, Position = 0, ParameterSetName = PathInput.PathSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [FilePath]
    public string[]? Path { get; set; }

    /// <summary>Files or folders, exactly as named.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathInput.LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    [FilePath]
    public string[]? LiteralPath { get; set; }

    /// <summary>The key below which the files go. By default they go to the base of the store.</summary>
    [Parameter]
    [AllowEmptyString]
    [Given(EmptyCounts = true)]
    [Id("Key", nameof(Prefix))]
    public string Prefix { get; set; } = "";

    /// <summary>The folder that keys are relative to; everything that is pushed must lie in it. The current location by default.</summary>
    [Parameter]
    [Given]
    [FilePath]
    public string RelativeTo { get; set; } = ".";

    /// <inheritdoc/>
    protected internal override void Prepare()
    {
        base.Prepare();
        _prefix = ObjectKey.Parse(Prefix);
        RelativeTo = FilePaths.ResolveFolder(this, RelativeTo);
    }

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(IAsyncEnumerable<string> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        // Ctrl-C while the paths are still coming has then moved nothing, and the comparison sees all of them.
        List<string> paths = await input.ToListAsync(cancellationToken).ConfigureAwait(false);
        if (paths.Count > 0)
        {
            SendStorageItemOptions options = new() { RelativeTo = RelativeTo, Prefix = _prefix };
            await SyncAsync(
                options,
                SyncDirection.Push,
                all => Store.SendStorageItemsAsync(paths, all, cancellationToken),
                sink,
                cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> ReadRecord() => PathInput.Read(this, Path, LiteralPath);
}
