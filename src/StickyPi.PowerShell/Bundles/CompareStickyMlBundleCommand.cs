using System.Management.Automation;
using StickyPi.Core.Storage;

namespace StickyPi.PowerShell.Bundles;

/// <summary>Tells what <c>Sync-StickyMlBundle</c> would do, without doing it.</summary>
[Cmdlet(VerbsData.Compare, "StickyMlBundle")]
[OutputType(typeof(StickySyncSummary))]
public sealed class CompareStickyMlBundleCommand : MlBundleSyncCmdlet
{
    private protected override bool Simulate => true;
}
