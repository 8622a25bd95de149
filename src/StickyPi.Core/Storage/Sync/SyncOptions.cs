namespace StickyPi.Core.Storage;

/// <summary>How to transfer files between this machine and a store.</summary>
public record SyncOptions
{
    /// <summary>How many transfers go on at once unless said otherwise. They wait for the other side more than for this machine.</summary>
    public const int DefaultParallelism = 8;

    /// <summary>Which files are meant, by their keys.</summary>
    public KeyFilter Filter { get; init; } = KeyFilter.All;

    /// <summary>Whether what differs is replaced, whichever is newer.</summary>
    public bool Force { get; init; }

    /// <summary>How many transfers go on at once, at least 1.</summary>
    public int Parallelism { get; init; } = DefaultParallelism;

    /// <summary>Whether only to compare.</summary>
    public bool Simulate { get; init; }

    /// <summary>
    /// Asked once, when everything is compared and before anything moves, if there is something to do; it gets the plan and whether this is
    /// about deleting, which is asked apart. Null: go ahead.
    /// </summary>
    public Func<StickySyncSummary, SyncAction, CancellationToken, ValueTask<bool>>? Confirm { get; init; }

    /// <summary>Told of the state, often, from any thread, one call at a time.</summary>
    public Action<SyncProgress>? Progress { get; init; }

    /// <summary>Told of what concerns one item only; the others go on. One call at a time.</summary>
    public Func<StickyException, CancellationToken, ValueTask>? Refuse { get; init; }
}

/// <summary>What a run is doing.</summary>
public enum SyncPhase
{
    /// <summary>Listing and comparing.</summary>
    Compare,

    /// <summary>Transferring.</summary>
    Transfer,

    /// <summary>Deleting.</summary>
    Delete,
}

/// <summary>How far a run is.</summary>
/// <param name="Phase">What it is doing.</param>
/// <param name="Items">How many items of this phase are done.</param>
/// <param name="TotalItems">How many there are; as many as are known, while listing.</param>
/// <param name="Bytes">How many bytes are transferred.</param>
/// <param name="TotalBytes">How many are to be.</param>
/// <param name="Key">The item that was begun last.</param>
public readonly record struct SyncProgress(SyncPhase Phase, long Items, long TotalItems, long Bytes, long TotalBytes, string Key);
