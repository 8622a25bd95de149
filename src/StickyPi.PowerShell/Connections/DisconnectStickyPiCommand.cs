using System.Management.Automation;
using StickyPi.Core;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Completion;
using StickyPi.PowerShell.Errors;

namespace StickyPi.PowerShell.Connections;

/// <summary>Closes a store, and logs out of its server. The one that was opened before it, if any, becomes the default.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "StickyPi", DefaultParameterSetName = ConnectionSet)]
public sealed class DisconnectStickyPiCommand : StickyCmdlet<StickyConnection>
{
    private const string ConnectionSet = "Connection";
    private const string NameSet = "Name";

    /// <summary>What to close; without it, the session's default.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = ConnectionSet)]
    [ValidateNotNull]
    public StickyConnection? Connection { get; set; }

    /// <summary>The names of kept connections to close.</summary>
    [Parameter(Mandatory = true, ParameterSetName = NameSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Whether the names are forgotten too.</summary>
    [Parameter(ParameterSetName = NameSet)]
    public SwitchParameter Forget { get; set; }

    /// <summary>Whether the token of the server stays, so that the next connection need not ask for the password.</summary>
    [Parameter]
    public SwitchParameter KeepToken { get; set; }

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(
        IAsyncEnumerable<StickyConnection> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        await foreach (StickyConnection connection in input.ConfigureAwait(false))
        {
            await connection.CloseAsync(KeepToken, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<StickyConnection> ReadRecord()
    {
        List<StickyConnection> found = [];
        try
        {
            if (Name.Length == 0)
            {
                found.Add(StickyConnection.Resolve(Connection));
            }

            foreach (string name in Name)
            {
                StickyConnection[] open = [.. StickyConnection.All.Where(connection => name.Equals(connection.Name, StringComparison.OrdinalIgnoreCase))];
                found.AddRange(open);
                if (Forget)
                {
                    KeptConnections.Forget(name);
                }
                else if (open.Length == 0)
                {
                    _ = KeptConnections.Find(name);
                }
            }
        }
        catch (StickyException e)
        {
            WriteError(e.ToErrorRecord());
        }

        return found;
    }
}
