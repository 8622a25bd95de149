using StickyPi.Core.Images;

namespace StickyPi.Core.Annotations;

/// <summary>A picture joined with one of its annotations, or with none.</summary>
public sealed record StickyAnnotatedImage
{
    /// <summary>The picture.</summary>
    public required StickyImage Image { get; init; }

    /// <summary>What was found on it; null where it has no annotation that was asked for.</summary>
    public required StickyAnnotation? Annotation { get; init; }

    /// <summary>The device that took the picture: 8 hexadecimal digits.</summary>
    public string Device => Image.Device;

    /// <summary>When the picture was taken, UTC.</summary>
    public DateTime DateTime => Image.DateTime;

    /// <summary>A path, in a local store, or a URL of the picture's file that was asked for.</summary>
    public string Url => Image.Url;

    /// <summary>The algorithm that found the objects, or null.</summary>
    public string? AlgoName => Annotation?.AlgoName;

    /// <summary>Its version, or null.</summary>
    public string? AlgoVersion => Annotation?.AlgoVersion;

    /// <summary>How many objects were found; null where the picture has no annotation.</summary>
    public int? ObjectCount => Annotation?.ObjectCount;

    /// <summary>The objects; empty where only metadata was asked for.</summary>
    public IReadOnlyList<AnnotatedObject> Objects => Annotation?.Objects ?? [];

    /// <summary>The name of the picture's file.</summary>
    public string FileName => Image.FileName;

    /// <summary>The name of the picture's file.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => OneLine.Of(FileName);
}
