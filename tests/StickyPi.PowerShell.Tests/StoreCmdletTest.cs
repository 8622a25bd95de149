using StickyPi.Core.Stores;
using StickyPi.PowerShell.Connections;
using StickyPi.PowerShell.Loading;

namespace StickyPi.Tests;

/// <summary>What tests of commands have: a store in a folder, and a session that is connected to it.</summary>
public abstract class StoreCmdletTest : IDisposable
{
    protected StoreCmdletTest()
    {
        ProviderLoader.Replacement = Pictures.Providers;
        Connection = new StickyConnection(Store.OpenLocal(Folder["store"], Pictures.Providers), "Local", Store.GetDatabasePath(Folder["store"]));
        Session.Use(Connection);
    }

    private protected TestFolder Folder { get; } = new();

    private protected StickyConnection Connection { get; }

    private protected Session Session { get; } = new();

    public void Dispose()
    {
        Session.Dispose();
        Connection.CloseAsync().AsTask().Wait();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs a script whose answers are yes.</summary>
    private protected Session.Said Run(string script, params (string Name, object? Value)[] variables) => Session.Run(script, variables);

    /// <summary>Runs a script that an error must end, and whose answers are yes.</summary>
    private protected Session.Said RunToFailure(string script, params (string Name, object? Value)[] variables) =>
        Session.RunToFailure(script, variables);

    /// <summary>Runs a script whose answers are no.</summary>
    private protected Session.Said Refuse(string script, params (string Name, object? Value)[] variables)
    {
        Session.Consents = false;
        try
        {
            return Session.Run(script, variables);
        }
        finally
        {
            Session.Consents = true;
        }
    }
}
