namespace StickyPi.Tests;

/// <summary>The real time, moved by as much as a test likes.</summary>
public sealed class LabClock : TimeProvider
{
    private TimeSpan _ahead;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _ahead;

    public void Advance(TimeSpan time) => _ahead += time;
}
