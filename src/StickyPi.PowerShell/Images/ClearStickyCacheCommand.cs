using System.Management.Automation;
using StickyPi.Core;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Connections;
using StickyPi.PowerShell.Errors;

namespace StickyPi.PowerShell.Images;

/// <summary>
/// Forgets what is remembered of files that were sent, so that the next sending reads them again, and of what a server answered, so that it is
/// asked again.
/// </summary>
[Cmdlet(VerbsCommon.Clear, "StickyCache", SupportsShouldProcess = true)]
public sealed class ClearStickyCacheCommand : PSCmdlet
{
    /// <summary>Which store; without it, the session's default.</summary>
    [Parameter]
    [Given]
    [OneConnection]
    public StickyConnection? Connection { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            StickyConnection connection = StickyConnection.Resolve(Connection);
            string what = connection.Kind == StickyConnection.RemoteKind ? "statistics of files that were sent, and what the server answered" : "statistics of files that were sent";
            if (this.Ask(connection.Location, $"Forget the {what}"))
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
