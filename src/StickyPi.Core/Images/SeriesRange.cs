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

    private DateTime Start => StartTime ?? DateTime.MinValue;

    private DateTime End => EndTime ?? DateTime.MaxValue;

    /// <summary>Finds the devices of some series, in the order in which they are read.</summary>
    /// <param name="ranges">The series.</param>
    /// <param name="names">The devices of the store that patterns may stand for.</param>
    /// <returns>The devices.</returns>
    public static IReadOnlyList<string> FindDevices(IReadOnlyList<SeriesRange> ranges, IEnumerable<string> names)
    {
        string[] patterns = [.. ranges.Where(range => range.IsPattern).Select(range => range.Device).Distinct()];
        return
        [
            .. names.Where(name => patterns.Length > 0 && DevicePattern.Matches(name, patterns))
                .Concat(ranges.Where(range => !range.IsPattern).Select(range => range.Device.ToLowerInvariant()))
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Finds which of some series are of a device.</summary>
    /// <param name="ranges">The series.</param>
    /// <param name="device">The device.</param>
    /// <returns>Their places in the list, ordered by their beginnings. Series without any moment are left out.</returns>
    public static IReadOnlyList<int> FindOfDevice(IReadOnlyList<SeriesRange> ranges, string device) =>
    [
        .. Enumerable.Range(0, ranges.Count)
            .Where(i => ranges[i].Start < ranges[i].End && DevicePattern.Matches(device, [ranges[i].Device]))
            .OrderBy(i => ranges[i].Start).ThenByDescending(i => ranges[i].End),
    ];

    /// <summary>Joins the series of a device that touch or overlap, so that no moment comes twice.</summary>
    /// <param name="ranges">All series.</param>
    /// <param name="device">The device.</param>
    /// <returns>What to read, in order, and the places of the series that each part was joined from.</returns>
    public static IEnumerable<(SeriesRange Part, IReadOnlyList<int> Members)> Join(IReadOnlyList<SeriesRange> ranges, string device)
    {
        IReadOnlyList<int> all = FindOfDevice(ranges, device);
        for (int next = 0; next < all.Count;)
        {
            DateTime? start = ranges[all[next]].StartTime;
            DateTime? end = ranges[all[next]].EndTime;
            List<int> members = [all[next++]];
            while (next < all.Count && (end is null || ranges[all[next]].Start <= end))
            {
                end = end is null || ranges[all[next]].EndTime is null ? null : ranges[all[next]].End > end ? ranges[all[next]].End : end;
                members.Add(all[next++]);
            }

            yield return (new SeriesRange(device, start, end), members);
        }
    }

    /// <summary>Leaves out the series of a device that lie within others. The rest are ordered by their beginnings and by their ends alike.</summary>
    /// <param name="ranges">All series.</param>
    /// <param name="device">The device.</param>
    /// <returns>The series that remain.</returns>
    public static IReadOnlyList<SeriesRange> FindWidest(IReadOnlyList<SeriesRange> ranges, string device)
    {
        List<SeriesRange> widest = [];
        foreach (SeriesRange range in FindOfDevice(ranges, device).Select(i => ranges[i]))
        {
            if (widest.Count == 0 || range.End > widest[^1].End)
            {
                widest.Add(range with { Device = device });
            }
        }

        return widest;
    }

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
