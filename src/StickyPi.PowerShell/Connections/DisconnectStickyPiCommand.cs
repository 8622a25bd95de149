using System.Management.Automation;
using StickyPi.Core;
using StickyPi.Core.Remote;
using StickyPi.PowerShell.Base;
using StickyPi.PowerShell.Completion;
using StickyPi.PowerShell.Errors;

namespace StickyPi.PowerShell.Connections;

/// <summary>Closes a store, and logs out of its server. The one that was opened before it, if any, becomes the default.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "StickyPi", DefaultParameterSetName = ConnectionSet)]
public sealed class DisconnectStickyPiCommand : StickyCmdlet<object>
{
    private const string ConnectionSet = "Connection";
    private const string NameSet = "Name";

    /// <summary>What to close; without it, the session's default.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = ConnectionSet)]
    [Given]
    [OneConnection]
    public StickyConnection? Connection { get; set; }

    /// <summary>The names of kept connections to close.</summary>
    [Parameter(Mandatory = true, ParameterSetName = NameSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [Id]
    public string[] Name { get; set; } = [];

    /// <summary>Whether the names are forgotten too, with the tokens that earlier connections left.</summary>
    [Parameter(ParameterSetName = NameSet)]
    public SwitchParameter Forget { get; set; }

    /// <summary>Whether the token of the server stays, so that the next connection need not ask for the password.</summary>
    [Parameter]
    public SwitchParameter KeepToken { get; set; }

    /// <inheritdoc/>
    protected internal override async Task ProcessAsync(
        IAsyncEnumerable<object> input, IPipelineSink sink, CancellationToken cancellationToken)
    {
        await foreach (object item in input.ConfigureAwait(false))
        {
            try
            {
                StickyException? notTold = item is KeptConnection kept
                    ? await LogOutAsync(kept, cancellationToken).ConfigureAwait(false)
                    : await ((StickyConnection)item).CloseAsync(KeepToken, cancellationToken).ConfigureAwait(false);
                if (notTold is not null)
                {
                    await sink.WriteWarningAsync($"{OneLine.Quote(notTold)}. {notTold.RecommendedAction}", cancellationToken)
                        .ConfigureAwait(false);
                }
            }
            catch (StickyException e)
            {
                await sink.WriteErrorAsync(e, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<object> ReadRecord() => Name.Length == 0 ? Find(() => [StickyConnection.Resolve(Connection)]) : Name.SelectMany(Find);

    private static ValueTask<StickyException?> LogOutAsync(KeptConnection kept, CancellationToken cancellationToken) => RemoteConnection.ForgetAsync(
        new RemoteOptions { Uri = kept.Uri, UserName = kept.UserName, TokenFolder = UserFolders.Tokens }, StickyConnection.OpenedAtServers, cancellationToken);

    // What is open under a name comes first: a token that it shares with the kept connection can be revoked once that is closed. Another name
    // of the same user at the same server lives on it too.
    private IReadOnlyList<object> Find(string name)
    {
        StickyConnection[] open = [.. StickyConnection.All.Where(connection => name.Equals(connection.Name, StringComparison.OrdinalIgnoreCase))];
        IReadOnlyList<object> kept = Find(() =>
        {
            KeptConnection? found = Forget ? KeptConnections.Forget(name) : open.Length == 0 ? KeptConnections.Find(name) : null;
            return Forget && !KeepToken && !KeptConnections.Read().Any(other => other.Uri == found!.Uri && other.UserName == found.UserName) ? [found!] : [];
        });
        return [.. open, .. kept];
    }

    private IReadOnlyList<object> Find(Func<IReadOnlyList<object>> find)
    {
        try
        {
            return find();
        }
        catch (StickyException e)
        {
            WriteError(e.ToErrorRecord());
            return [];
        }
    }
}
