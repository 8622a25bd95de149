using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using StickyPi.Core;
using StickyPi.Core.Images;

namespace QuickStart;

/// <summary>
/// Stands in for a Sticky Pi: takes "pictures" of a sticky card with a few dark insects on it, as real JPEG files with the EXIF that
/// either generation of the firmware writes.
/// </summary>
public sealed class SampleCamera(IJpegEngine jpeg)
{
    /// <summary>Takes a picture with firmware of generation 1, which writes a Python dict literal.</summary>
    public byte[] TakeFirstGeneration(DateTime time, double temperature, int width = 640, int height = 480, int seed = 0)
    {
        string make = string.Create(
            CultureInfo.InvariantCulture,
            $"{{'lng': -123.237976, 'lat': 49.265617, 'alt': 63.0, 'datetime': '{time:yyyy-MM-dd HH:mm:ss}', "
            + $"'no_flash_exposure_time': (124990, 1000000), 'no_flash_iso': 400, 'no_flash_bv': (46, 100), "
            + $"'no_flash_shutter_speed': (3000115, 1000000), 'temp': {temperature:0.0###}, 'hum': 82.0}}");
        return WithExif(Draw(width, height, seed), make, "RP_ov5647", null);
    }

    /// <summary>Takes a picture with firmware of generation 2, which writes two lines of CSV.</summary>
    public byte[] TakeSecondGeneration(DateTime time, double temperature, int width = 640, int height = 480, int seed = 0)
    {
        string comment = string.Create(
            CultureInfo.InvariantCulture,
            $"v,T,H,B,L,lat,lng,a,l,b\n3.1.0,{temperature:F1},61.5,87,120.25,49.26562,-123.23798,63.0,{StickyTime.ToFileText(time)},0");
        return WithExif(Draw(width, height, seed), "StickyPi", "RP_imx219", Encoding.ASCII.GetBytes(comment));
    }

    /// <summary>Fills an SD card: two devices, one of each generation, with four pictures each, twenty minutes apart.</summary>
    public List<string> WriteCard(string folder)
    {
        DateTime start = new(2021, 6, 1, 19, 40, 0, DateTimeKind.Utc);
        List<string> paths = [];
        for (int i = 0; i < 8; i++)
        {
            DateTime time = start.AddMinutes(20 * (i / 2));
            double temperature = 18.5 - (0.5 * i);
            paths.Add(i % 2 == 0
                ? Write(folder, new ImageReference("5c173ff2", time), TakeFirstGeneration(time, temperature, seed: i))
                : Write(folder, new ImageReference("0a5bb6f4", time), TakeSecondGeneration(time, temperature, seed: i)));
        }

        return paths;
    }

    /// <summary>Writes a picture into a folder, under the name that a device would give it.</summary>
    public static string Write(string folder, ImageReference reference, byte[] picture)
    {
        string path = Path.Combine(folder, reference.Device, reference.FileName);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, picture);
        return path;
    }

    /// <summary>Draws a picture without EXIF: a yellowish card with noise, and dark insects at random places.</summary>
    public byte[] Draw(int width, int height, int seed, int quality = 85)
    {
        Random random = new(seed);
        byte[] rgb = new byte[width * height * 3];
        random.NextBytes(rgb);
        (int X, int Y, int Radius)[] insects =
            [.. Enumerable.Range(0, 12).Select(_ => (random.Next(width), random.Next(height), random.Next(2, Math.Max(3, width / 40))))];
        for (int i = 0; i < rgb.Length; i += 3)
        {
            (int x, int y) = (i / 3 % width, i / 3 / width);
            bool insect = insects.Any(spot => ((x - spot.X) * (x - spot.X)) + ((y - spot.Y) * (y - spot.Y)) < spot.Radius * spot.Radius);
            (int red, int green, int blue) = insect ? (40, 35, 30) : (200, 190, 90);
            rgb[i] = (byte)(red + (rgb[i] / 16));
            rgb[i + 1] = (byte)(green + (rgb[i + 1] / 16));
            rgb[i + 2] = (byte)(blue + (rgb[i + 2] / 16));
        }

        return jpeg.Encode(rgb, width, height, quality);
    }

    /// <summary>Puts EXIF into a JPEG file (EXIF 2.3: an APP1 segment that holds a TIFF header, IFD0 and the Exif IFD).</summary>
    public static byte[] WithExif(byte[] picture, string? make, string? model, byte[]? userComment)
    {
        const ushort ascii = 2, unsigned = 4, undefined = 7;
        List<(ushort Tag, ushort Type, byte[] Value)> main = [];
        if (make is not null)
        {
            main.Add((0x010F, ascii, Encoding.UTF8.GetBytes(make + '\0')));
        }

        if (model is not null)
        {
            main.Add((0x0110, ascii, Encoding.UTF8.GetBytes(model + '\0')));
        }

        byte[] tiff = [.. "II*\0"u8, 8, 0, 0, 0];
        if (userComment is null)
        {
            tiff = [.. tiff, .. BuildDirectory(main, tiff.Length)];
        }
        else
        {
            // The pointer has a fixed size, so the second directory starts where the first one, pointer included, ends.
            int start = tiff.Length + BuildDirectory([.. main, (0x8769, unsigned, new byte[4])], tiff.Length).Length;
            byte[] pointer = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(pointer, start);
            main.Add((0x8769, unsigned, pointer));
            tiff = [.. tiff, .. BuildDirectory(main, tiff.Length), .. BuildDirectory([(0x9286, undefined, userComment)], start)];
        }

        byte[] body = [.. "Exif\0\0"u8, .. tiff];
        byte[] segment = [0xFF, 0xE1, 0, 0, .. body];
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), checked((ushort)(body.Length + 2)));
        return [.. picture.AsSpan(0, 2), .. segment, .. picture.AsSpan(2)];
    }

    private static byte[] BuildDirectory(List<(ushort Tag, ushort Type, byte[] Value)> entries, int start)
    {
        byte[] table = new byte[2 + (12 * entries.Count) + 4];
        List<byte> values = [];
        BinaryPrimitives.WriteUInt16LittleEndian(table, (ushort)entries.Count);
        for (int i = 0; i < entries.Count; i++)
        {
            (ushort tag, ushort type, byte[] value) = entries[i];
            Span<byte> entry = table.AsSpan(2 + (12 * i), 12);
            BinaryPrimitives.WriteUInt16LittleEndian(entry, tag);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], type);
            BinaryPrimitives.WriteInt32LittleEndian(entry[4..], type == 4 ? 1 : value.Length);
            if (value.Length <= 4)
            {
                value.CopyTo(entry[8..]);
            }
            else
            {
                BinaryPrimitives.WriteInt32LittleEndian(entry[8..], start + table.Length + values.Count);
                values.AddRange(value);
            }
        }

        return [.. table, .. values];
    }
}
