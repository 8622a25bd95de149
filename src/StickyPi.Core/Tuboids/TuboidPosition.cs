namespace StickyPi.Core.Tuboids;

/// <summary>Where a tuboid, or a series of them, stands in the order in which a store lists them.</summary>
/// <param name="Device">The device of the series.</param>
/// <param name="SeriesStartTime">When the series starts, UTC.</param>
/// <param name="SeriesRowId">The number of the row of the series.</param>
/// <param name="TuboidRowId">The number of the row of the tuboid; 0 for the series itself.</param>
public readonly record struct TuboidPosition(string Device, DateTime SeriesStartTime, long SeriesRowId, long TuboidRowId = 0) : IComparable<TuboidPosition>
{
    /// <summary>Where a series stands.</summary>
    /// <param name="series">The series.</param>
    /// <returns>Its position.</returns>
    public static TuboidPosition Of(StickyTuboidSeries series) => new(series.Device, series.StartTime, series.Id);

    /// <summary>Where a tuboid stands.</summary>
    /// <param name="tuboid">The tuboid.</param>
    /// <returns>Its position.</returns>
    public static TuboidPosition Of(StickyTuboid tuboid) => new(tuboid.Device, tuboid.SeriesStartTime, tuboid.SeriesRowId, tuboid.Id);

    /// <inheritdoc/>
    public int CompareTo(TuboidPosition other)
    {
        int order = string.CompareOrdinal(Device, other.Device);
        order = order != 0 ? order : SeriesStartTime.CompareTo(other.SeriesStartTime);
        order = order != 0 ? order : SeriesRowId.CompareTo(other.SeriesRowId);
        return order != 0 ? order : TuboidRowId.CompareTo(other.TuboidRowId);
    }
}
