using System.Management.Automation;
using StickyPi.Core.Storage;

namespace StickyPi.PowerShell.Bundles;

/// <summary>Brings an ML bundle from a folder into a store, or from a store into a folder.</summary>
[Cmdlet(VerbsData.Sync, "StickyMlBundle", SupportsShouldProcess = true)]
[OutputType(typeof(StickySyncSummary))]
public sealed class SyncStickyMlBundleCommand : MlBundleSyncCmdlet
{
    private protected override bool Simulate => false;
}
