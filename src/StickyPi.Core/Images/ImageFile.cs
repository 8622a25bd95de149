using System.Security.Cryptography;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Images;

/// <summary>A picture file that was read once: its bytes, and everything that follows from them and its name.</summary>
/// <param name="Bytes">The whole file.</param>
/// <param name="Header">Its size in pixels.</param>
/// <param name="Metadata">What it says of itself.</param>
public sealed record ImageFile(ReadOnlyMemory<byte> Bytes, JpegHeader Header, ImageMetadata Metadata)
{
    /// <summary>The largest file that is read, in bytes. Pictures have about 2 MB; this keeps a stray film out of memory.</summary>
    public const long MaximumSize = 128 * 1024 * 1024;

    /// <summary>Reads a picture file.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="exif">Reads its EXIF.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The file.</returns>
    /// <exception cref="StickyException">
    /// <c>InvalidFileName</c>, <c>FileNotFound</c>, <c>FileUnreadable</c>, <c>InvalidImage</c> (no whole JPEG), or
    /// <c>InvalidMetadata</c> (no readings of a Sticky Pi).
    /// </exception>
    public static Task<ImageFile> ReadAsync(string path, IExifReader exif, CancellationToken cancellationToken) =>
        ReadHashedAsync(path, exif, md5: null, cancellationToken);

    /// <summary>Reads a picture file that may have been hashed already.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="exif">Reads its EXIF.</param>
    /// <param name="md5">Its MD5, 32 hexadecimal digits in lower case, where it is known and nobody can have changed the file since; else null.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The file.</returns>
    /// <exception cref="StickyException">Those of <see cref="ReadAsync"/>.</exception>
    internal static async Task<ImageFile> ReadHashedAsync(string path, IExifReader exif, string? md5, CancellationToken cancellationToken)
    {
        ImageReference reference = ImageReference.Parse(System.IO.Path.GetFileName(path), path, "picture", "jpg");
        byte[] bytes = await ReadBytesAsync(
            path, MaximumSize, reason => InvalidImage(path, new InvalidDataException(reason)), cancellationToken).ConfigureAwait(false);
        JpegHeader header;
        try
        {
            header = JpegHeader.Read(bytes);
            JpegEffort.Check(bytes);
        }
        catch (InvalidDataException e)
        {
            throw InvalidImage(path, e);
        }

        DeviceReadings readings;
        try
        {
            readings = DeviceReadings.Parse(exif.Read(bytes));
        }
        catch (InvalidDataException e)
        {
            throw new StickyException(
                "InvalidMetadata",
                StickyErrorKind.InvalidData,
                $"'{path}' carries no readings of a Sticky Pi: {OneLine.Quote(e)}.",
                path,
                "Send the file as the device wrote it; programs that edit pictures often remove or change its EXIF.",
                e);
        }

        return new ImageFile(bytes, header, new ImageMetadata
        {
            Path = path,
            FileName = System.IO.Path.GetFileName(path),
            Device = reference.Device,
            DateTime = reference.DateTime,
            Md5 = md5 ?? Convert.ToHexStringLower(MD5.HashData(bytes)),
            Width = header.Width,
            Height = header.Height,
            RecordedLatitude = readings.Latitude,
            RecordedLongitude = readings.Longitude,
            Altitude = readings.Altitude,
            Temperature = readings.Temperature,
            Humidity = readings.Humidity,
            NoFlashExposureTime = readings.NoFlashExposureTime,
            NoFlashIso = readings.NoFlashIso,
            NoFlashBrightness = readings.NoFlashBrightness,
            NoFlashShutterSpeed = readings.NoFlashShutterSpeed,
            DeviceVersion = readings.DeviceVersion,
            Battery = readings.Battery,
            Luminosity = readings.Luminosity,
            LastSync = readings.LastSync,
            ButtonPressed = readings.ButtonPressed,
        });
    }

    /// <summary>The error for a file whose picture is damaged, cut short, or none at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cause">What is wrong, as the end of a sentence.</param>
    /// <returns>The error.</returns>
    internal static StickyException InvalidImage(string path, InvalidDataException cause) => new(
        "InvalidImage",
        StickyErrorKind.InvalidData,
        $"'{path}' is not a whole picture: {OneLine.Quote(cause)}.",
        path,
        "Copy the file from the device again. If it is damaged there too, the picture is lost.",
        cause);

    /// <summary>Reads a whole file that may be anything, as files on a card are.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maximumSize">The largest that is read, in bytes.</param>
    /// <param name="invalid">Makes the error for a file that is empty or larger, from what is wrong, as the end of a sentence.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>Its bytes.</returns>
    /// <exception cref="StickyException"><c>FileNotFound</c>, <c>FileUnreadable</c>, or what <paramref name="invalid"/> makes.</exception>
    internal static async Task<byte[]> ReadBytesAsync(
        string path, long maximumSize, Func<string, StickyException> invalid, CancellationToken cancellationToken)
    {
        try
        {
            FileInfo file = new(path);
            if (file.Exists && file.Length > maximumSize)
            {
                throw invalid($"it has {file.Length / 1_048_576} MiB, more than the {maximumSize / 1_048_576} MiB that are read");
            }

            // Pipes and devices have no length; opening one could wait for ever.
            if (file.Exists && file.Length == 0)
            {
                throw invalid("the file is empty");
            }

            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
            byte[] bytes = new byte[Math.Min(stream.Length, maximumSize)];
            int count = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return count == bytes.Length ? bytes : bytes[..count];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw FileNotFound(path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SourceFile.Unreadable($"'{path}'", path, e);
        }
    }

    /// <summary>The error for a file that is not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cause">The error of the file system, or null.</param>
    /// <returns>The error.</returns>
    internal static StickyException FileNotFound(string path, Exception? cause = null) => new(
        "FileNotFound", StickyErrorKind.NotFound, $"'{path}' does not exist.", path, "Check the path.", cause);
}
