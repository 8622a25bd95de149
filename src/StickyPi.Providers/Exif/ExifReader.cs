using System.Runtime.InteropServices;
using MetadataExtractor;
using MetadataExtractor.Formats.Exif;
using MetadataExtractor.Formats.Jpeg;
using StickyPi.Core;
using StickyPi.Core.Images;

namespace StickyPi.Providers.Exif;

/// <summary>Reads EXIF with MetadataExtractor.</summary>
internal sealed class ExifReader : IExifReader
{
    private static readonly IJpegSegmentMetadataReader[] Readers = [new MetadataExtractor.Formats.Exif.ExifReader()];

    public ExifTags Read(ReadOnlyMemory<byte> jpeg)
    {
        IReadOnlyList<MetadataExtractor.Directory> directories;
        try
        {
            using MemoryStream stream = AsStream(jpeg);
            directories = JpegMetadataReader.ReadMetadata(stream, Readers);
        }
        catch (Exception e) when (e is ImageProcessingException or IOException or MetadataException or ArgumentException or OverflowException
            or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"its EXIF cannot be read: {OneLine.Quote(e)}", e);
        }

        // Another program may have put a segment of its own before the device's.
        ExifIfd0Directory[] all = [.. directories.OfType<ExifIfd0Directory>()];
        ExifIfd0Directory? main = Array.Find(all, directory => DeviceReadings.IsOwnMake(directory.GetString(ExifDirectoryBase.TagMake)))
            ?? all.FirstOrDefault();
        MetadataExtractor.Directory? detail = directories.OfType<ExifSubIfdDirectory>().FirstOrDefault(directory => directory.Parent == main);
        return new ExifTags(
            main?.GetString(ExifDirectoryBase.TagMake),
            main?.GetString(ExifDirectoryBase.TagModel),
            detail?.GetObject(ExifDirectoryBase.TagUserComment) switch
            {
                byte[] bytes => bytes,
                StringValue text => text.Bytes,
                _ => (ReadOnlyMemory<byte>?)null,
            });
    }

    private static MemoryStream AsStream(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(bytes.ToArray(), writable: false);
}
