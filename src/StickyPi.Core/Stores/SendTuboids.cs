using StickyPi.Core.Tuboids;

namespace StickyPi.Core.Stores;

/// <summary>What sending did with the folder of a tuboid.</summary>
public enum SendTuboidStatus
{
    /// <summary>The tuboid is new in the store.</summary>
    Added,

    /// <summary>The store has this very tuboid already.</summary>
    Skipped,

    /// <summary>The store had the tuboid, but had lost a file of it, which is back.</summary>
    Restored,
}

/// <summary>What became of the folder of a tuboid that was sent.</summary>
public sealed record SendTuboidResult
{
    /// <summary>The folder.</summary>
    public required string Path { get; init; }

    /// <summary>The tuboid.</summary>
    public required string TuboidId { get; init; }

    /// <summary>What was done.</summary>
    public required SendTuboidStatus Status { get; init; }

    /// <summary>The tuboid as the store has it now, without urls.</summary>
    public required StickyTuboid Tuboid { get; init; }

    /// <summary>The path of the folder.</summary>
    /// <returns>The path, as it can be shown.</returns>
    public override string ToString() => OneLine.Of(Path);
}

/// <summary>How to send tuboids, and what is to be known of their series that the names of their folders do not say.</summary>
public sealed record SendTuboidOptions
{
    /// <summary>The algorithm that made the series, at most 64 characters.</summary>
    public required string AlgoName { get; init; }

    /// <summary>Its version, at most 46 characters; null for that in the name of each folder.</summary>
    public string? AlgoVersion { get; init; }

    /// <summary>The device of the series; null for that in the name of each folder.</summary>
    public string? Device { get; init; }

    /// <summary>The first moment of the series, UTC; null for that in the name of each folder.</summary>
    public DateTime? StartTime { get; init; }

    /// <summary>The last moment of the series, UTC; null for that in the name of each folder.</summary>
    public DateTime? EndTime { get; init; }

    /// <summary>How many pictures the series was made from; null, for a new series, for those that the store has of its device and range.</summary>
    public int? ImageCount { get; init; }

    /// <summary>How many tuboids the series has when it is complete; null, for a new series, for those that are sent.</summary>
    public int? TuboidCount { get; init; }

    /// <summary>How many tuboids are worked on at a time.</summary>
    public int Parallelism { get; init; } = SendImageOptions.DefaultParallelism;

    /// <summary>Whether to only tell what would be done: nothing at all is written.</summary>
    public bool Simulate { get; init; }

    /// <summary>
    /// Asked, with the folder, before a tuboid is added; it is left alone, and yields no result, where the answer is false. Null for yes.
    /// </summary>
    public Func<string, CancellationToken, ValueTask<bool>>? Confirm { get; init; }
}
