using System.Globalization;
using System.Text;

namespace StickyPi.Core.Images;

/// <summary>What a device wrote into the EXIF of a picture, in either firmware generation; null where it wrote nothing.</summary>
/// <remarks>
/// Generation 1 holds a Python dict literal in <c>Make</c>. Generation 2 has <c>StickyPi</c> there, and two lines of CSV in
/// <c>UserComment</c>: <c>v,T,H,B,L,lat,lng,a,l,b</c> and the values.
/// </remarks>
public sealed record DeviceReadings
{
    private const string SecondGenerationMake = "StickyPi";
    private const int MaximumCommentLength = 256;
    private const int CharacterCodeLength = 8;

    /// <summary>Version of the firmware; generation 2 only.</summary>
    public string? DeviceVersion { get; init; }

    /// <summary>What the file says is the latitude, in degrees.</summary>
    public double? Latitude { get; init; }

    /// <summary>What the file says is the longitude, in degrees.</summary>
    public double? Longitude { get; init; }

    /// <summary>Metres above the sea.</summary>
    public double? Altitude { get; init; }

    /// <summary>Degrees Celsius.</summary>
    public double? Temperature { get; init; }

    /// <summary>Relative humidity in percent.</summary>
    public double? Humidity { get; init; }

    /// <summary>Exposure time that the camera chose without the flash, in seconds; generation 1 only.</summary>
    public double? NoFlashExposureTime { get; init; }

    /// <summary>ISO speed without the flash; generation 1 only.</summary>
    public double? NoFlashIso { get; init; }

    /// <summary>Brightness value (APEX) without the flash; generation 1 only.</summary>
    public double? NoFlashBrightness { get; init; }

    /// <summary>Shutter speed value (APEX) without the flash; generation 1 only.</summary>
    public double? NoFlashShutterSpeed { get; init; }

    /// <summary>Charge of the battery in percent; generation 2 only.</summary>
    public int? Battery { get; init; }

    /// <summary>Ambient light; generation 2 only.</summary>
    public double? Luminosity { get; init; }

    /// <summary>When the device last synchronised, in its own words of at most 19 characters; generation 2 only.</summary>
    public string? LastSync { get; init; }

    /// <summary>Whether the picture was taken by the button and not by the timer; generation 2 only.</summary>
    public bool? ButtonPressed { get; init; }

    /// <summary>Reads what the firmware wrote.</summary>
    /// <param name="tags">The EXIF tags of the picture.</param>
    /// <returns>The readings.</returns>
    /// <exception cref="InvalidDataException">The tags are those of another camera, or break the format; the message says how.</exception>
    public static DeviceReadings Parse(ExifTags tags)
    {
        string? make = tags.Make?.Trim('\0', ' ');
        if (string.IsNullOrEmpty(make))
        {
            throw new InvalidDataException("its EXIF has no 'Make' tag, so no Sticky Pi took it or the EXIF was removed");
        }

        DeviceReadings readings;
        if (make.StartsWith('{'))
        {
            readings = ParseFirstGeneration(make);
        }
        else if (make == SecondGenerationMake)
        {
            readings = ParseSecondGeneration(tags.UserComment);
        }
        else
        {
            throw new InvalidDataException($"it was taken by another camera: its EXIF 'Make' is '{Shorten(make)}'");
        }

        // The firmware writes three zeros where the receiver has no fix; any other value is kept as it is.
        return readings is { Latitude: 0, Longitude: 0, Altitude: 0 }
            ? readings with { Latitude = null, Longitude = null, Altitude = null }
            : readings;
    }

    private static DeviceReadings ParseFirstGeneration(string make)
    {
        Dictionary<string, object?> dict;
        try
        {
            dict = PythonLiteral.ReadDict(make);
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"the readings in its EXIF 'Make' cannot be understood: {OneLine.Quote(e)}", e);
        }

        double? Number(string name) => dict.GetValueOrDefault(name) switch
        {
            null => null,
            double number => number,
            object other => throw new InvalidDataException($"'{name}' in its EXIF 'Make' is '{Shorten(other.ToString()!)}' instead of a number"),
        };

        return new DeviceReadings
        {
            Latitude = Number("lat"),
            Longitude = Number("lng"),
            Altitude = Number("alt"),
            Temperature = Number("temp"),
            Humidity = Number("hum"),
            NoFlashExposureTime = Number("no_flash_exposure_time"),
            NoFlashIso = Number("no_flash_iso"),
            NoFlashBrightness = Number("no_flash_bv"),
            NoFlashShutterSpeed = Number("no_flash_shutter_speed"),
        };
    }

    private static DeviceReadings ParseSecondGeneration(ReadOnlyMemory<byte>? userComment)
    {
        if (userComment is not { } bytes)
        {
            throw new InvalidDataException("its EXIF has no 'UserComment', where this firmware writes its readings");
        }

        if (bytes.Length > MaximumCommentLength)
        {
            throw new InvalidDataException($"its EXIF 'UserComment' has {bytes.Length} bytes, more than the {MaximumCommentLength} that are read");
        }

        string[] lines = DecodeComment(bytes.Span).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length != 2)
        {
            throw new InvalidDataException($"its EXIF 'UserComment' has {lines.Length} lines instead of a header and its values");
        }

        string[] names = lines[0].Split(',', StringSplitOptions.TrimEntries);
        string[] values = lines[1].Split(',', StringSplitOptions.TrimEntries);
        if (names.Length != values.Length)
        {
            throw new InvalidDataException($"its EXIF 'UserComment' has {names.Length} names but {values.Length} values");
        }

        string? Text(string name)
        {
            int index = Array.IndexOf(names, name);
            return index < 0 || values[index] is "" or "None" ? null : values[index];
        }

        double? Number(string name) => Text(name) switch
        {
            null => null,
            string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) =>
                double.IsFinite(number) ? number : null,
            string text => throw new InvalidDataException($"'{name}' in its EXIF 'UserComment' is '{Shorten(text)}' instead of a number"),
        };

        if (Text("v") is null)
        {
            throw new InvalidDataException("its EXIF 'UserComment' does not say the version 'v' of the firmware");
        }

        return new DeviceReadings
        {
            DeviceVersion = Text("v"),
            Temperature = Number("T"),
            Humidity = Number("H"),
            Battery = Number("B") is double battery ? (int)Math.Clamp(Math.Round(battery), int.MinValue, int.MaxValue) : null,
            Luminosity = Number("L"),
            Latitude = Number("lat"),
            Longitude = Number("lng"),
            Altitude = Number("a"),
            LastSync = Text("l"),
            ButtonPressed = Number("b") is double button ? button != 0 : null,
        };
    }

    // EXIF 2.3, 4.6.5: a comment starts with 8 bytes that name its character code. Some firmware leaves them out.
    private static string DecodeComment(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("UNICODE\0"u8))
        {
            ReadOnlySpan<byte> text = bytes[CharacterCodeLength..];
            bool bigEndian = text.Length > 1 && text[0] == 0;
            return (bigEndian ? Encoding.BigEndianUnicode : Encoding.Unicode).GetString(text).Trim('\0');
        }

        if (bytes.StartsWith("ASCII\0\0\0"u8) || bytes.StartsWith("\0\0\0\0\0\0\0\0"u8))
        {
            bytes = bytes[CharacterCodeLength..];
        }

        return Encoding.ASCII.GetString(bytes).Trim('\0');
    }

    private static string Shorten(string text)
    {
        string printable = new([.. text.Take(40).Select(c => char.IsControl(c) ? '?' : c)]);
        return text.Length > 40 ? printable + "…" : printable;
    }
}
