namespace StickyPi.Core.Images;

/// <summary>A picture of a store: every column of its row, and where one of its files is. Nulls are what the device did not record.</summary>
public sealed record StickyImage
{
    /// <summary>Number of the row in its store.</summary>
    public required long Id { get; init; }

    /// <summary>The device that took the picture: 8 hexadecimal digits.</summary>
    public required string Device { get; init; }

    /// <summary>When the picture was taken, UTC.</summary>
    public required DateTime DateTime { get; init; }

    /// <summary>MD5 of the picture file: 32 hexadecimal digits in lower case.</summary>
    public required string Md5 { get; init; }

    /// <summary>Version of the device's firmware.</summary>
    public string? DeviceVersion { get; init; }

    /// <summary>Width in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Height in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Metres above the sea.</summary>
    public double? Altitude { get; init; }

    /// <summary>Degrees north, put right where the device had swapped the two coordinates; null without a fix.</summary>
    public double? Latitude => GeoPosition.Order(RecordedLatitude, RecordedLongitude).Latitude;

    /// <summary>Degrees east, put right where the device had swapped the two coordinates; null without a fix.</summary>
    public double? Longitude => GeoPosition.Order(RecordedLatitude, RecordedLongitude).Longitude;

    /// <summary>What the file says is the latitude, in degrees; some devices wrote the longitude there.</summary>
    public double? RecordedLatitude { get; init; }

    /// <summary>What the file says is the longitude, in degrees; some devices wrote the latitude there.</summary>
    public double? RecordedLongitude { get; init; }

    /// <summary>Degrees Celsius.</summary>
    public double? Temperature { get; init; }

    /// <summary>Relative humidity in percent.</summary>
    public double? Humidity { get; init; }

    /// <summary>Shutter speed value (APEX) without the flash.</summary>
    public double? NoFlashShutterSpeed { get; init; }

    /// <summary>Exposure time that the camera chose without the flash, in seconds.</summary>
    public double? NoFlashExposureTime { get; init; }

    /// <summary>Brightness value (APEX) without the flash.</summary>
    public double? NoFlashBrightness { get; init; }

    /// <summary>ISO speed without the flash.</summary>
    public double? NoFlashIso { get; init; }

    /// <summary>When the row was written, UTC.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>Version of the program that wrote the row.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>The user who wrote the row; null in a local store.</summary>
    public string? ApiUser { get; init; }

    /// <summary>Which of the picture's files <see cref="Url"/> leads to.</summary>
    public ImageContent What { get; init; }

    /// <summary>A path, in a local store, or a URL of the file that was asked for; empty where only metadata was.</summary>
    public string Url { get; init; } = "";

    /// <summary>Where the picture was taken, with swapped coordinates put right; null without a fix.</summary>
    public GeoPosition? Position => GeoPosition.Correct(RecordedLatitude, RecordedLongitude, Altitude);

    /// <summary>The name of the picture's file.</summary>
    public string FileName => Reference.FileName;

    /// <summary>The name of the picture's file, which says what a column of a table has room for.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => OneLine.Of(FileName);

    /// <summary>What the columns hold, where that is not what was measured; null where it is the same. The Python API answers with it.</summary>
    internal KeptReadings? Stored { get; init; }

    internal ImageReference Reference => new(Device, DateTime);
}
