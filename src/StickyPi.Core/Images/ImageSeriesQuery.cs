namespace StickyPi.Core.Images;

/// <summary>Which pictures make a series: those of some devices within a half-open range of time, ordered by device and time.</summary>
public sealed record ImageSeriesQuery
{
    /// <summary>Devices or patterns, see <see cref="DevicePattern"/>; none means all devices.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>The first moment that belongs to the series, UTC; null for no limit.</summary>
    public DateTime? StartTime { get; init; }

    /// <summary>The first moment after the series, UTC; null for no limit.</summary>
    public DateTime? EndTime { get; init; }

    /// <summary>Which file the urls of the pictures lead to.</summary>
    public ImageContent What { get; init; }

    /// <summary>How many pictures to leave out at the beginning.</summary>
    public long Skip { get; init; }

    /// <summary>How many pictures to return at most; null for all.</summary>
    public long? First { get; init; }
}
