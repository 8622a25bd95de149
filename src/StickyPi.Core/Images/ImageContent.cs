namespace StickyPi.Core.Images;

/// <summary>Which of a picture's files is meant; the <c>what</c> of the existing API.</summary>
public enum ImageContent
{
    /// <summary>No file: the row alone, with an empty url.</summary>
    Metadata,

    /// <summary>The picture itself, byte for byte.</summary>
    Image,

    /// <summary>A JPEG that fits in 512×384.</summary>
    Thumbnail,

    /// <summary>A JPEG that fits in 128×96.</summary>
    ThumbnailMini,
}

/// <summary>The sizes and the keys that go with <see cref="ImageContent"/>.</summary>
public static class ImageContents
{
    /// <summary>The widest and the highest that a thumbnail may be, in pixels.</summary>
    public static readonly (int Width, int Height) ThumbnailSize = (512, 384);

    /// <summary>The widest and the highest that a mini thumbnail may be, in pixels.</summary>
    public static readonly (int Width, int Height) ThumbnailMiniSize = (128, 96);

    /// <summary>The JPEG quality of both thumbnails.</summary>
    public const int ThumbnailQuality = 75;

    /// <summary>The three files that every stored picture has.</summary>
    public static IReadOnlyList<ImageContent> Files { get; } = [ImageContent.Image, ImageContent.Thumbnail, ImageContent.ThumbnailMini];

    /// <summary>What the key of a file adds to the name of the picture, in a store.</summary>
    /// <param name="content">One of the three files.</param>
    /// <returns>Nothing, <c>.thumbnail</c> or <c>.thumbnail-mini</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="ImageContent.Metadata"/> has no file.</exception>
    public static string KeySuffix(this ImageContent content) => content switch
    {
        ImageContent.Image => "",
        ImageContent.Thumbnail => ".thumbnail",
        ImageContent.ThumbnailMini => ".thumbnail-mini",
        _ => throw new ArgumentOutOfRangeException(nameof(content), content, "Only pictures and thumbnails have files."),
    };
}
