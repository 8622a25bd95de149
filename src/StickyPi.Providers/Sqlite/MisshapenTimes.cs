using Microsoft.Data.Sqlite;
using StickyPi.Core;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;

namespace StickyPi.Providers.Sqlite;

/// <summary>
/// Finds rows that another program gave a time of another shape: with a T, a zone or no fraction, or as a number. SQLite compares times as
/// texts, so that a search by time would pass over such a row without a word.
/// </summary>
internal sealed class MisshapenTimes : IDisposable
{
    /// <summary>
    /// The rows of a device near a range of time. A time with a zone sorts by its clock, which is up to 14 hours off; one with a T sorts behind the
    /// others of its day; numbers, and dates that begin with the day or the month, sort among years that no picture has. A literal that looks
    /// like a number would be compared as one.
    /// </summary>
    public const string NearRange =
        $"""
        {Images} datetime < '1900-' AND {Misshapen}
        UNION ALL {Images} datetime >= '20-' AND datetime < '2000-' AND {Misshapen}
        UNION ALL {Images} datetime >= '21-' AND {Misshapen}
        UNION ALL {Images} datetime >= @before AND datetime < @start AND {Misshapen}
        UNION ALL {Images} datetime >= @end AND datetime < @after AND {Misshapen}
        LIMIT 1
        """;

    /// <summary>The series, which are few.</summary>
    public const string Series =
        $"""
        SELECT id, start_datetime, end_datetime FROM tuboid_series
        WHERE typeof(start_datetime) <> 'text' OR start_datetime NOT GLOB {Shape} OR typeof(end_datetime) <> 'text' OR end_datetime NOT GLOB {Shape}
        LIMIT 1
        """;

    private const string Shape = "'????-??-?? ??:??:??.??????'";
    private const string Misshapen = $"(typeof(datetime) <> 'text' OR datetime NOT GLOB {Shape})";
    private const string Images = "SELECT id, datetime FROM images WHERE device = @device AND";
    private const string EndOfMinute = ":9";
    private static readonly TimeSpan MostOff = TimeSpan.FromHours(14);

    private readonly SqliteCommand _command;

    /// <summary>Prepares for looking.</summary>
    /// <param name="connection">Where.</param>
    public MisshapenTimes(SqliteConnection connection)
    {
        _command = connection.CreateCommand();
        _command.CommandText = NearRange;
        foreach (string name in (string[])["@device", "@before", "@start", "@end", "@after"])
        {
            _ = _command.Parameters.Add(name, SqliteType.Text);
        }
    }

    /// <summary>
    /// Throws where a picture has a time of another shape that may be a certain one. One with a zone is found where its clock shows the same:
    /// to look at those of half a day before and after would take longer than all else that is done for a picture which is not there.
    /// </summary>
    /// <param name="reference">The device and the time.</param>
    /// <exception cref="StickyException"><c>InvalidRow</c>.</exception>
    public void ThrowIfAt(ImageReference reference)
    {
        string minute = SqliteColumns.ToText(reference.DateTime)[..SqliteColumns.MinuteLength];
        string withT = minute.Replace(' ', 'T');
        ThrowIfAny(reference.Device, minute, minute + EndOfMinute, withT, withT + EndOfMinute);
    }

    private void ThrowIfNear(DeviceRange range)
    {
        (DateTime start, DateTime end) = (range.StartTime, range.EndTime);
        ThrowIfAny(
            range.Device,
            SqliteColumns.ToText(start - DateTime.MinValue > MostOff ? start - MostOff : start),
            SqliteColumns.ToText(start),
            SqliteColumns.ToText(end),
            DateTime.MaxValue - end > MostOff + TimeSpan.FromDays(1)
                ? SqliteColumns.ToText((end + MostOff).AddDays(1))[..SqliteColumns.DateLength]
                : SqliteColumns.ToText(end));
    }

    private void ThrowIfAny(params ReadOnlySpan<string> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            _command.Parameters[i].Value = values[i];
        }

        using SqliteDataReader reader = _command.ExecuteReader();
        if (reader.Read())
        {
            _ = reader.Row().SearchedTime(1);
        }
    }

    /// <summary>Throws where a picture has a time of another shape that may be one of a range.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="range">The device and the range of time.</param>
    /// <exception cref="StickyException"><c>InvalidRow</c>.</exception>
    public static void ThrowIfNear(SqliteConnection connection, DeviceRange range)
    {
        using MisshapenTimes times = new(connection);
        times.ThrowIfNear(range);
    }

    /// <summary>Throws where a series of tuboids has a time of another shape.</summary>
    /// <param name="connection">Where.</param>
    /// <exception cref="StickyException"><c>InvalidRow</c>.</exception>
    public static void ThrowIfAnySeries(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = Series;
        using SqliteDataReader reader = command.ExecuteReader();
        if (reader.Read())
        {
            _ = reader.Row().SearchedTime(1);
            _ = reader.Row().SearchedTime(2);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _command.Dispose();
}
