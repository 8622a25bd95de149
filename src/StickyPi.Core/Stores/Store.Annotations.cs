using System.Runtime.CompilerServices;
using StickyPi.Core.Annotations;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;

namespace StickyPi.Core.Stores;

public sealed partial class Store
{
    /// <inheritdoc/>
    public IAsyncEnumerable<Outcome<StickyAnnotation>> GetAnnotationSeriesAsync(
        ImageSeriesQuery series, AnnotationQuery query, CancellationToken cancellationToken = default) =>
        GetAnnotationSeriesAsync(series, query, after: null, cancellationToken);

    /// <summary>Reads the annotations of the pictures that follow one in a series, whether or not that picture is still there.</summary>
    /// <param name="series">Which pictures, as for the whole series.</param>
    /// <param name="query">Which annotations, and how much of them.</param>
    /// <param name="after">The picture; null for the whole series.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>As for the whole series.</returns>
    public async IAsyncEnumerable<Outcome<StickyAnnotation>> GetAnnotationSeriesAsync(
        ImageSeriesQuery series,
        AnnotationQuery query,
        ImageReference? after,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (DeviceRange device in await GetRangesAsync(series, after, cancellationToken).ConfigureAwait(false))
        {
            for (DateTime? start = device.StartTime; start is not null;)
            {
                AnnotationPage page = await _catalog
                    .GetAnnotationPageAsync(device with { StartTime = start.Value }, query, cancellationToken).ConfigureAwait(false);
                foreach (StickyAnnotation annotation in Select(page.Annotations, query))
                {
                    yield return WithObjects(annotation, query);
                }

                start = page.Next;
            }
        }
    }

    private protected override ValueTask<IReadOnlyList<AnnotationPlace>> FindAnnotationPlacesAsync(
        IReadOnlyList<AnnotationReference> references, CancellationToken cancellationToken) => _catalog.FindAnnotationPlacesAsync(references, cancellationToken);

    private protected override ValueTask<IReadOnlyList<StickyAnnotation>> FindAnnotationsAsync(
        IReadOnlyList<ImageReference> references, AnnotationQuery query, CancellationToken cancellationToken) =>
        _catalog.FindAnnotationsAsync(references, query, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StickyException?>> RemoveAnnotationsAsync(
        IReadOnlyList<AnnotationReference> references, CancellationToken cancellationToken = default)
    {
        await using ICatalogTransaction rows = await _catalog.BeginWriteAsync(_user, cancellationToken).ConfigureAwait(false);
        StickyException?[] errors =
        [
            .. references.Select(reference => rows.RemoveAnnotation(reference)
                ? null
                : new StickyException(
                    "AnnotationNotFound",
                    StickyErrorKind.NotFound,
                    $"The store has no annotation of {reference}.",
                    reference,
                    "Get-StickyAnnotation lists the annotations of a picture.")),
        ];
        rows.Commit(cancellationToken);
        return errors;
    }

    // One transaction. What another program did since the check, or the elements do to each other, is seen here.
    private protected override async IAsyncEnumerable<Outcome<StickyAnnotation>> InsertAnnotationsAsync(
        IEnumerable<AnnotationElement> elements, AddAnnotationOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<StickyException> errors = [];
        List<long> ids = [];
        await using (ICatalogTransaction rows = await _catalog.BeginWriteAsync(_user, cancellationToken).ConfigureAwait(false))
        {
            foreach (AnnotationElement element in elements)
            {
                cancellationToken.ThrowIfCancellationRequested();
                AnnotationPlace place = rows.FindAnnotationPlace(element.GetReference());
                if (Refusal(element, place) is StickyException error)
                {
                    errors.Add(error);
                    if (options.ContinueOnError)
                    {
                        continue;
                    }

                    break;
                }

                long id = rows.AddAnnotation(place.ImageId!.Value, element.GetReference(), element.ObjectCount, element.Utf8Json);
                if (options.ReturnStored)
                {
                    ids.Add(id);
                }
            }

            if (errors.Count == 0 || options.ContinueOnError)
            {
                rows.Commit(cancellationToken);
            }
            else
            {
                ids.Clear();
            }
        }

        foreach (StickyException error in errors)
        {
            yield return new(error);
        }

        foreach (long[] page in ids.Chunk(LookUpBatchSize))
        {
            foreach (StickyAnnotation annotation in await _catalog.GetAnnotationsByIdAsync(page, cancellationToken).ConfigureAwait(false))
            {
                yield return new(annotation);
            }
        }
    }
}
