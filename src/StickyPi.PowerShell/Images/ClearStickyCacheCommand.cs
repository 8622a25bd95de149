using System.Management.Automation;
using StickyPi.Core;
using StickyPi.PowerShell.Connections;
using StickyPi.PowerShell.Errors;

namespace StickyPi.PowerShell.Images;

/// <summary>Forgets what a store remembers of files that were sent, so that the next sending reads them again.</summary>
[Cmdlet(VerbsCommon.Clear, "StickyCache", SupportsShouldProcess = true)]
public sealed class ClearStickyCacheCommand : PSCmdlet
{
    /// <summary>Which store; without it, the session's default.</summary>
    [Parameter]
    [ValidateNotNull]
    public StickyConnection? Connection { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            StickyConnection connection = StickyConnection.Resolve(Connection);
            if (ShouldProcess(connection.Location, "Forget the statistics of files that were sent"))
            {
                connection.Store.ClearCache();
            }
        }
        catch (StickyException e)
        {
            ThrowTerminatingError(e.ToErrorRecord());
        }
    }
}
