namespace StickyPi.Core.Storage;

/// <summary>What is done, or would be done, with an item.</summary>
public enum SyncAction
{
    /// <summary>Nothing: the reason says why.</summary>
    None,

    /// <summary>It is copied to where there was none.</summary>
    Add,

    /// <summary>It is copied over another one.</summary>
    Replace,

    /// <summary>It is deleted, because the source has none.</summary>
    Delete,
}

/// <summary>A file or object on the two sides of a transfer. Sizes are in bytes, times are UTC; what one side lacks, or nobody had to know, is null.</summary>
public sealed record StickySyncItem
{
    /// <summary>Its whole key in the store.</summary>
    public required string Key { get; init; }

    /// <summary>Where it is on this machine, or would be; null where this machine can have no file of the name.</summary>
    public string? Path { get; init; }

    /// <summary>Its size at the source.</summary>
    public long? SourceSize { get; init; }

    /// <summary>Its size at the target.</summary>
    public long? TargetSize { get; init; }

    /// <summary>Its <see cref="ETag"/> at the source.</summary>
    public string? SourceHash { get; init; }

    /// <summary>Its <see cref="ETag"/> at the target.</summary>
    public string? TargetHash { get; init; }

    /// <summary>When its content was last changed at the source.</summary>
    public DateTime? SourceTime { get; init; }

    /// <summary>When its content was last changed at the target.</summary>
    public DateTime? TargetTime { get; init; }

    /// <summary>What is done with it.</summary>
    public SyncAction Action { get; init; }

    /// <summary>Why, in a few words.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Its key.</summary>
    /// <returns>The key.</returns>
    public override string ToString() => OneLine.Of(Key);
}
