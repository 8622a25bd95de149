namespace StickyPi.Tests;

/// <summary>What tests of <c>/v1</c> have: a new server, clients of a user of each role, and a folder for what they send.</summary>
public abstract class V1Test : IAsyncLifetime
{
    private protected LabServer Server { get; } = new();

    private protected TestFolder Folder { get; } = new();

    private protected HttpClient Reader => Server.Client(LabServer.Reader);

    private protected HttpClient Writer => Server.Client(LabServer.Writer);

    private protected HttpClient Administrator => Server.Client(LabServer.Administrator);

    public virtual Task InitializeAsync() => Server.InitializeAsync();

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        Folder.Dispose();
    }
}
