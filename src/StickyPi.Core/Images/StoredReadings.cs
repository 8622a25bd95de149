namespace StickyPi.Core.Images;

/// <summary>
/// The columns of a picture's row that may hold values which stand for none: the Python client of 2023 stores what the firmware writes. Such
/// a picture is listed without them, while the row and the Python API keep them.
/// </summary>
/// <param name="Altitude">Metres.</param>
/// <param name="Latitude">Degrees.</param>
/// <param name="Longitude">Degrees.</param>
/// <param name="Temperature">Degrees Celsius.</param>
/// <param name="Humidity">Percent.</param>
internal readonly record struct StoredReadings(double? Altitude, double? Latitude, double? Longitude, double? Temperature, double? Humidity)
{
    /// <summary>What was measured of it.</summary>
    public StoredReadings Measured
    {
        get
        {
            double? temperature = Recorded.Temperature(Temperature);
            double? humidity = Recorded.Humidity(Humidity, temperature);
            return Recorded.IsFix(Latitude, Longitude, Altitude)
                ? this with { Temperature = temperature, Humidity = humidity }
                : new StoredReadings(null, null, null, temperature, humidity);
        }
    }

    /// <summary>What a picture keeps of it.</summary>
    /// <param name="measured">What was measured.</param>
    /// <returns>All of it, or null where everything was measured.</returns>
    public KeptReadings? Keep(StoredReadings measured) => this == measured ? null : new KeptReadings(this);
}

/// <summary>What a row holds, kept by the pictures whose row holds more or other values than were measured.</summary>
/// <param name="Values">The values.</param>
internal sealed record KeptReadings(StoredReadings Values);
