using StickyPi.Core.Storage;

namespace StickyPi.Core.Bundles;

/// <summary>How to bring a bundle to or from a store.</summary>
public sealed record SyncMlBundleOptions : SyncOptions
{
    /// <summary>From where to where.</summary>
    public required SyncDirection Direction { get; init; }

    /// <summary>Which files are meant.</summary>
    public MlBundleContent Content { get; init; }

    /// <summary>
    /// Whether what the source lacks is deleted at the target: last of all, not after any error, and not if the source has no files at all.
    /// </summary>
    public bool Delete { get; init; }
}
