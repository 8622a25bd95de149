using StickyPi.Core.Storage;

namespace StickyPi.Core.Stores;

/// <summary>How to pull objects of a store as files.</summary>
public sealed record ReceiveStorageItemOptions : SyncOptions
{
    /// <summary>The folder that gets them, each under its whole key. An absolute path.</summary>
    public required string Destination { get; init; }

    /// <summary>Keys of objects exactly as a listing gave them. Each means that object alone, and nothing below its key.</summary>
    public IReadOnlyList<string> Objects { get; init; } = [];
}
