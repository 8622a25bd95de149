using StickyPi.Core.Annotations;
using StickyPi.Core.Images;

namespace StickyPi.Core.Stores;

public partial interface IStickyStore
{
    /// <summary>
    /// Adds annotations: all or none, or, where <see cref="AddAnnotationOptions.ContinueOnError"/> says so, those that are right. Memory
    /// does not grow with their number, and other programs are kept waiting only while rows are written.
    /// </summary>
    /// <param name="elements">The annotations; one that could not be read is refused like one that is wrong.</param>
    /// <param name="options">How to add.</param>
    /// <param name="cancellationToken">Stops the work; of an adding of all or none, nothing is stored then.</param>
    /// <returns>
    /// An error for each annotation that is refused: <c>ImageNotFound</c>, <c>Md5Mismatch</c>, <c>AnnotationExists</c>, and those that the
    /// elements came with; the others as they are stored, without their JSON, where they were asked for.
    /// </returns>
    IAsyncEnumerable<Outcome<StickyAnnotation>> AddAnnotationsAsync(
        IAsyncEnumerable<Outcome<AnnotationElement>> elements, AddAnnotationOptions options, CancellationToken cancellationToken = default);

    /// <summary>Reads the annotations of exact pictures; a picture that is not there, or has none, yields nothing.</summary>
    /// <param name="references">Which pictures.</param>
    /// <param name="query">Which annotations, and how much of them.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The annotations in the order of the pictures; <c>InvalidAnnotation</c> for one whose stored JSON cannot be read.</returns>
    IAsyncEnumerable<Outcome<StickyAnnotation>> GetAnnotationsAsync(
        IAsyncEnumerable<ImageReference> references, AnnotationQuery query, CancellationToken cancellationToken = default);

    /// <summary>Reads the annotations of a series, ordered by device, time, algorithm and version, page by page.</summary>
    /// <param name="series">Which pictures; <see cref="ImageSeriesQuery.What"/>, <see cref="ImageSeriesQuery.Skip"/> and <see cref="ImageSeriesQuery.First"/> do not count.</param>
    /// <param name="query">Which annotations, and how much of them.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The annotations; <c>InvalidAnnotation</c> for one whose stored JSON cannot be read.</returns>
    IAsyncEnumerable<Outcome<StickyAnnotation>> GetAnnotationSeriesAsync(
        ImageSeriesQuery series, AnnotationQuery query, CancellationToken cancellationToken = default);

    /// <summary>Reads pictures with their annotations; a picture without any comes once, alone.</summary>
    /// <param name="images">The pictures, as <see cref="GetImageSeriesAsync"/> or <see cref="GetImagesAsync"/> returned them.</param>
    /// <param name="query">Which annotations, and how much of them.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>One outcome for each picture and annotation, in the order of the pictures; <c>InvalidAnnotation</c> for one that cannot be read.</returns>
    IAsyncEnumerable<Outcome<StickyAnnotatedImage>> GetAnnotatedImagesAsync(
        IAsyncEnumerable<StickyImage> images, AnnotationQuery query, CancellationToken cancellationToken = default);

    /// <summary>Removes annotations.</summary>
    /// <param name="references">Which.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>One element for each reference, in the same order: null, or the error <c>AnnotationNotFound</c>.</returns>
    ValueTask<IReadOnlyList<StickyException?>> RemoveAnnotationsAsync(
        IReadOnlyList<AnnotationReference> references, CancellationToken cancellationToken = default);
}
