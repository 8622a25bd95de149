using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Bundles;
using StickyPi.Core.Storage;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Completion;
using StickyPi.PowerShell.Errors;

namespace StickyPi.PowerShell.Bundles;

/// <summary>A cmdlet that compares ML bundles of a store with folders on this machine.</summary>
public abstract class MlBundleSyncCmdlet : SyncCmdlet<(string Name, string Folder)>
{
    /// <summary>The name of the bundle in the store.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MlBundleNameCompleter))]
    [Id(nameof(Name), Of = [typeof(StickyMlBundle)])]
    public string Name { get; set; } = "";

    /// <summary>The folder of the bundle on this machine, exactly as named; for a pull it need not exist.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    [FilePath]
    public string Path { get; set; } = "";

    /// <summary>Whether the folder is the source, or the store.</summary>
    [Parameter(Mandatory = true)]
    [EnumName(typeof(SyncDirection))]
    public SyncDirection Direction { get; set; }

    /// <summary>Which files of the bundle. All by default.</summary>
    [Parameter]
    [EnumName(typeof(MlBundleContent))]
    public MlBundleContent Content { get; set; }

    /// <summary>Whether what the source lacks is deleted at the target: last, not after any error, and not if the source is empty.</summary>
    [Parameter]
    public SwitchParameter Delete { get; set; }

    private protected override IReadOnlyList<Type> OwnInput => [typeof(StickyMlBundle)];

    private protected override bool LeavesWhatNeedsForce => true;

    private protected override string DescribeNothing(StickySyncSummary summary) => $"'{summary.Source}' has no file that a bundle holds";

    /// <summary>Whether only to compare.</summary>
    private protected abstract bool Simulate { get; }

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(
        IAsyncEnumerable<(string Name, string Folder)> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        SyncMlBundleOptions options = new() { Direction = Direction, Content = Content, Delete = Delete, Simulate = Simulate };
        Dictionary<string, string> names = new(OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
        await foreach ((string name, string folder) in input.ConfigureAwait(false))
        {
            try
            {
                // Otherwise the second bundle of Get-StickyMlBundle | Sync-StickyMlBundle -Path ./one would be mixed with the first, or replace it.
                string full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder));
                if (!names.TryAdd(full, name) && names[full] != name)
                {
                    throw new StickyException(
                        "FolderUsedTwice",
                        StickyErrorKind.InvalidData,
                        $"The ML bundles '{names[full]}' and '{name}' were given the same folder, '{full}', which would mix them: '{name}' is left as it is.",
                        name,
                        "Give each bundle a folder of its own: -Path { \"./$($_.Name)\" }");
                }

                await SyncAsync(
                    options,
                    Direction,
                    all => Store.SyncMlBundleAsync(name, folder, all, cancellationToken),
                    sink,
                    cancellationToken).ConfigureAwait(false);
            }
            catch (StickyException e) when (e.Kind is StickyErrorKind.InvalidData or StickyErrorKind.NotFound)
            {
                // This bundle's, and none of the next one's.
                await sink.WriteErrorAsync(e, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Folder)> ReadRecord()
    {
        try
        {
            return [(Name, FilePaths.ResolveFolder(this, Path))];
        }
        catch (StickyException e)
        {
            WriteError(e.ToErrorRecord());
            return [];
        }
    }
}
