using System.Management.Automation;
using StickyPi.Core;
using StickyPi.PowerShell.Errors;

namespace StickyPi.PowerShell.Connections;

/// <summary>Closes a store. The one that was opened before it, if any, becomes the default.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "StickyPi")]
public sealed class DisconnectStickyPiCommand : PSCmdlet
{
    /// <summary>What to close; without it, the session's default.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public StickyConnection? Connection { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            StickyConnection.Resolve(Connection).Close();
        }
        catch (StickyException e)
        {
            WriteError(e.ToErrorRecord());
        }
    }
}
