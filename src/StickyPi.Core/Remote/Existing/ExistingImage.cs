using System.Text.Json.Serialization;
using StickyPi.Core.Images;

namespace StickyPi.Core.Remote.Existing;

/// <summary>A row of <c>images</c>.</summary>
public sealed record ExistingImage
{
    /// <inheritdoc cref="StickyImage.Altitude"/>
    public double? Alt { get; init; }

    /// <inheritdoc cref="StickyImage.ApiUser"/>
    public string? ApiUser { get; init; }

    /// <inheritdoc cref="StickyImage.ApiVersion"/>
    public string? ApiVersion { get; init; }

    /// <inheritdoc cref="StickyImage.DateTime"/>
    [JsonPropertyName("datetime")]
    public required DateTime DateTime { get; init; }

    /// <inheritdoc cref="StickyImage.CreatedAt"/>
    [JsonPropertyName("datetime_created")]
    public DateTime CreatedAt { get; init; }

    /// <inheritdoc cref="StickyImage.Device"/>
    public required string Device { get; init; }

    /// <inheritdoc cref="StickyImage.DeviceVersion"/>
    public string? DeviceVersion { get; init; }

    /// <inheritdoc cref="StickyImage.Height"/>
    public int Height { get; init; }

    /// <inheritdoc cref="StickyImage.Humidity"/>
    public double? Hum { get; init; }

    /// <summary>Number of the row; the existing server leaves it null in its answer to an upload.</summary>
    public long? Id { get; init; }

    /// <inheritdoc cref="StickyImage.RecordedLatitude"/>
    public double? Lat { get; init; }

    /// <inheritdoc cref="StickyImage.RecordedLongitude"/>
    public double? Lng { get; init; }

    /// <inheritdoc cref="StickyImage.Md5"/>
    public required string Md5 { get; init; }

    /// <inheritdoc cref="StickyImage.NoFlashBrightness"/>
    public double? NoFlashBv { get; init; }

    /// <summary>Seconds; 0 where no <c>no_flash</c> value was recorded, as the columns cannot be null.</summary>
    public double? NoFlashExposureTime { get; init; }

    /// <inheritdoc cref="StickyImage.NoFlashIso"/>
    public double? NoFlashIso { get; init; }

    /// <inheritdoc cref="StickyImage.NoFlashShutterSpeed"/>
    public double? NoFlashShutterSpeed { get; init; }

    /// <inheritdoc cref="StickyImage.Temperature"/>
    public double? Temp { get; init; }

    /// <summary>Where the file that was asked for can be fetched; empty for metadata, absent from answers to uploads and deletions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Url { get; init; }

    /// <inheritdoc cref="StickyImage.Width"/>
    public int Width { get; init; }

    /// <summary>Tells a picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="withUrl">Whether the answer has a url, which may be empty.</param>
    /// <returns>What goes over the wire.</returns>
    public static ExistingImage From(StickyImage image, bool withUrl) => new()
    {
        Alt = image.Stored is null ? image.Altitude : image.Stored.Values.Altitude,
        ApiUser = image.ApiUser,
        ApiVersion = image.ApiVersion,
        DateTime = image.DateTime,
        CreatedAt = image.CreatedAt,
        Device = image.Device,
        DeviceVersion = image.DeviceVersion,
        Height = image.Height,
        Hum = image.Stored is null ? image.Humidity : image.Stored.Values.Humidity,
        Id = image.Id,
        Lat = image.Stored is null ? image.RecordedLatitude : image.Stored.Values.Latitude,
        Lng = image.Stored is null ? image.RecordedLongitude : image.Stored.Values.Longitude,
        Md5 = image.Md5,
        NoFlashBv = image.NoFlashBrightness ?? 0,
        NoFlashExposureTime = image.NoFlashExposureTime ?? 0,
        NoFlashIso = image.NoFlashIso ?? 0,
        NoFlashShutterSpeed = image.NoFlashShutterSpeed ?? 0,
        Temp = image.Stored is null ? image.Temperature : image.Stored.Values.Temperature,
        Url = withUrl ? image.Url : null,
        Width = image.Width,
    };

    /// <summary>Makes the picture again.</summary>
    /// <param name="what">Which file the url leads to.</param>
    /// <returns>The picture; its id is 0 where the server did not say it.</returns>
    public StickyImage ToImage(ImageContent what)
    {
        (double? exposure, double? shutter, double? brightness, double? iso) =
            StoredExposure.Read(NoFlashExposureTime, NoFlashShutterSpeed, NoFlashBv, NoFlashIso);
        StoredReadings stored = new(Alt, Lat, Lng, Temp, Hum);
        StoredReadings measured = stored.Measured;
        return new StickyImage
        {
            Id = Id ?? 0,
            Device = Device,
            DateTime = DateTime,
            Md5 = Md5,
            DeviceVersion = DeviceVersion,
            Width = Width,
            Height = Height,
            Altitude = measured.Altitude,
            RecordedLatitude = measured.Latitude,
            RecordedLongitude = measured.Longitude,
            Temperature = measured.Temperature,
            Humidity = measured.Humidity,
            Stored = stored.Keep(measured),
            NoFlashShutterSpeed = shutter,
            NoFlashExposureTime = exposure,
            NoFlashBrightness = brightness,
            NoFlashIso = iso,
            CreatedAt = CreatedAt,
            ApiVersion = ApiVersion,
            ApiUser = ApiUser,
            What = what,
            Url = Url ?? "",
        };
    }
}

/// <summary>An exact picture that is asked for or deleted.</summary>
/// <param name="Device">The device.</param>
/// <param name="DateTime">When it was taken, UTC.</param>
/// <param name="Md5">Its MD5, where a file is about to be sent; the server does not look at it.</param>
public sealed record ExistingImageReference(
    string Device,
    [property: JsonPropertyName("datetime")] DateTime DateTime,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Md5 = null);
