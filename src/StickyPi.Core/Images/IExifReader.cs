namespace StickyPi.Core.Images;

/// <summary>The EXIF tags that the firmware writes its readings into.</summary>
/// <param name="Make">Tag 0x010F, or null.</param>
/// <param name="Model">Tag 0x0110, or null.</param>
/// <param name="UserComment">Tag 0x9286 as raw bytes, with its character-code prefix if it has one, or null.</param>
public sealed record ExifTags(string? Make, string? Model, ReadOnlyMemory<byte>? UserComment);

/// <summary>Reads the EXIF of a JPEG file.</summary>
public interface IExifReader
{
    /// <summary>Reads the tags that matter here.</summary>
    /// <param name="jpeg">The whole file, or its beginning as far as the picture data.</param>
    /// <returns>The tags; each null where the file has none.</returns>
    /// <exception cref="InvalidDataException">The EXIF cannot be read.</exception>
    ExifTags Read(ReadOnlyMemory<byte> jpeg);
}
