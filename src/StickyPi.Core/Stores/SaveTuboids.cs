using StickyPi.Core.Tuboids;

namespace StickyPi.Core.Stores;

/// <summary>How to copy tuboids out of a store.</summary>
public sealed record SaveTuboidOptions
{
    /// <summary>The folder to copy to, absolute; it gets a folder for each series, with one for each tuboid.</summary>
    public required string Destination { get; init; }

    /// <summary>Whether different files of the same names are overwritten.</summary>
    public bool Force { get; init; }

    /// <summary>Asked, with the folder of a tuboid, before a file is written; null for yes.</summary>
    public Func<string, CancellationToken, ValueTask<bool>>? Confirm { get; init; }

    /// <summary>The folder of a saved tuboid below the destination: <c>&lt;series id&gt;/&lt;tuboid id&gt;</c>, as in stores.</summary>
    /// <param name="id">The tuboid.</param>
    /// <returns>An absolute path.</returns>
    public string GetFolder(TuboidId id) => Path.Combine(Destination, id.SeriesId, id.Text);
}
