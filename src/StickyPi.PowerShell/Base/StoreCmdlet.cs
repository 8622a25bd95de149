using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using StickyPi.Core.Stores;
using StickyPi.PowerShell.Connections;

namespace StickyPi.PowerShell.Base;

/// <summary>A cmdlet that works on a store.</summary>
/// <typeparam name="TInput">What one item of input is.</typeparam>
public abstract class StoreCmdlet<TInput> : StickyCmdlet<TInput>
{
    private StickyConnection? _connection;
    private IStickyStore? _store;

    /// <summary>Which store to work on: what <c>Connect-StickyPi -PassThru</c> returned. Without it, the session's default.</summary>
    [Parameter]
    [Given]
    [OneConnection]
    public StickyConnection? Connection { get; set; }

    /// <summary>The store to work on.</summary>
    protected IStickyStore Store => _store ??= Open.Store;

    /// <inheritdoc/>
    protected internal override void Prepare() => _ = Store;

    private protected StickyConnection Open => _connection ??= StickyConnection.Resolve(Connection);

    private protected override bool TryTakeWarning([NotNullWhen(true)] out string? warning)
    {
        warning = null;
        return _connection?.Warnings.TryDequeue(out warning) == true;
    }
}
