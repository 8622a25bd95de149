namespace StickyPi.Core.Storage;

/// <summary>An upload that was begun and not ended. What it has transferred takes space, and costs money, until it is ended or aborted.</summary>
public sealed record StickyIncompleteUpload
{
    /// <summary>The key under which its object would appear.</summary>
    public required string Key { get; init; }

    /// <summary>What the storage calls it.</summary>
    public required string UploadId { get; init; }

    /// <summary>When it was begun, UTC.</summary>
    public required DateTime Started { get; init; }

    /// <summary>How much of it was transferred, in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>The key that the object would have.</summary>
    /// <returns>The key, as it can be shown.</returns>
    public override string ToString() => OneLine.Of(Key);
}
