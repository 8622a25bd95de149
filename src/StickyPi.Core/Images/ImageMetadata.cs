namespace StickyPi.Core.Images;

/// <summary>What a picture file says of itself, without a store. A value is null where the file has none.</summary>
public sealed record ImageMetadata
{
    /// <summary>The file that was read.</summary>
    public required string Path { get; init; }

    /// <summary>Its name without folders.</summary>
    public required string FileName { get; init; }

    /// <summary>The device that took the picture: 8 hexadecimal digits.</summary>
    public required string Device { get; init; }

    /// <summary>When the picture was taken, UTC.</summary>
    public required DateTime DateTime { get; init; }

    /// <summary>MD5 of the whole file: 32 hexadecimal digits in lower case.</summary>
    public required string Md5 { get; init; }

    /// <summary>Width in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Height in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Degrees north, put right where the device had swapped the two coordinates; null without a fix.</summary>
    public double? Latitude => GeoPosition.Order(RecordedLatitude, RecordedLongitude).Latitude;

    /// <summary>Degrees east, put right where the device had swapped the two coordinates; null without a fix.</summary>
    public double? Longitude => GeoPosition.Order(RecordedLatitude, RecordedLongitude).Longitude;

    /// <summary>What the file says is the latitude, in degrees; some devices wrote the longitude there.</summary>
    public double? RecordedLatitude { get; init; }

    /// <summary>What the file says is the longitude, in degrees; some devices wrote the latitude there.</summary>
    public double? RecordedLongitude { get; init; }

    /// <summary>Metres above the sea.</summary>
    public double? Altitude { get; init; }

    /// <summary>Degrees Celsius.</summary>
    public double? Temperature { get; init; }

    /// <summary>Relative humidity in percent.</summary>
    public double? Humidity { get; init; }

    /// <summary>Exposure time that the camera chose without the flash, in seconds.</summary>
    public double? NoFlashExposureTime { get; init; }

    /// <summary>ISO speed without the flash.</summary>
    public double? NoFlashIso { get; init; }

    /// <summary>Brightness value (APEX) without the flash.</summary>
    public double? NoFlashBrightness { get; init; }

    /// <summary>Shutter speed value (APEX) without the flash.</summary>
    public double? NoFlashShutterSpeed { get; init; }

    /// <summary>Version of the firmware.</summary>
    public string? DeviceVersion { get; init; }

    /// <summary>Charge of the battery in percent.</summary>
    public int? Battery { get; init; }

    /// <summary>Ambient light.</summary>
    public double? Luminosity { get; init; }

    /// <summary>When the device last synchronised, in its own words.</summary>
    public string? LastSync { get; init; }

    /// <summary>Whether the picture was taken by the button.</summary>
    public bool? ButtonPressed { get; init; }

    /// <summary>Where the picture was taken, with swapped coordinates put right; null without a fix.</summary>
    public GeoPosition? Position => GeoPosition.Correct(RecordedLatitude, RecordedLongitude, Altitude);

    internal ImageReference Reference => new(Device, DateTime);

    /// <summary>The path of the file.</summary>
    /// <returns>The path, as it can be shown.</returns>
    public override string ToString() => OneLine.Of(Path);
}
