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
    [InlineData("{'lat': 1e}", "a number should be")]
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

    [Theory]
    [InlineData("3.1.0,-300.0,-1.0,87,1.20,0.00000,0.00000,0.0,2000-01-01 00:00:00,0")]
    [InlineData("3.1.0,-300.0,0.0,87,1.20,0.00000,0.00000,0.0,2000-01-01_00-00-00,0")]
    [InlineData("3.1.0,nan,-nan,87,1.20,inf,-inf,Infinity,946684800,0")]
    [InlineData("3.1.0,-inf,NaN,87,1.20,None,,+inf,0,0")]
    [InlineData("3.1.0,1e400,-1.0,87,1.20,0,0,-0.0,,0")]
    public void What_generation_2_writes_where_nothing_was_measured_is_not_recorded(string values)
    {
        DeviceReadings readings = Second(Encoding.ASCII.GetBytes("v,T,H,B,L,lat,lng,a,l,b\n" + values));

        Assert.Equal((null, null), (readings.Temperature, readings.Humidity));
        Assert.Equal((null, null, null), (readings.Latitude, readings.Longitude, readings.Altitude));
        Assert.Null(readings.LastSync);
        Assert.Equal((87, 1.2, false), (readings.Battery, readings.Luminosity, readings.ButtonPressed));
    }

    [Theory]
    [InlineData("{'temp': -300.0, 'hum': -1.0, 'lat': 0.0, 'lng': 0.0, 'alt': 0.0}")]
    [InlineData("{'temp': inf, 'hum': -inf, 'lat': nan, 'lng': -nan, 'alt': None}")]
    [InlineData("{'temp': 'nan', 'hum': 'inf', 'lat': '', 'lng': 'None', 'alt': +inf}")]
    [InlineData("{'temp': 1e400, 'hum': -1e999, 'lat': (1e400, 1), 'lng': None, 'alt': 1e400}")]
    [InlineData("{'temp': (nan, 1), 'hum': (1, inf), 'lat': (-inf, 1), 'lng': None, 'alt': None}")]
    public void What_generation_1_writes_where_nothing_was_measured_is_not_recorded(string literal)
    {
        DeviceReadings readings = First(literal);

        Assert.Equal((null, null), (readings.Temperature, readings.Humidity));
        Assert.Equal((null, null, null), (readings.Latitude, readings.Longitude, readings.Altitude));
    }

    [Theory]
    [InlineData(-40.0, 0.0)]
    [InlineData(0.0, 100.0)]
    public void Cold_and_dry_air_is_recorded(double temperature, double humidity)
    {
        string values = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"1,{temperature:F1},{humidity:F1},-1,0.00,0.0,0.1,0.0");
        DeviceReadings readings = Second(Encoding.ASCII.GetBytes("v,T,H,B,L,lat,lng,a\n" + values));

        Assert.Equal((temperature, humidity), (readings.Temperature, readings.Humidity));
        Assert.Equal((0, 0.1, 0), (readings.Latitude, readings.Longitude, readings.Altitude));
        Assert.Equal((null, 0.0), (readings.Battery, readings.Luminosity));
    }

    [Fact]
    public void The_comment_of_firmware_3_0_0_is_read_wherever_it_was_cut_off()
    {
        const string whole = "ver,temp,hum,bat,lum,lat,lng,alt,lsy,b\n"
            + "3.0.0,21.400000,61.500000,87,120.250000,49.265620,-123.237980,63.000000,2022-05-01 12:00:00,1";
        DeviceReadings all = Second(Encoding.ASCII.GetBytes(whole));
        Assert.Equal(("3.0.0", 21.4, 61.5, 87, 120.25), (all.DeviceVersion, all.Temperature, all.Humidity, all.Battery, all.Luminosity));
        Assert.Equal((49.26562, -123.23798, 63), (all.Latitude, all.Longitude, all.Altitude));
        Assert.Equal(("2022-05-01 12:00:00", true), (all.LastSync, all.ButtonPressed));

        DeviceReadings cut = Second(Encoding.ASCII.GetBytes(whole[..127]));
        Assert.Equal((63, null, null), (cut.Altitude, cut.LastSync, cut.ButtonPressed));

        DeviceReadings withoutButton = Second(Encoding.ASCII.GetBytes(whole.Replace(",b\n", "\n", StringComparison.Ordinal)[..^2]));
        Assert.Equal(("2022-05-01 12:00:00", null), (withoutButton.LastSync, withoutButton.ButtonPressed));
    }

    [Theory]
    [InlineData("49.265620000000000000000000,-123.2379800000000000", 49.26562, null)]
    [InlineData("49.2656200000000000000000000000000000000000000000", null, null)]
    public void A_number_that_was_cut_off_is_not_taken_for_another(string rest, double? latitude, double? longitude)
    {
        string comment = "ver,temp,hum,bat,lum,lat,lng,alt,lsy,b\n3.0.0,21.400000,61.500000,87,120.25," + rest;
        DeviceReadings readings = Second(Encoding.ASCII.GetBytes(comment));

        Assert.Equal((21.4, latitude, longitude, null), (readings.Temperature, readings.Latitude, readings.Longitude, readings.Altitude));
    }

    [Fact]
    public void The_python_firmware_of_2021_is_read_with_its_microseconds_and_its_stray_comma()
    {
        DeviceReadings readings = First(
            "{'lat': 49.26, 'lng': -123.24, 'alt': 63.0, 'device_version': ('1.0.0',), 'no_flash_exposure_time': 32992, "
            + "'no_flash_analog_gain': 1.5, 'no_flash_digital_gain': 1.25, 'temp': None, 'hum': None}");

        Assert.Equal(("1.0.0", 0.032992), (readings.DeviceVersion, readings.NoFlashExposureTime));
        Assert.Equal((null, null, null), (readings.NoFlashIso, readings.NoFlashBrightness, readings.NoFlashShutterSpeed));
        Assert.Equal((49.26, -123.24, 63), (readings.Latitude, readings.Longitude, readings.Altitude));
    }

    public static TheoryData<byte[]> WrittenByOtherPrograms => new(
        [.. "\uFEFF"u8, .. Comment],
        [.. "ASCII\0\0\0\uFEFF"u8, .. Comment],
        [.. "ASCII   "u8, .. Comment],
        [.. "ASCII\0"u8, .. Comment],
        [.. "ascii\0\0\0"u8, .. Comment],
        [.. "Unicode\0"u8, .. Encoding.Unicode.GetBytes(SecondGeneration)],
        Encoding.ASCII.GetBytes(SecondGeneration.Replace('\n', '\r')),
        [.. "UTF-8\0\0\0"u8, .. Comment],
        [.. "        "u8, .. Comment],
        [.. "UNICODE\0"u8, 0xFF, 0xFE, .. Encoding.Unicode.GetBytes(SecondGeneration)],
        [.. "UNICODE\0"u8, 0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(SecondGeneration)],
        [.. "UNICODE "u8, .. Encoding.Unicode.GetBytes(SecondGeneration)],
        [.. "UNICODE\0"u8, .. Comment],
        [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(SecondGeneration)],
        [.. Comment, .. new byte[500]],
        [.. Comment, .. Enumerable.Repeat((byte)' ', 500)],
        [.. Comment, 0xFF, 0xFF, 0xFF],
        [.. Comment, 0, .. "what was there before"u8],
        Encoding.ASCII.GetBytes(SecondGeneration.Replace("\n", "\r\n", StringComparison.Ordinal) + "\r\n"));

    private static byte[] Comment => Encoding.ASCII.GetBytes(SecondGeneration);

    [Theory]
    [MemberData(nameof(WrittenByOtherPrograms))]
    public void A_comment_that_another_program_wrote_anew_is_read(byte[] comment)
    {
        DeviceReadings readings = Second(comment);

        Assert.Equal(("3.1.0", 21.4, "2022-05-01_12-00-00", true), (readings.DeviceVersion, readings.Temperature, readings.LastSync, readings.ButtonPressed));
    }

    [Theory]
    [InlineData(49.2, -121.7, 49.2, -121.7)]
    [InlineData(-121.7, 49.2, 49.2, -121.7)]
    [InlineData(0.0, 0.0, null, null)]
    [InlineData(120.0, 130.0, null, null)]
    [InlineData(null, 130.0, null, null)]
    public void Latitude_and_longitude_of_a_picture_are_put_right_and_what_the_file_says_is_kept(
        double? recordedLatitude, double? recordedLongitude, double? latitude, double? longitude)
    {
        StickyImage image = new()
        {
            Id = 1,
            Device = "5c173ff2",
            DateTime = default,
            Md5 = "",
            Width = 1,
            Height = 1,
            RecordedLatitude = recordedLatitude,
            RecordedLongitude = recordedLongitude,
        };
        Assert.Equal((latitude, longitude), (image.Latitude, image.Longitude));
        Assert.Equal((latitude, longitude), (image.Position?.Latitude, image.Position?.Longitude));
        StickyImage read = System.Text.Json.JsonSerializer.Deserialize(
            System.Text.Json.JsonSerializer.Serialize(image, Core.Remote.Api.ApiJson.Default.StickyImage), Core.Remote.Api.ApiJson.Default.StickyImage)!;
        Assert.Equal(image, read);
    }

    private static DeviceReadings First(string make) => DeviceReadings.Parse(new ExifTags(make, "RP_ov5647", null));

    private static DeviceReadings Second(byte[] comment) => DeviceReadings.Parse(new ExifTags("StickyPi", "RP_imx219", comment));
}
