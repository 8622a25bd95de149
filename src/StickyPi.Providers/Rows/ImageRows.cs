using StickyPi.Core.Images;

namespace StickyPi.Providers.Rows;

/// <summary>Reads rows of the table <c>images</c>; values that recur from row to row are made once.</summary>
internal sealed class ImageRows
{
    /// <summary>The columns, in the order in which <see cref="Read"/> takes them.</summary>
    public const string Columns =
        "id, device, datetime, md5, device_version, width, height, alt, lat, lng, temp, hum, no_flash_shutter_speed, "
        + "no_flash_exposure_time, no_flash_bv, no_flash_iso, datetime_created, api_version, api_user";

    private string? _device;
    private string? _deviceVersion;
    private string? _apiVersion;
    private string? _apiUser;

    /// <summary>Reads a row.</summary>
    /// <typeparam name="TRow">The kind of row.</typeparam>
    /// <param name="row">A row of <see cref="Columns"/>.</param>
    /// <returns>The picture.</returns>
    public StickyImage Read<TRow>(TRow row)
        where TRow : struct, ICatalogRow
    {
        // A picture without these values, of firmware generation 2, has zeros there: the columns may not be null.
        double? exposure = row.Number(13) is double seconds and not 0 ? seconds : null;
        return new StickyImage
        {
            Id = row.Int64(0),
            Device = row.Text(1, ref _device) ?? "",
            DateTime = row.Time(2),
            Md5 = row.Text(3) ?? "",
            DeviceVersion = row.Text(4, ref _deviceVersion),
            Width = row.Int32(5),
            Height = row.Int32(6),
            Altitude = row.Number(7),
            Latitude = row.Number(8),
            Longitude = row.Number(9),
            Temperature = row.Number(10),
            Humidity = row.Number(11),
            NoFlashShutterSpeed = exposure is null ? null : row.Number(12),
            NoFlashExposureTime = exposure,
            NoFlashBrightness = exposure is null ? null : row.Number(14),
            NoFlashIso = exposure is null ? null : row.Number(15),
            CreatedAt = row.Time(16),
            ApiVersion = row.Text(17, ref _apiVersion),
            ApiUser = row.Text(18, ref _apiUser),
        };
    }
}
