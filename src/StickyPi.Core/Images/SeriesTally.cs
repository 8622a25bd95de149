namespace StickyPi.Core.Images;

/// <summary>
/// Finds which of some series of a device have anything in them, while what is in them is read in the order of time. Of all series, only
/// those that
/// have begun, have not ended and have had nothing yet are looked at for each thing.
/// </summary>
/// <param name="ranges">All series.</param>
/// <param name="members">The places of those of the device, ordered by their beginnings.</param>
/// <param name="found">Whether something was in each of all series; filled meanwhile.</param>
public sealed class SeriesTally(IReadOnlyList<SeriesRange> ranges, IReadOnlyList<int> members, bool[] found)
{
    private readonly List<int> _open = [];
    private int _next;
    private DateTime _last = DateTime.MinValue;

    /// <summary>Counts a picture, or what hangs on one.</summary>
    /// <param name="time">When the picture was taken, UTC.</param>
    public void Count(DateTime time)
    {
        if (Begin(time))
        {
            _ = _open.RemoveAll(i => ranges[i].End <= time || (ranges[i].Contains(time) && (found[i] = true)));
        }
    }

    /// <summary>Counts a span, which belongs to the series that it lies in as a whole.</summary>
    /// <param name="start">Its first moment, UTC.</param>
    /// <param name="end">Its end, UTC.</param>
    public void Count(DateTime start, DateTime end)
    {
        if (Begin(start))
        {
            _ = _open.RemoveAll(i => ranges[i].End < start || (ranges[i].Contains(start, end) && (found[i] = true)));
        }
    }

    // Whether any series may have something for the first time.
    private bool Begin(DateTime time)
    {
        if (time < _last)
        {
            // Another order than that of time: all are looked at again.
            (_next, _last) = (0, DateTime.MinValue);
            _open.Clear();
        }

        _last = time;
        for (; _next < members.Count && ranges[members[_next]].Start <= time; _next++)
        {
            if (!found[members[_next]])
            {
                _open.Add(members[_next]);
            }
        }

        return _open.Count > 0;
    }
}
