using SQLitePCL;
using StickyPi.Core.Images;

namespace StickyPi.Providers.Sqlite;

/// <summary>
/// Reads rows of the table <c>images</c>. It reads the columns as SQLite holds them, without making texts of times, which is most of
/// the cost of a row otherwise; values that recur from row to row are made once.
/// </summary>
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

    /// <summary>Reads the row that a statement stands on.</summary>
    /// <param name="row">A statement over <see cref="Columns"/>.</param>
    /// <returns>The picture.</returns>
    public StickyImage Read(sqlite3_stmt row)
    {
        // A picture without these values, of firmware generation 2, has zeros there: the columns may not be null.
        double? exposure = SqliteColumns.Number(row, 13) is double seconds and not 0 ? seconds : null;
        return new StickyImage
        {
            Id = raw.sqlite3_column_int64(row, 0),
            Device = SqliteColumns.Text(row, 1, ref _device) ?? "",
            DateTime = SqliteColumns.Time(row, 2),
            Md5 = SqliteColumns.Text(row, 3) ?? "",
            DeviceVersion = SqliteColumns.Text(row, 4, ref _deviceVersion),
            Width = raw.sqlite3_column_int(row, 5),
            Height = raw.sqlite3_column_int(row, 6),
            Altitude = SqliteColumns.Number(row, 7),
            Latitude = SqliteColumns.Number(row, 8),
            Longitude = SqliteColumns.Number(row, 9),
            Temperature = SqliteColumns.Number(row, 10),
            Humidity = SqliteColumns.Number(row, 11),
            NoFlashShutterSpeed = exposure is null ? null : SqliteColumns.Number(row, 12),
            NoFlashExposureTime = exposure,
            NoFlashBrightness = exposure is null ? null : SqliteColumns.Number(row, 14),
            NoFlashIso = exposure is null ? null : SqliteColumns.Number(row, 15),
            CreatedAt = SqliteColumns.Time(row, 16),
            ApiVersion = SqliteColumns.Text(row, 17, ref _apiVersion),
            ApiUser = SqliteColumns.Text(row, 18, ref _apiUser),
        };
    }
}
