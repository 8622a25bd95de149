namespace StickyPi.Core.Remote.Api;

/// <summary>How many there are.</summary>
/// <param name="Count">Their number.</param>
public sealed record ApiCount(long Count);
