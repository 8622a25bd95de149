using StickyPi.Core.Stores;
using StickyPi.PowerShell.Connections;
using StickyPi.PowerShell.Loading;

namespace StickyPi.Tests;

/// <summary>What tests of cmdlets without an engine have: a store in a folder, connected to, and a pipeline that remembers.</summary>
public abstract class StoreCmdletTest : IDisposable
{
    protected StoreCmdletTest()
    {
        ProviderLoader.Replacement = Pictures.Providers;
        Connection = new StickyConnection(Store.OpenLocal(Folder["store"], Pictures.Providers), "Local", Store.GetDatabasePath(Folder["store"]));
    }

    private protected TestFolder Folder { get; } = new();

    private protected StickyConnection Connection { get; }

    private protected RecordingSink Sink { get; } = new();

    public void Dispose()
    {
        Connection.CloseAsync().AsTask().Wait();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
