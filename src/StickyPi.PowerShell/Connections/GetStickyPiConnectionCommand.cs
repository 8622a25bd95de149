using System.Management.Automation;

namespace StickyPi.PowerShell.Connections;

/// <summary>Lists the open stores, the default one first.</summary>
[Cmdlet(VerbsCommon.Get, "StickyPiConnection")]
[OutputType(typeof(StickyConnection))]
public sealed class GetStickyPiConnectionCommand : PSCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing() => WriteObject(StickyConnection.All, enumerateCollection: true);
}
