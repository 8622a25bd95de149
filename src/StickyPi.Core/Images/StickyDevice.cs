namespace StickyPi.Core.Images;

/// <summary>A device as a store knows it: what its pictures say.</summary>
public sealed record StickyDevice
{
    /// <summary>The device: 8 hexadecimal digits.</summary>
    public required string Device { get; init; }

    /// <summary>How many of its pictures the store holds.</summary>
    public required long ImageCount { get; init; }

    /// <summary>Time of its first picture, UTC.</summary>
    public required DateTime FirstImage { get; init; }

    /// <summary>Time of its last picture, UTC.</summary>
    public required DateTime LastImage { get; init; }

    /// <summary>Where it was at its last picture with a fix, swapped coordinates put right; null where it never had one.</summary>
    public GeoPosition? LastPosition { get; init; }

    /// <summary>Degrees Celsius at its last picture with a temperature; null where it never recorded one.</summary>
    public double? LastTemperature { get; init; }

    /// <summary>The name of the device.</summary>
    /// <returns>The name, as it can be shown.</returns>
    public override string ToString() => OneLine.Of(Device);
}
