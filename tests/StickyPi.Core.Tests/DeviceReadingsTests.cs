using System.Text;
using StickyPi.Core.Images;

namespace StickyPi.Tests;

public class DeviceReadingsTests
{
    private const string FirstGeneration =
        "{'lng': 49.243656, 'lat': -121.75518, 'alt': 18.0, 'datetime': '2020-07-01 17:17:03', 'no_flash_exposure_time': (124990, 1000000), "
        + "'no_flash_iso': 400, 'no_flash_bv': (0, 100), 'no_flash_shutter_speed': (3000115, 1000000), 'temp': 13.800000190734863, "
        + "'hum': 98.0999984741211}";

    private const string SecondGeneration =
        "v,T,H,B,L,lat,lng,a,l,b\n3.1.0,21.4,61.5,87,120.25,49.26562,-123.23798,63.0,2022-05-01_12-00-00,1";

    [Fact]
    public void The_literal_of_generation_1_is_read_as_the_format_says()
    {
        DeviceReadings readings = First(FirstGeneration);

        Assert.Equal(-121.75518, readings.Latitude);
        Assert.Equal(49.243656, readings.Longitude);
        Assert.Equal(18, readings.Altitude);
        Assert.Equal(13.800000190734863, readings.Temperature);
        Assert.Equal(98.0999984741211, readings.Humidity);
        Assert.Equal(0.12499, readings.NoFlashExposureTime);
        Assert.Equal(400, readings.NoFlashIso);
        Assert.Equal(0, readings.NoFlashBrightness);
        Assert.Equal(3.000115, readings.NoFlashShutterSpeed);
        Assert.Null(readings.DeviceVersion);
        Assert.Null(readings.Battery);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ASCII\0\0\0")]
    [InlineData("\0\0\0\0\0\0\0\0")]
    public void The_comment_of_generation_2_is_read_with_and_without_a_character_code(string prefix)
    {
        DeviceReadings readings = Second(Encoding.ASCII.GetBytes(prefix + SecondGeneration));

        Assert.Equal("3.1.0", readings.DeviceVersion);
        Assert.Equal(21.4, readings.Temperature);
        Assert.Equal(61.5, readings.Humidity);
        Assert.Equal(87, readings.Battery);
        Assert.Equal(120.25, readings.Luminosity);
        Assert.Equal(49.26562, readings.Latitude);
        Assert.Equal(-123.23798, readings.Longitude);
        Assert.Equal(63, readings.Altitude);
        Assert.Equal("2022-05-01_12-00-00", readings.LastSync);
        Assert.True(readings.ButtonPressed);
        Assert.Null(readings.NoFlashExposureTime);
    }

    [Fact]
    public void A_unicode_comment_is_read_in_either_byte_order()
    {
        Assert.Equal("3.1.0", Second([.. "UNICODE\0"u8, .. Encoding.Unicode.GetBytes("v\n3.1.0")]).DeviceVersion);
        Assert.Equal("3.1.0", Second([.. "UNICODE\0"u8, .. Encoding.BigEndianUnicode.GetBytes("v\n3.1.0")]).DeviceVersion);
    }

    [Fact]
    public void Three_zeros_mean_no_fix_in_both_generations()
    {
        Assert.Null(First("{'lat': 0, 'lng': 0.0, 'alt': 0}").Latitude);
        Assert.Null(First("{'lat': 0, 'lng': 0.0, 'alt': 0}").Altitude);
        Assert.Null(Second("v,lat,lng,a\n1,0.00000,0.00000,0.0"u8.ToArray()).Longitude);
    }

    [Fact]
    public void Zeros_at_another_altitude_are_kept_but_are_no_position()
    {
        DeviceReadings readings = First("{'lat': 0, 'lng': 0, 'alt': -1000.0}");

        Assert.Equal((0, 0, -1000), (readings.Latitude, readings.Longitude, readings.Altitude));
        Assert.Null(GeoPosition.Correct(readings.Latitude, readings.Longitude, readings.Altitude));
    }

    [Theory]
    [InlineData("{'temp': None, 'hum': 50}")]
    [InlineData("{'temp': nan, 'hum': 50}")]
    [InlineData("{'hum': 50}")]
    [InlineData("{ 'temp' : None , \"hum\" : 50 , }")]
    public void What_a_sensor_did_not_deliver_is_null(string literal)
    {
        Assert.Null(First(literal).Temperature);
        Assert.Equal(50, First(literal).Humidity);
    }

    [Theory]
    [InlineData("(None, 100)")]
    [InlineData("(1, 0)")]
    [InlineData("None")]
    public void A_pair_that_is_no_number_is_null(string pair) => Assert.Null(First($"{{'no_flash_bv': {pair}}}").NoFlashBrightness);

    [Theory]
    [InlineData("{'lat': __import__('os').system('true')}", "where a number, a text, a pair or None should be")]
    [InlineData("{'lat': f(g(h(1)))}", "character 9 is 'f'")]
    [InlineData("{'lat': {'a': 1}}", "character 9 is '{'")]
    [InlineData("{'lat': [1]}", "character 9 is '['")]
    [InlineData("{'lat': (1, (2, 3))}", "'('")]
    [InlineData("{'lat': 1", "ends where ',' should be")]
    [InlineData("{'lat': 'north'}", "'north' instead of a number")]
    [InlineData("{'lat': 1e999}", "a number should be")]
    [InlineData("{'lat: 1}", "no closing quote")]
    [InlineData("{lat: 1}", "a name in quotes")]
    [InlineData("{'lat': 1} {'lat': 2}", "the end should be")]
    public void Anything_else_in_the_literal_is_refused_with_its_place(string literal, string reason)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => First(literal));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "no 'Make' tag")]
    [InlineData("Canon", "another camera: its EXIF 'Make' is 'Canon'")]
    [InlineData("StickyPi", "no 'UserComment'")]
    public void The_exif_of_another_camera_is_refused(string? make, string reason)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => DeviceReadings.Parse(new ExifTags(make, "x", null)));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v,T", "1 lines")]
    [InlineData("v,T\n1", "2 names but 1 values")]
    [InlineData("v,T\n1,warm", "'T' in its EXIF 'UserComment' is 'warm'")]
    [InlineData("T\n1", "version 'v'")]
    public void A_broken_comment_is_refused_with_its_reason(string comment, string reason)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Second(Encoding.ASCII.GetBytes(comment)));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_kilobytes_in_either_tag_are_refused()
    {
        string literal = "{'lat': 1, 'x': '" + new string('a', 10_000) + "'}";

        Assert.Contains("more than the 4096", Assert.Throws<InvalidDataException>(() => First(literal)).Message, StringComparison.Ordinal);
        Assert.Contains("more than the 256", Assert.Throws<InvalidDataException>(() => Second(new byte[10_000])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(49.2, -121.7, false)]
    [InlineData(-121.7, 49.2, true)]
    [InlineData(-33.9, 151.2, false)]
    public void A_swapped_position_is_put_right(double latitude, double longitude, bool swapped)
    {
        GeoPosition position = GeoPosition.Correct(latitude, longitude, 18)!;

        Assert.Equal(swapped, position.Swapped);
        Assert.Equal(swapped ? longitude : latitude, position.Latitude);
        Assert.Equal(18, position.Altitude);
    }

    [Fact]
    public void Impossible_coordinates_are_no_position()
    {
        Assert.Null(GeoPosition.Correct(120, 130, 1));
        Assert.Null(GeoPosition.Correct(null, 130, 1));
    }

    private static DeviceReadings First(string make) => DeviceReadings.Parse(new ExifTags(make, "RP_ov5647", null));

    private static DeviceReadings Second(byte[] comment) => DeviceReadings.Parse(new ExifTags("StickyPi", "RP_imx219", comment));
}
