namespace StickyPi.Core.Storage;

/// <summary>From where to where files are transferred.</summary>
public enum SyncDirection
{
    /// <summary>From this machine into the store.</summary>
    Push,

    /// <summary>From the store to this machine.</summary>
    Pull,
}

/// <summary>
/// What a transfer has found, has done, and would do. Everything is compared before anything moves, so the lists up to
/// <see cref="NotOnSource"/> are the same whether it was only planned or carried out.
/// </summary>
public sealed record StickySyncSummary
{
    /// <summary>From where to where.</summary>
    public required SyncDirection Direction { get; init; }

    /// <summary>Where the source is: a folder, or a place in the store.</summary>
    public required string Source { get; init; }

    /// <summary>Where the target is.</summary>
    public required string Target { get; init; }

    /// <summary>Everything at the source that is meant: that passes the filters and has a name which the target can have.</summary>
    public IReadOnlyList<StickySyncItem> Matched { get; init; } = [];

    /// <summary>What the target lacks.</summary>
    public IReadOnlyList<StickySyncItem> NotOnTarget { get; init; } = [];

    /// <summary>What both have alike.</summary>
    public IReadOnlyList<StickySyncItem> OnTargetEqual { get; init; } = [];

    /// <summary>What the target has with another content.</summary>
    public IReadOnlyList<StickySyncItem> OnTargetDifferent { get; init; } = [];

    /// <summary>What can't be transferred because the target has a folder of its name, or a file where it needs a folder. Then nothing moves.</summary>
    public IReadOnlyList<StickySyncItem> Collisions { get; init; } = [];

    /// <summary>What is at the source and not meant, with the reason: left out by a filter, or no part of a bundle.</summary>
    public IReadOnlyList<StickySyncItem> Skipped { get; init; } = [];

    /// <summary>What is at the target only; of interest when that is to be deleted.</summary>
    public IReadOnlyList<StickySyncItem> NotOnSource { get; init; } = [];

    /// <summary>What was transferred or deleted, in the order in which it was done.</summary>
    public IReadOnlyList<StickySyncItem> Synced { get; init; } = [];

    /// <summary>What should have been and could not; each has been reported as an error.</summary>
    public IReadOnlyList<StickySyncItem> Failed { get; init; } = [];

    /// <summary>How many bytes are to be transferred; where nothing moves without force, with it.</summary>
    public long BytesToSync { get; init; }

    /// <summary>How many bytes the transferred items have. What an earlier run had transferred of one that was interrupted is among them.</summary>
    public long BytesSynced { get; init; }

    /// <summary>Whether something is left, or everything, that <c>-Force</c> would transfer.</summary>
    public bool RequiresForce { get; init; }

    /// <summary>Whether there are <see cref="Collisions"/>.</summary>
    public bool HasCollisions => Collisions.Count > 0;

    /// <summary>How long comparing and transferring took.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The summary in one line.</summary>
    /// <returns>For instance <c>Push: 3 of 12 items synced, 0 failed</c>.</returns>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{Direction}: {Synced.Count} of {Matched.Count} items synced, {Failed.Count} failed");
}
