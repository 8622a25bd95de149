namespace StickyPi.Core.Images;

/// <summary>The two reduced JPEGs that a store keeps beside each picture. They carry no metadata.</summary>
/// <param name="Thumbnail">A JPEG that fits in 512×384.</param>
/// <param name="ThumbnailMini">A JPEG that fits in 128×96.</param>
public sealed record Thumbnails(byte[] Thumbnail, byte[] ThumbnailMini);

/// <summary>Decodes and encodes JPEG pictures. Calls are safe from several threads, and each uses one core.</summary>
public interface IJpegEngine
{
    /// <summary>Decodes a whole picture and makes its two thumbnails.</summary>
    /// <param name="jpeg">The file.</param>
    /// <param name="header">What its header says.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The thumbnails: the aspect is kept, nothing is enlarged or rotated.</returns>
    /// <exception cref="InvalidDataException">The picture data is damaged or cut short, or would take too long to decode.</exception>
    /// <exception cref="StickyException"><c>JpegEngineMissing</c>: the native library is not there.</exception>
    Thumbnails CreateThumbnails(ReadOnlyMemory<byte> jpeg, JpegHeader header, CancellationToken cancellationToken = default);

    /// <summary>Encodes a picture as a baseline JPEG without metadata.</summary>
    /// <param name="rgb">Pixels row by row, three bytes each: red, green, blue.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="quality">1 to 100.</param>
    /// <returns>The file.</returns>
    /// <exception cref="StickyException"><c>JpegEngineMissing</c>: the native library is not there.</exception>
    byte[] Encode(ReadOnlyMemory<byte> rgb, int width, int height, int quality = 75);

    /// <summary>Says which engine this is, and why, if it is not the preferred one. What the engine needs is loaded for that.</summary>
    /// <returns>A part of a sentence, such as <c>libvips 8.18.7</c>.</returns>
    /// <exception cref="StickyException">
    /// <c>JpegEngineMissing</c>: the native library is not there; <c>InvalidJpegEngine</c>: an unknown engine was asked for.
    /// </exception>
    string Describe();
}
