using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using StickyPi.Core.Annotations;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Core.Stores;

namespace StickyPi.Core.Remote.Existing;

internal sealed partial class ExistingStore
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<Outcome<StickyAnnotation>> GetAnnotationSeriesAsync(
        ImageSeriesQuery series, AnnotationQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // A row names its picture by its number alone.
        IReadOnlyList<StickyImage> images = await ListAsync(series with { What = ImageContent.Metadata }, cancellationToken).ConfigureAwait(false);
        DateTime start = ExistingTimes.NotBefore(series.StartTime);
        DateTime end = ExistingTimes.End(series.EndTime);
        IReadOnlyList<ExistingSeriesReference> body = [.. ToLike(series.Devices).Select(device => new ExistingSeriesReference(device, start, end))];
        IAsyncEnumerable<ExistingAnnotation> rows = _calls.AskAsync(
            $"get_uid_annotations_series/{Word(query)}",
            body,
            ExistingJson.Default.IReadOnlyListExistingSeriesReference,
            ExistingJson.Default.ExistingAnnotation,
            cancellationToken);
        foreach (StickyAnnotation annotation in Select(await JoinAsync(images, rows, query, cancellationToken).ConfigureAwait(false), query))
        {
            yield return WithObjects(annotation, query);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StickyException?>> RemoveAnnotationsAsync(
        IReadOnlyList<AnnotationReference> references, CancellationToken cancellationToken = default) =>
        throw NotSupported("removes no annotations but with their picture");

    private protected override async ValueTask<IReadOnlyList<AnnotationPlace>> FindAnnotationPlacesAsync(
        IReadOnlyList<AnnotationReference> references, CancellationToken cancellationToken)
    {
        ImageReference[] pictures = [.. references.Select(reference => reference.Image).Distinct()];
        IReadOnlyList<StickyImage?> images = await FindImagesAsync(pictures, cancellationToken).ConfigureAwait(false);
        Dictionary<ImageReference, StickyImage> stored = images.OfType<StickyImage>().ToDictionary(image => image.Reference);
        HashSet<AnnotationReference> taken =
        [
            .. (await FindAnnotationsAsync([.. stored.Keys], new AnnotationQuery(), cancellationToken).ConfigureAwait(false))
                .Select(annotation => annotation.GetReference()),
        ];
        return
        [
            .. references.Select(reference => stored.TryGetValue(reference.Image, out StickyImage? image)
                ? new AnnotationPlace(image.Id, image.Md5, taken.Contains(reference), image.Width, image.Height)
                : new AnnotationPlace(null, null, false)),
        ];
    }

    private protected override async ValueTask<IReadOnlyList<StickyAnnotation>> FindAnnotationsAsync(
        IReadOnlyList<ImageReference> references, AnnotationQuery query, CancellationToken cancellationToken)
    {
        if (references.Count == 0)
        {
            return [];
        }

        IReadOnlyList<StickyImage?> images = await FindImagesAsync(references, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ExistingImageReference> body = [.. references.Select(reference => new ExistingImageReference(reference.Device, reference.DateTime))];
        IAsyncEnumerable<ExistingAnnotation> rows = _calls.AskAsync(
            $"get_uid_annotations/{Word(query)}",
            body,
            ExistingJson.Default.IReadOnlyListExistingImageReference,
            ExistingJson.Default.ExistingAnnotation,
            cancellationToken);
        return await JoinAsync([.. images.OfType<StickyImage>()], rows, query, cancellationToken).ConfigureAwait(false);
    }

    private protected override async IAsyncEnumerable<Outcome<StickyAnnotation>> InsertAnnotationsAsync(
        IEnumerable<AnnotationElement> elements, AddAnnotationOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // One request is all or none there. Of those that stand for themselves, each goes alone.
        IEnumerable<IEnumerable<AnnotationElement>> requests = options.ContinueOnError ? elements.Select(element => (AnnotationElement[])[element]) : [elements];
        foreach (IEnumerable<AnnotationElement> request in requests)
        {
            if (!request.Any())
            {
                continue;
            }

            List<ExistingAnnotation> rows = [];
            StickyException? error = null;
            try
            {
                rows = await _calls.ChangeAsync(
                    "put_uid_annotations",
                    () => new ElementsContent(request),
                    ExistingJson.Default.ExistingAnnotation,
                    options.ContinueOnError ? request.First() : null,
                    cancellationToken).ConfigureAwait(false);
            }
            catch (StickyException e) when (IsRefused(e))
            {
                error = e;
            }

            if (error is not null)
            {
                yield return new(await ExplainAsync(request, error, cancellationToken).ConfigureAwait(false));
            }
            else if (options.ReturnStored)
            {
                // Rows come in the order of the elements.
                foreach ((AnnotationElement element, ExistingAnnotation row) in request.Zip(rows))
                {
                    yield return new((row with { Json = null }).ToAnnotation(element.Reference, element.Md5));
                }
            }
        }
    }

    // What somebody else did since the check.
    private async ValueTask<StickyException> ExplainAsync(
        IEnumerable<AnnotationElement> elements, StickyException error, CancellationToken cancellationToken)
    {
        foreach (AnnotationElement[] batch in elements.Chunk(AnnotationBatchSize))
        {
            IReadOnlyList<AnnotationPlace> places = await FindAnnotationPlacesAsync(
                [.. batch.Select(element => element.GetReference())], cancellationToken).ConfigureAwait(false);
            StickyException? refusal = batch.Zip(places, Refusal).FirstOrDefault(refusal => refusal is not null);
            if (refusal is not null)
            {
                return refusal;
            }
        }

        return error;
    }

    private static string Word(AnnotationQuery query) => query.What == AnnotationContent.Data ? "data" : "metadata";

    // Ordered as the pictures are, then by algorithm and version.
    private static async ValueTask<IReadOnlyList<StickyAnnotation>> JoinAsync(
        IReadOnlyList<StickyImage> images, IAsyncEnumerable<ExistingAnnotation> rows, AnnotationQuery query, CancellationToken cancellationToken)
    {
        Dictionary<long, (StickyImage Image, int Position)> pictures = [];
        foreach (StickyImage image in images)
        {
            _ = pictures.TryAdd(image.Id, (image, pictures.Count));
        }

        Dictionary<long, (StickyAnnotation Annotation, int Position)> annotations = [];
        await foreach (ExistingAnnotation row in rows.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            // One whose picture came between the two questions is left for the next time.
            if (query.Matches(row.AlgoName, row.AlgoVersion) && pictures.TryGetValue(row.ParentImageId, out (StickyImage Image, int Position) picture))
            {
                annotations[row.Id] = (row.ToAnnotation(picture.Image.Reference, picture.Image.Md5), picture.Position);
            }
        }

        return
        [
            .. annotations.Values
                .OrderBy(found => found.Position)
                .ThenBy(found => found.Annotation.AlgoName, StringComparer.Ordinal)
                .ThenBy(found => found.Annotation.AlgoVersion, StringComparer.Ordinal)
                .Select(found => found.Annotation),
        ];
    }

    /// <summary>A list of annotations as they are, written as it is read.</summary>
    private sealed class ElementsContent : HttpContent
    {
        private readonly IEnumerable<AnnotationElement> _elements;

        public ElementsContent(IEnumerable<AnnotationElement> elements)
        {
            _elements = elements;
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            bool isFirst = true;
            foreach (AnnotationElement element in _elements)
            {
                await stream.WriteAsync(isFirst ? "["u8.ToArray() : ","u8.ToArray(), cancellationToken).ConfigureAwait(false);
                await stream.WriteAsync(element.Utf8Json, cancellationToken).ConfigureAwait(false);
                isFirst = false;
            }

            await stream.WriteAsync("]"u8.ToArray(), cancellationToken).ConfigureAwait(false);
        }

        // The existing server takes no body of unknown length: what is in front of it adds it up.
        protected override bool TryComputeLength(out long length)
        {
            length = 1;
            foreach (AnnotationElement element in _elements)
            {
                length += element.Utf8Json.Length + 1;
            }

            return true;
        }
    }
}
