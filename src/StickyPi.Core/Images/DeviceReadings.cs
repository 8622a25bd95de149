using System.Globalization;
using System.Text;

namespace StickyPi.Core.Images;

/// <summary>What a device wrote into the EXIF of a picture, in either firmware generation; null where it wrote nothing.</summary>
/// <remarks>
/// Generation 1 holds a Python dict literal in <c>Make</c>; so does the Python firmware of 2021, with other names. Generation 2 has
/// <c>StickyPi</c> there, and two lines of CSV in <c>UserComment</c>: <c>v,T,H,B,L,lat,lng,a,l,b</c> and the values. Firmware 3.0.0 calls
/// them <c>ver,temp,hum,bat,lum,lat,lng,alt,lsy</c> and cuts the comment off where its buffer ends. A value that stands for a failed sensor,
/// a receiver without a fix or a clock that was never set is null, as are <c>nan</c> and <c>inf</c>.
/// </remarks>
public sealed record DeviceReadings
{
    private const string SecondGenerationMake = "StickyPi";
    private const int MaximumCommentLength = 256;

    private const int CharacterCodeLength = 8;

    private static readonly ReadOnlyMemory<byte>[] CharacterCodes =
        [.. new[] { "ASCII", "UTF-8", "UTF8", "JIS" }.Select(code => (ReadOnlyMemory<byte>)Encoding.ASCII.GetBytes(code))];

    private static readonly Dictionary<string, string> NamesOf300 = new(StringComparer.Ordinal)
    {
        ["ver"] = "v",
        ["temp"] = "T",
        ["hum"] = "H",
        ["bat"] = "B",
        ["lum"] = "L",
        ["alt"] = "a",
        ["lsy"] = "l",
    };

    // Programs pad the comment, so that it can be rewritten in place.
    private const int MaximumPaddedLength = 4096;

    // The firmware formats the comment into a buffer of 127 characters, perhaps together with the name of the tag that it goes to.
    private static readonly int CutLength = 127 - "EXIF.UserComment=".Length;

    /// <summary>Version of the firmware; null in pictures of 2020.</summary>
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
        string? make = TrimMake(tags.Make);
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

        double? temperature = Recorded.Temperature(readings.Temperature);
        bool isFix = Recorded.IsFix(readings.Latitude, readings.Longitude, readings.Altitude);
        return readings with
        {
            Latitude = isFix ? readings.Latitude : null,
            Longitude = isFix ? readings.Longitude : null,
            Altitude = isFix ? readings.Altitude : null,
            Temperature = temperature,
            Humidity = Recorded.Humidity(readings.Humidity, temperature),
            LastSync = Recorded.LastSync(readings.LastSync),
        };
    }

    /// <summary>Whether the tag <c>Make</c> is one that a Sticky Pi writes.</summary>
    /// <param name="make">The tag, or null.</param>
    /// <returns>Whether it is.</returns>
    internal static bool IsOwnMake(string? make) => TrimMake(make) is string own && (own.StartsWith('{') || own == SecondGenerationMake);

    private static string? TrimMake(string? make) => make?.Trim('\0', ' ', '\t', '\r', '\n', '\uFEFF');

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
            PythonPair pair => pair.Quotient,
            string text when IsNotRecorded(text) => null,
            object other => throw new InvalidDataException($"'{name}' in its EXIF 'Make' is '{Shorten(other.ToString()!)}' instead of a number"),
        };

        // The Python firmware of 2021 has a plain number of microseconds where that of 2020 has a fraction of a second.
        double? ExposureTime() => Number("no_flash_exposure_time") is double time && dict["no_flash_exposure_time"] is double and >= 1
            ? time / 1_000_000
            : Number("no_flash_exposure_time");

        return new DeviceReadings
        {
            Latitude = Number("lat"),
            Longitude = Number("lng"),
            Altitude = Number("alt"),
            Temperature = Number("temp"),
            Humidity = Number("hum"),
            DeviceVersion = dict.GetValueOrDefault("device_version") as string,
            NoFlashExposureTime = ExposureTime(),
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

        string comment = bytes.Length > MaximumPaddedLength ? "" : DecodeComment(bytes.Span);
        if (bytes.Length > MaximumPaddedLength || comment.Length > MaximumCommentLength)
        {
            throw new InvalidDataException($"its EXIF 'UserComment' has {bytes.Length} bytes, more than the {MaximumCommentLength} that are read");
        }

        string[] lines = comment.Split(['\r', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length != 2)
        {
            throw new InvalidDataException($"its EXIF 'UserComment' has {lines.Length} lines instead of a header and its values");
        }

        string[] names = [.. lines[0].Split(',', StringSplitOptions.TrimEntries).Select(name => NamesOf300.GetValueOrDefault(name, name))];
        string[] values = lines[1].Split(',', StringSplitOptions.TrimEntries);
        bool isCut = values.Length < names.Length && comment.Length >= CutLength;
        if (names.Length != values.Length && !isCut)
        {
            throw new InvalidDataException($"its EXIF 'UserComment' has {names.Length} names but {values.Length} values");
        }

        // The last value may have lost its end: a part of a number is another number. The version comes first and is never cut.
        int last = values.Length - 1;
        bool isSync = names[last] == "l";
        if (last > 0 && (isSync ? comment.Length >= CutLength && !Recorded.IsWholeSync(values[last]) : isCut))
        {
            values[last] = "";
        }

        string? Text(string name)
        {
            int index = Array.IndexOf(names, name);
            return index < 0 || index >= values.Length || IsNotRecorded(values[index]) ? null : values[index];
        }

        double? Number(string name) => Text(name) switch
        {
            null => null,
            string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) =>
                Recorded.Number(number),
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
            Battery = Number("B") is double battery and >= 0 ? (int)Math.Min(Math.Round(battery), int.MaxValue) : null,
            Luminosity = Number("L"),
            Latitude = Number("lat"),
            Longitude = Number("lng"),
            Altitude = Number("a"),
            LastSync = Text("l"),
            ButtonPressed = Number("b") is double button ? button != 0 : null,
        };
    }

    private static bool IsNotRecorded(string text) => text.TrimStart('-', '+').ToUpperInvariant() is "" or "NONE" or "NULL" or "NAN" or "INF" or "INFINITY";

    // EXIF 2.3, 4.6.5: a comment starts with 8 bytes that name its character code. Some firmware leaves them out, and some programs fill
    // them with blanks, use UTF-8, or add a byte order mark. What follows a NUL is padding.
    private static string DecodeComment(ReadOnlySpan<byte> bytes)
    {
        string text;
        if (StartsWithCode(bytes, "UNICODE"u8))
        {
            text = DecodeUnicode(bytes.Length < CharacterCodeLength ? [] : bytes[CharacterCodeLength..]);
        }
        else if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            text = DecodeUnicode(bytes);
        }
        else
        {
            foreach (ReadOnlyMemory<byte> code in CharacterCodes)
            {
                if (StartsWithCode(bytes, code.Span))
                {
                    bytes = bytes[code.Length..];
                    break;
                }
            }

            text = Encoding.UTF8.GetString(bytes.TrimEnd((byte)0xFF));
        }

        text = text.TrimStart('\0', ' ', '\uFEFF');
        int padding = text.IndexOf('\0', StringComparison.Ordinal);
        return (padding < 0 ? text : text[..padding]).TrimEnd();
    }

    private static bool StartsWithCode(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> code) =>
        bytes.Length >= code.Length && Ascii.EqualsIgnoreCase(bytes[..code.Length], code);

    private static string DecodeUnicode(ReadOnlySpan<byte> bytes)
    {
        bool isTwoBytes = bytes.Length > 1 && (bytes[0] == 0 || bytes[1] == 0 || bytes[0] >= 0xFE);
        bool isBigEndian = isTwoBytes && (bytes[0] == 0 || bytes[0] == 0xFE);
        return (isBigEndian ? Encoding.BigEndianUnicode : isTwoBytes ? Encoding.Unicode : Encoding.UTF8).GetString(bytes);
    }

    private static string Shorten(string text)
    {
        string printable = new([.. text.Take(40).Select(c => char.IsControl(c) ? '?' : c)]);
        return text.Length > 40 ? printable + "…" : printable;
    }
}
