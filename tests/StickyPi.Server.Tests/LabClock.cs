namespace StickyPi.Tests;

/// <summary>The real time, moved by as much as a test likes.</summary>
public sealed class LabClock : TimeProvider
{
    private TimeSpan _ahead;
    private TimeSpan _jumped;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _ahead + _jumped;

    public override long GetTimestamp() => base.GetTimestamp() + (long)(_ahead.TotalSeconds * TimestampFrequency);

    /// <summary>Time passes.</summary>
    public void Advance(TimeSpan time) => _ahead += time;

    /// <summary>Somebody sets the clock; no time passes.</summary>
    public void Jump(TimeSpan time) => _jumped += time;
}
