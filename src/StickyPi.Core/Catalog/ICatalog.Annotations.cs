using StickyPi.Core.Annotations;
using StickyPi.Core.Images;

namespace StickyPi.Core.Catalog;

public partial interface ICatalog
{
    /// <summary>Looks up the annotations of exact pictures.</summary>
    /// <param name="references">Which pictures.</param>
    /// <param name="query">Which of their annotations; <see cref="AnnotationQuery.Latest"/> does not count here. Objects are not read, but their JSON is.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The annotations, in the order of the references, then by algorithm and version.</returns>
    ValueTask<IReadOnlyList<StickyAnnotation>> FindAnnotationsAsync(
        IReadOnlyList<ImageReference> references, AnnotationQuery query, CancellationToken cancellationToken);

    /// <summary>Reads one page of the annotations of a device's pictures, in order of time, algorithm and version.</summary>
    /// <param name="range">The device and the range of time.</param>
    /// <param name="query">Which annotations, as with <see cref="FindAnnotationsAsync"/>.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>All annotations of some pictures, and where the next page begins.</returns>
    ValueTask<AnnotationPage> GetAnnotationPageAsync(DeviceRange range, AnnotationQuery query, CancellationToken cancellationToken);

    /// <summary>Looks at what adding annotations would meet.</summary>
    /// <param name="references">Which annotations.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>One element for each reference, in the same order.</returns>
    ValueTask<IReadOnlyList<AnnotationPlace>> FindAnnotationPlacesAsync(
        IReadOnlyList<AnnotationReference> references, CancellationToken cancellationToken);

    /// <summary>Reads annotations by the numbers of their rows, without their JSON.</summary>
    /// <param name="ids">The numbers.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The annotations that there are, in the same order.</returns>
    ValueTask<IReadOnlyList<StickyAnnotation>> GetAnnotationsByIdAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken);
}

public partial interface ICatalogTransaction
{
    /// <summary>Looks at what adding an annotation would meet, seeing what this transaction did so far.</summary>
    /// <param name="reference">Which annotation.</param>
    /// <returns>What there is.</returns>
    AnnotationPlace FindAnnotationPlace(AnnotationReference reference);

    /// <summary>Adds the row of an annotation.</summary>
    /// <param name="imageId">The row of its picture.</param>
    /// <param name="reference">Which annotation.</param>
    /// <param name="objectCount">How many objects it has.</param>
    /// <param name="json">The whole element in UTF-8.</param>
    /// <returns>The number of the row.</returns>
    long AddAnnotation(long imageId, AnnotationReference reference, int objectCount, ReadOnlyMemory<byte> json);

    /// <summary>Removes the row of an annotation.</summary>
    /// <param name="reference">Which.</param>
    /// <returns>Whether there was such a row.</returns>
    bool RemoveAnnotation(AnnotationReference reference);
}

/// <summary>What a catalog has where an annotation is to go.</summary>
/// <param name="ImageId">The row of the picture, or null where there is no such picture.</param>
/// <param name="Md5">The picture's MD5, or null.</param>
/// <param name="IsTaken">Whether the picture has an annotation of that algorithm and version.</param>
/// <param name="Width">The picture's width in pixels.</param>
/// <param name="Height">The picture's height in pixels.</param>
public readonly record struct AnnotationPlace(long? ImageId, string? Md5, bool IsTaken, int Width = 0, int Height = 0);

/// <summary>Some annotations of a device.</summary>
/// <param name="Annotations">All annotations of the pictures that were looked at.</param>
/// <param name="Next">The time at which the next page begins, UTC; null at the end.</param>
public sealed record AnnotationPage(IReadOnlyList<StickyAnnotation> Annotations, DateTime? Next);
