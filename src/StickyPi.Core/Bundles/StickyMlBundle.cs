namespace StickyPi.Core.Bundles;

/// <summary>A bundle of a store: the training data, configuration and model of a machine-learning algorithm.</summary>
public sealed record StickyMlBundle
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>How many files it has.</summary>
    public required int FileCount { get; init; }

    /// <summary>Their size in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>The version of its model, <c>&lt;unix time&gt;-&lt;MD5&gt;</c>, as its file <c>output/.version.txt</c> says; null where it has none.</summary>
    public string? Version { get; init; }

    /// <summary>When the store got the newest of its files, UTC.</summary>
    public required DateTime LastModified { get; init; }

    /// <summary>The name of the bundle.</summary>
    /// <returns>The name, as it can be shown.</returns>
    public override string ToString() => OneLine.Of(Name);
}
