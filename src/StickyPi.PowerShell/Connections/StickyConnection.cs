using StickyPi.Core;
using StickyPi.Core.Stores;

namespace StickyPi.PowerShell.Connections;

/// <summary>
/// A store that <c>Connect-StickyPi</c> opened. Connections, and which of them is the default, are shared by all runspaces of the
/// process, so that <c>ForEach-Object -Parallel</c> needs no ceremony.
/// </summary>
public sealed class StickyConnection
{
    private static readonly Lock Gate = new();
    private static readonly List<StickyConnection> Opened = [];

    private readonly IStickyStore _store;
    private bool _closed;

    internal StickyConnection(IStickyStore store, string kind, string catalogPath, Uri? endpoint = null)
    {
        _store = store;
        Kind = kind;
        CatalogPath = catalogPath;
        Endpoint = endpoint;
    }

    /// <summary>Which kind of store it is: <c>Local</c> or <c>S3</c>.</summary>
    public string Kind { get; }

    /// <summary>Where the store is: the folder of a local one, or <c>s3://bucket/base</c>.</summary>
    public string Location => _store.Location;

    /// <summary>The S3 server of the bucket; null for a folder.</summary>
    public Uri? Endpoint { get; }

    /// <summary>The SQLite file that holds the rows of the store.</summary>
    public string CatalogPath { get; }

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

    /// <summary>The connection that a command is to use.</summary>
    /// <param name="given">What the user named, or null for the default.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="StickyException"><c>NotConnected</c>: there is none.</exception>
    internal static StickyConnection Resolve(StickyConnection? given) => given ?? All.FirstOrDefault() ?? throw new StickyException(
        "NotConnected",
        StickyErrorKind.StoreUnavailable,
        "No store is open.",
        null,
        "Open one with Connect-StickyPi -Path <folder> or -Bucket <name>, or name a connection with -Connection.");

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
    internal void Close()
    {
        lock (Gate)
        {
            _ = Opened.Remove(this);
        }

        if (!_closed)
        {
            _closed = true;
            _store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Location;
}
