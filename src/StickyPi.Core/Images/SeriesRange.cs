namespace StickyPi.Core.Images;

/// <summary>One of several series that are read together.</summary>
/// <param name="Device">A device, or a pattern of devices.</param>
/// <param name="StartTime">The first moment that belongs to it, UTC; null where it has no beginning.</param>
/// <param name="EndTime">The first moment after it, UTC; null where it has no end.</param>
public sealed record SeriesRange(string Device, DateTime? StartTime, DateTime? EndTime)
{
    /// <summary>Whether <see cref="Device"/> may stand for several devices.</summary>
    public bool IsPattern => Device.AsSpan().ContainsAny("*?%_");

    /// <summary>The query for all pictures of the series.</summary>
    public ImageSeriesQuery Query => new() { Devices = [Device], StartTime = StartTime, EndTime = EndTime };

    internal DateTime Start => StartTime ?? DateTime.MinValue;

    internal DateTime End => EndTime ?? DateTime.MaxValue;

    /// <summary>Tells whether a moment belongs to the series.</summary>
    /// <param name="time">The moment, UTC.</param>
    /// <returns>Whether it does.</returns>
    public bool Contains(DateTime time) => time >= Start && time < End;

    /// <summary>Tells whether a whole span lies within the series, its end included.</summary>
    /// <param name="start">The first moment of the span, UTC.</param>
    /// <param name="end">The end of the span, UTC.</param>
    /// <returns>Whether it does.</returns>
    public bool Contains(DateTime start, DateTime end) => start >= Start && end <= End;
}
