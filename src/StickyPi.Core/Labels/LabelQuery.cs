namespace StickyPi.Core.Labels;

/// <summary>Which labels are meant.</summary>
public sealed record LabelQuery
{
    /// <summary>Exact tuboids; null for all. One that the store does not have, or that has no label, yields nothing.</summary>
    public IReadOnlyList<string>? TuboidIds { get; init; }

    /// <summary>Those who gave the labels, or patterns, see <see cref="NamePattern"/>; none means all.</summary>
    public IReadOnlyList<string> AlgoNames { get; init; } = [];

    /// <summary>Their versions, or patterns; none means all.</summary>
    public IReadOnlyList<string> AlgoVersions { get; init; } = [];
}
