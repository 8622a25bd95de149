using System.Text;
using StickyPi.Core.Images;

namespace StickyPi.Core.Annotations;

/// <summary>How much of an annotation is asked for; the <c>what</c> of the existing API.</summary>
public enum AnnotationContent
{
    /// <summary>What the columns say, without the objects.</summary>
    Metadata,

    /// <summary>The objects too.</summary>
    Data,
}

/// <summary>What one algorithm, or one person, says about one picture.</summary>
public abstract record Annotation
{
    /// <summary>The most characters of <see cref="AlgoName"/>.</summary>
    public const int AlgoNameLength = 64;

    /// <summary>The device that took the picture: 8 hexadecimal digits.</summary>
    public required string Device { get; init; }

    /// <summary>When the picture was taken, UTC.</summary>
    public required DateTime DateTime { get; init; }

    /// <summary>MD5 of the picture that was looked at: 32 hexadecimal digits.</summary>
    public required string Md5 { get; init; }

    /// <summary>The algorithm, for example <c>sticky-pi-universal-insect-detector</c>.</summary>
    public required string AlgoName { get; init; }

    /// <summary>Its version, see <see cref="AlgorithmVersion"/>.</summary>
    public required string AlgoVersion { get; init; }

    /// <summary>How many objects there are.</summary>
    public required int ObjectCount { get; init; }

    /// <summary>The objects; empty where only metadata was asked for.</summary>
    public IReadOnlyList<AnnotatedObject> Objects { get; init; } = [];

    /// <summary>The whole element <c>{annotations, metadata}</c> as it is stored, byte for byte; empty where only metadata was asked for.</summary>
    public string Json => Encoding.UTF8.GetString(Utf8Json.Span);

    /// <summary>The name of the picture's file.</summary>
    public string FileName => Reference.FileName;

    /// <summary>What <see cref="Json"/> is made of, without making a text of it.</summary>
    /// <returns>UTF-8.</returns>
    public ReadOnlyMemory<byte> GetUtf8Json() => Utf8Json;

    /// <summary>The identity of the annotation.</summary>
    /// <returns>The picture, the algorithm and its version.</returns>
    public AnnotationReference GetReference() => new(Reference, AlgoName, AlgoVersion);

    // Not a public property: every table and file that is made of annotations would show it.
    internal ReadOnlyMemory<byte> Utf8Json { get; init; }

    internal ImageReference Reference => new(Device, DateTime);

}

/// <summary>An annotation that a store holds: every column of its row.</summary>
public sealed record StickyAnnotation : Annotation
{
    /// <summary>Number of the row in its store.</summary>
    public required long Id { get; init; }

    /// <summary>Number of the picture's row in its store.</summary>
    public required long ImageId { get; init; }

    /// <summary>When the row was written, UTC.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>Version of the program that wrote the row.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>The user who wrote the row; null in a local store.</summary>
    public string? ApiUser { get; init; }

    /// <summary>Whether the objects were asked for.</summary>
    public AnnotationContent What { get; init; }

    /// <summary>The same annotation with the JSON that is stored of it.</summary>
    /// <param name="utf8">The element in UTF-8.</param>
    /// <returns>A copy, without <see cref="Annotation.Objects"/>.</returns>
    public StickyAnnotation WithJson(ReadOnlyMemory<byte> utf8) => this with { What = AnnotationContent.Data, Utf8Json = utf8 };

    /// <summary>The picture and the algorithm.</summary>
    /// <returns>Both.</returns>
    public override string ToString() => GetReference().ToString();
}

/// <summary>An annotation that is not in a store yet: read from JSON, or from a file that was drawn or exported.</summary>
public sealed record AnnotationElement : Annotation
{
    /// <summary>Where it comes from, for messages: <c>element 3 of 'found.json'</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Where it comes from.</summary>
    /// <returns>The source.</returns>
    public override string ToString() => OneLine.Of(Source);
}

/// <summary>The identity of an annotation: a store holds one for each picture, algorithm and version.</summary>
/// <param name="Image">The picture.</param>
/// <param name="AlgoName">The algorithm.</param>
/// <param name="AlgoVersion">Its version.</param>
public readonly record struct AnnotationReference(ImageReference Image, string AlgoName, string AlgoVersion)
{
    /// <inheritdoc/>
    public override string ToString() => OneLine.Of($"{Image} {AlgoName} {AlgoVersion}");
}
