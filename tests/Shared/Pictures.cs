using QuickStart;
using StickyPi.Core.Images;
using StickyPi.Providers;

namespace StickyPi.Tests;

/// <summary>Small pictures as devices write them, for tests that need valid files and not what is on them.</summary>
public static class Pictures
{
    public static StickyProviders Providers { get; } = new();

    public static SampleCamera Camera { get; } = new(Providers.Jpeg);

    public static readonly DateTime Start = new(2021, 6, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly byte[] Blank = Camera.Draw(64, 48, seed: 1);

    /// <summary>Writes one picture of generation 1; another <paramref name="temperature"/> makes another file.</summary>
    public static string Write(string folder, string device, DateTime time, double temperature = 20) => SampleCamera.Write(
        folder,
        new ImageReference(device, time),
        SampleCamera.WithExif(Blank, Literal(temperature), "RP_ov5647", null));

    /// <summary>Writes a series of pictures, twenty minutes apart.</summary>
    public static string[] WriteSeries(string folder, string device, int count) =>
        [.. Enumerable.Range(0, count).Select(i => Write(folder, device, Start.AddMinutes(20 * i), 10 + (i % 100 / 10.0)))];

    public static string Literal(double temperature) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{{'lng': 1.5, 'lat': 2.5, 'alt': 3.0, 'datetime': '2021-06-01 00:00:00', 'no_flash_exposure_time': (1, 4), 'no_flash_iso': 100, "
        + $"'no_flash_bv': (1, 2), 'no_flash_shutter_speed': (3, 4), 'temp': {temperature}, 'hum': 50.0}}");
}
