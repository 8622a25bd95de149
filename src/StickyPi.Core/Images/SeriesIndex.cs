namespace StickyPi.Core.Images;

/// <summary>
/// Several series, found by their devices. What it costs grows with the number of series, not with that times the number of devices.
/// </summary>
public sealed class SeriesIndex
{
    private readonly IReadOnlyList<SeriesRange> _ranges;
    private readonly Dictionary<string, List<int>> _byDevice = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<int>> _byPattern = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Sorts series by their devices. Those without any moment are left out.</summary>
    /// <param name="ranges">The series.</param>
    public SeriesIndex(IReadOnlyList<SeriesRange> ranges)
    {
        _ranges = ranges;
        for (int i = 0; i < ranges.Count; i++)
        {
            Dictionary<string, List<int>> places = ranges[i].IsPattern ? _byPattern : _byDevice;
            if (!places.TryGetValue(ranges[i].Device, out List<int>? list))
            {
                places[ranges[i].Device] = list = [];
            }

            if (ranges[i].Start < ranges[i].End)
            {
                list.Add(i);
            }
        }
    }

    /// <summary>Finds the devices of the series, in the order in which they are read.</summary>
    /// <param name="names">The devices of the store that patterns may stand for.</param>
    /// <returns>The devices.</returns>
    public IReadOnlyList<string> FindDevices(IEnumerable<string> names) =>
    [
        .. names.Where(name => _byPattern.Count > 0 && DevicePattern.Matches(name, _byPattern.Keys))
            .Concat(_byDevice.Keys.Select(device => device.ToLowerInvariant()))
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Finds which of the series are of a device.</summary>
    /// <param name="device">The device.</param>
    /// <returns>Their places in the list, ordered by their beginnings.</returns>
    public IReadOnlyList<int> FindOfDevice(string device) =>
    [
        .. _byPattern.Where(places => DevicePattern.Matches(device, [places.Key])).SelectMany(places => places.Value)
            .Concat(_byDevice.GetValueOrDefault(device) ?? [])
            .OrderBy(i => _ranges[i].Start).ThenByDescending(i => _ranges[i].End).ThenBy(i => i),
    ];

    /// <summary>Joins the series of a device that touch or overlap, so that no moment comes twice.</summary>
    /// <param name="device">The device.</param>
    /// <returns>What to read, in order, and the places of the series that each part was joined from.</returns>
    public IEnumerable<(SeriesRange Part, IReadOnlyList<int> Members)> Join(string device)
    {
        IReadOnlyList<int> all = FindOfDevice(device);
        for (int next = 0; next < all.Count;)
        {
            DateTime? start = _ranges[all[next]].StartTime;
            DateTime? end = _ranges[all[next]].EndTime;
            List<int> members = [all[next++]];
            while (next < all.Count && (end is null || _ranges[all[next]].Start <= end))
            {
                SeriesRange range = _ranges[all[next]];
                end = end is null || range.EndTime is null ? null : range.End > end ? range.End : end;
                members.Add(all[next++]);
            }

            yield return (new SeriesRange(device, start, end), members);
        }
    }

    /// <summary>
    /// Leaves out the series of a device that lie within others. The rest are ordered by their beginnings and by their ends alike.
    /// </summary>
    /// <param name="device">The device.</param>
    /// <returns>The series that remain.</returns>
    public IReadOnlyList<SeriesRange> FindWidest(string device)
    {
        List<SeriesRange> widest = [];
        foreach (SeriesRange range in FindOfDevice(device).Select(i => _ranges[i]))
        {
            if (widest.Count == 0 || range.End > widest[^1].End)
            {
                widest.Add(range with { Device = device });
            }
        }

        return widest;
    }
}
