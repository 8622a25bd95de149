using StickyPi.Core.Storage;

namespace StickyPi.Core.Stores;

/// <summary>How to push files into a store as they are.</summary>
public sealed record SendStorageItemOptions : SyncOptions
{
    /// <summary>The folder that keys are relative to; what is pushed must lie in it. An absolute path.</summary>
    public required string RelativeTo { get; init; }

    /// <summary>The key below which the files go; empty for the base of the store.</summary>
    public string Prefix { get; init; } = "";
}
