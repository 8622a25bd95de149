using StickyPi.Core.Images;

namespace StickyPi.Core.Tuboids;

/// <summary>
/// Which tuboids are meant: those of the series that lie wholly within a range of time, both of its ends included, as with the existing API.
/// </summary>
public sealed record TuboidQuery
{
    /// <summary>Devices or patterns, see <see cref="DevicePattern"/>; none means all devices.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>Series that start before this moment are left out, UTC; null for no limit.</summary>
    public DateTime? StartTime { get; init; }

    /// <summary>Series that end after this moment are left out, UTC; null for no limit.</summary>
    public DateTime? EndTime { get; init; }

    /// <summary>Algorithms that made the series, or patterns, see <see cref="NamePattern"/>; none means all.</summary>
    public IReadOnlyList<string> AlgoNames { get; init; } = [];

    /// <summary>Versions of those algorithms, or patterns; none means all.</summary>
    public IReadOnlyList<string> AlgoVersions { get; init; } = [];

    /// <summary>Whether the urls of the tuboids lead to their files.</summary>
    public TuboidContent What { get; init; }

    /// <summary>Whether the tuboids come with their labels: once for each label, and once without where there is none.</summary>
    public bool IncludeLabels { get; init; }
}
