using System.Globalization;

namespace StickyPi.Core.Images;

/// <summary>Where a picture was taken, as far as that can be told.</summary>
/// <param name="Latitude">Degrees north, −90 to 90.</param>
/// <param name="Longitude">Degrees east, −180 to 180.</param>
/// <param name="Altitude">Metres above the sea, or null.</param>
/// <param name="Swapped">Whether the device had written the two coordinates in each other's place, and this puts them right.</param>
public sealed record GeoPosition(double Latitude, double Longitude, double? Altitude, bool Swapped)
{
    /// <summary>
    /// Makes a position of what a file or row says. Some devices swapped the coordinates: a "latitude" beyond ±90 whose "longitude"
    /// could be one tells them. Latitude and longitude of exactly 0 are what a receiver without a fix reports.
    /// </summary>
    /// <param name="latitude">What is stored as latitude, in degrees.</param>
    /// <param name="longitude">What is stored as longitude, in degrees.</param>
    /// <param name="altitude">Metres above the sea.</param>
    /// <returns>The position, or null where there was no fix or the values are impossible either way round.</returns>
    public static GeoPosition? Correct(double? latitude, double? longitude, double? altitude) =>
        Order(latitude, longitude) is (double lat, double lng) ? new GeoPosition(lat, lng, altitude, lat != latitude || lng != longitude) : null;

    /// <summary>The coordinates of <see cref="Correct"/>, without making a position of them.</summary>
    /// <param name="latitude">What is stored as latitude, in degrees.</param>
    /// <param name="longitude">What is stored as longitude, in degrees.</param>
    /// <returns>Latitude and longitude; both null where there was no fix or the values are impossible either way round.</returns>
    internal static (double? Latitude, double? Longitude) Order(double? latitude, double? longitude) => (latitude, longitude) switch
    {
        (double and 0, double and 0) => (null, null),
        (double lat, double lng) when IsPossible(lat, lng) => (lat, lng),
        (double lat, double lng) when IsPossible(lng, lat) => (lng, lat),
        _ => (null, null),
    };

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Latitude:0.######}, {Longitude:0.######}{(Altitude is double metres ? $" ({metres:0.#} m)" : "")}");

    private static bool IsPossible(double latitude, double longitude) => Math.Abs(latitude) <= 90 && Math.Abs(longitude) <= 180;
}
