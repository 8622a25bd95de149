using StickyPi.Core.Images;

namespace StickyPi.Providers.Rows;

/// <summary>Reads rows of the table <c>images</c>; values that recur from row to row are made once.</summary>
internal sealed class ImageRows
{
    /// <summary>The columns, in the order in which <see cref="Read"/> takes them.</summary>
    public const string Columns =
        "id, device, datetime, md5, device_version, width, height, alt, lat, lng, temp, hum, no_flash_shutter_speed, "
        + "no_flash_exposure_time, no_flash_bv, no_flash_iso, datetime_created, api_version, api_user";

    /// <summary>Finds one picture.</summary>
    public const string Find = $"SELECT {Columns} FROM images WHERE {IsImage}";

    /// <summary>Removes one picture.</summary>
    public const string Delete = $"DELETE FROM images WHERE {IsImage}";

    /// <summary>One page of the pictures of a device.</summary>
    public const string Page = $"SELECT {Columns} {InRange} ORDER BY datetime LIMIT @count OFFSET @skip";

    /// <summary>Counts pictures of a device.</summary>
    public const string Count = $"SELECT count(*) {InRange}";

    /// <summary>
    /// The devices, in order. They are few and rows are many: this hops from device to device in the index instead of reading every row.
    /// </summary>
    public const string DeviceNames =
        """
        WITH RECURSIVE names(device) AS (
            SELECT min(device) FROM images
            UNION ALL SELECT (SELECT min(device) FROM images WHERE device > names.device) FROM names WHERE device IS NOT NULL)
        SELECT device FROM names WHERE device IS NOT NULL
        """;

    /// <summary>How many pictures a device has, and the times of its first and its last.</summary>
    public const string DeviceRange = "SELECT count(*), min(datetime), max(datetime) FROM images WHERE device = @device";

    /// <summary>The last picture of a device that has a position.</summary>
    public const string LastLocated =
        $"""
        SELECT {Columns} FROM images WHERE device = @device AND NOT (lat = 0 AND lng = 0)
            AND ((lat BETWEEN -90 AND 90 AND lng BETWEEN -180 AND 180) OR (lng BETWEEN -90 AND 90 AND lat BETWEEN -180 AND 180)) {Latest}
        """;

    /// <summary>The last picture of a device that has a temperature.</summary>
    public const string LastMeasured =
        $"SELECT {Columns} FROM images WHERE device = @device AND temp > {LowestTemperature} AND temp < {HighestTemperature} {Latest}";

    // Those of Recorded. In SQLite, where a column may hold a text, any text is greater than any number.
    private const string LowestTemperature = "-273.15";
    private const string HighestTemperature = "1000000";
    private const string IsImage = "device = @device AND datetime = @time";
    private const string InRange = "FROM images WHERE device = @device AND datetime >= @start AND datetime < @end";
    private const string Latest = "ORDER BY datetime DESC LIMIT 1";
    private const int DeviceVersionLength = 8;

    private string? _device;
    private string? _deviceVersion;
    private string? _apiVersion;
    private string? _apiUser;

    /// <summary>The values of <see cref="CatalogTable.Images"/>. Columns that may not be null take zeros where a picture has no such values.</summary>
    /// <param name="metadata">What a picture says of itself.</param>
    /// <returns>The values.</returns>
    public static object?[] ValuesOf(ImageMetadata metadata) =>
    [
        metadata.Device, metadata.DateTime, metadata.Md5, ShortenVersion(metadata.DeviceVersion), metadata.Width, metadata.Height,
        metadata.Altitude, metadata.RecordedLatitude, metadata.RecordedLongitude, metadata.Temperature, metadata.Humidity,
        metadata.NoFlashShutterSpeed ?? 0, metadata.NoFlashExposureTime ?? 0, metadata.NoFlashBrightness ?? 0, metadata.NoFlashIso ?? 0,
    ];

    /// <summary>Reads a row.</summary>
    /// <typeparam name="TRow">The kind of row.</typeparam>
    /// <param name="row">A row of <see cref="Columns"/>.</param>
    /// <returns>The picture.</returns>
    public StickyImage Read<TRow>(TRow row)
        where TRow : struct, ICatalogRow
    {
        (double? exposure, double? shutter, double? brightness, double? iso) =
            StoredExposure.Read(row.Number(13), row.Number(12), row.Number(14), row.Number(15));
        StoredReadings stored = new(row.Number(7), row.Number(8), row.Number(9), row.Number(10), row.Number(11));
        StoredReadings measured = stored.Measured;
        return new StickyImage
        {
            Id = row.Int64(0),
            Device = row.Text(1, ref _device) ?? "",
            DateTime = row.SearchedTime(2),
            Md5 = row.Text(3) ?? "",
            DeviceVersion = row.Text(4, ref _deviceVersion),
            Width = row.Int32(5),
            Height = row.Int32(6),
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
            CreatedAt = row.Time(16),
            ApiVersion = row.Text(17, ref _apiVersion),
            ApiUser = row.Text(18, ref _apiUser),
        };
    }

    private static string? ShortenVersion(string? version) => version is { Length: > DeviceVersionLength } ? version[..DeviceVersionLength] : version;
}
