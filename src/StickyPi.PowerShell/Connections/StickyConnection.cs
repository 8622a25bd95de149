using System.Collections.Concurrent;
using StickyPi.Core;
using StickyPi.Core.Remote;
using StickyPi.Core.Stores;

namespace StickyPi.PowerShell.Connections;

/// <summary>
/// A store that <c>Connect-StickyPi</c> opened. Connections, and which of them is the default, are shared by all runspaces of the
/// process, so that <c>ForEach-Object -Parallel</c> needs no ceremony.
/// </summary>
public sealed class StickyConnection
{
    /// <summary>The <see cref="Kind"/> of what a server serves.</summary>
    internal const string RemoteKind = "Remote";

    private static readonly Lock Gate = new();
    private static readonly List<StickyConnection> Opened = [];

    private readonly IStickyStore _store;
    private Task<IReadOnlyList<StickyApiEndpoint>>? _endpoints;
    private bool _closed;

    internal StickyConnection(IStickyStore store, string kind, string catalogPath, Uri? endpoint = null)
    {
        _store = store;
        Kind = kind;
        CatalogPath = catalogPath;
        Endpoint = endpoint;
    }

    internal StickyConnection(IRemoteStore store, string? name, ConcurrentQueue<string> warnings)
    {
        _store = store;
        Kind = RemoteKind;
        Name = name;
        Warnings = warnings;
    }

    /// <summary>Which kind of store it is: <c>Local</c>, <c>S3</c> or <c>Remote</c>.</summary>
    public string Kind { get; }

    /// <summary>The name under which the connection is kept; null where it has none.</summary>
    public string? Name { get; }

    /// <summary>Where the store is: the folder of a local one, <c>s3://bucket/base</c>, or the address of a server.</summary>
    public string Location => _store.Location;

    /// <summary>The S3 server of the bucket; null for a folder and for a server.</summary>
    public Uri? Endpoint { get; }

    /// <summary>Who the server knows the user as; null where no server is asked.</summary>
    public string? User => (_store as IRemoteStore)?.User.UserName;

    /// <summary>The SQLite file that holds the rows of the store; null where a server has them.</summary>
    public string? CatalogPath { get; }

    /// <summary>Whether its rows were saved from another store, so that nothing can be added to them.</summary>
    internal bool IsSnapshot => _store is Store { IsSnapshot: true };

    /// <summary>When it was opened, UTC.</summary>
    public DateTime ConnectedAt { get; } = DateTime.UtcNow;

    /// <summary>Whether commands use it when they are not told which to use.</summary>
    public bool IsDefault
    {
        get
        {
            lock (Gate)
            {
                return Opened.Count > 0 && Opened[^1] == this;
            }
        }
    }

    /// <summary>The store.</summary>
    internal IStickyStore Store => _closed
        ? throw new StickyException(
            "ConnectionClosed",
            StickyErrorKind.StoreUnavailable,
            $"The connection to '{Location}' was closed.",
            this,
            "Open it again with Connect-StickyPi.")
        : _store;

    /// <summary>The store, where a server serves it.</summary>
    /// <exception cref="StickyException"><c>NotRemote</c>: no server does.</exception>
    internal IRemoteStore Remote => Store as IRemoteStore ?? throw new StickyException(
        "NotRemote",
        StickyErrorKind.InvalidData,
        $"The store '{Location}' is not served by a server that could be asked.",
        this,
        "Open one with Connect-StickyPi -Uri <address>, or name its connection with -Connection.");

    /// <summary>What the user should know and no command has told yet.</summary>
    internal ConcurrentQueue<string> Warnings { get; } = new();

    /// <summary>The open connections, the default one first.</summary>
    internal static IReadOnlyList<StickyConnection> All
    {
        get
        {
            lock (Gate)
            {
                return [.. Opened.AsEnumerable().Reverse()];
            }
        }
    }

    /// <summary>The open stores that servers serve.</summary>
    internal static IReadOnlyList<IRemoteStore> OpenedAtServers => [.. All.Select(connection => connection._store).OfType<IRemoteStore>()];

    /// <summary>The connection that a command is to use.</summary>
    /// <param name="given">What the user named, or null for the default.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="StickyException"><c>NotConnected</c>: there is none.</exception>
    internal static StickyConnection Resolve(StickyConnection? given) => given ?? All.FirstOrDefault() ?? throw new StickyException(
        "NotConnected",
        StickyErrorKind.StoreUnavailable,
        "No store is open.",
        null,
        "Open one with Connect-StickyPi -Path <folder>, -Bucket <name> or -Uri <address>, or name a connection with -Connection.");

    /// <summary>Adds a connection and makes it the default.</summary>
    /// <param name="connection">The connection.</param>
    internal static void Add(StickyConnection connection)
    {
        lock (Gate)
        {
            Opened.Add(connection);
        }
    }

    /// <summary>Closes the connection; the one that was opened before it becomes the default.</summary>
    /// <param name="keepToken">Whether the token of a server stays, so that the next connection need not ask for the password.</param>
    /// <param name="cancellationToken">Stops the logging out; the connection is closed all the same.</param>
    /// <returns>Null, or what the user should be warned of: the server could not be told.</returns>
    internal async ValueTask<StickyException?> CloseAsync(bool keepToken = false, CancellationToken cancellationToken = default)
    {
        lock (Gate)
        {
            if (_closed)
            {
                return null;
            }

            _closed = true;
            _ = Opened.Remove(this);
        }

        try
        {
            return _store is IRemoteStore remote && !keepToken ? await remote.ForgetAsync(OpenedAtServers, cancellationToken).ConfigureAwait(false) : null;
        }
        finally
        {
            await _store.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>What the server can do, which it is asked for once: the Tab key must not wait for it each time.</summary>
    /// <param name="cancellationToken">Stops the waiting; the server goes on answering for the next time.</param>
    /// <returns>The endpoints, ordered by path and method.</returns>
    /// <exception cref="StickyException"><c>NotRemote</c>; those of <see cref="ApiClient.GetEndpointsAsync"/>.</exception>
    internal async ValueTask<IReadOnlyList<StickyApiEndpoint>> GetEndpointsAsync(CancellationToken cancellationToken)
    {
        ApiClient api = Remote.Api;
        Task<IReadOnlyList<StickyApiEndpoint>> asked;
        lock (Gate)
        {
            if (_endpoints is null || _endpoints.IsFaulted || _endpoints.IsCanceled)
            {
                _endpoints = Task.Run(() => api.GetEndpointsAsync(CancellationToken.None).AsTask(), CancellationToken.None);
            }

            asked = _endpoints;
        }

        return await asked.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override string ToString() => OneLine.Of(Location);
}
