using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using StickyPi.Core.Annotations;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Stores;

namespace StickyPi.Core.Remote;

internal sealed partial class RemoteStore
{
    private const string AnnotationsPath = "v1/annotations";

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StickyException?>> RemoveAnnotationsAsync(
        IReadOnlyList<AnnotationReference> references, CancellationToken cancellationToken = default)
    {
        List<StickyException?> errors = new(references.Count);
        foreach (AnnotationReference[] batch in references.Chunk(RemoteApi.BatchSize))
        {
            ApiRequest request = RemoteApi.Post(
                $"{AnnotationsPath}/delete",
                QueryParameters.None,
                JsonSerializer.SerializeToUtf8Bytes(batch, ApiJson.Requests.IReadOnlyListAnnotationReference));
            await foreach (ApiOutcome<ApiAnnotation> outcome in _api
                .AskLinesAsync(request, ApiJson.Default.ApiOutcomeApiAnnotation, cancellationToken).ConfigureAwait(false))
            {
                errors.Add(outcome.Error?.ToException(At(references, errors.Count)));
            }
        }

        return Complete(errors, references.Count);
    }

    private protected override async ValueTask<IReadOnlyList<AnnotationPlace>> FindAnnotationPlacesAsync(
        IReadOnlyList<AnnotationReference> references, CancellationToken cancellationToken)
    {
        ImageReference[] pictures = [.. references.Select(reference => reference.Image).Distinct()];
        IReadOnlyList<StickyImage?> images = await FindImagesAsync(pictures, cancellationToken).ConfigureAwait(false);
        Dictionary<ImageReference, StickyImage> stored = images.OfType<StickyImage>().ToDictionary(image => image.Reference);
        AnnotationQuery query = new() { AlgoNames = [.. references.Select(reference => NamePattern.Escape(reference.AlgoName)).Distinct()] };
        HashSet<AnnotationReference> taken =
        [
            .. (await FindAnnotationsAsync([.. stored.Keys], query, cancellationToken).ConfigureAwait(false)).Select(annotation => annotation.GetReference()),
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
        List<StickyAnnotation> annotations = [];
        await foreach (ApiOutcome<ApiAnnotation> outcome in _api.FindAsync(
            $"{AnnotationsPath}/find",
            Add(new QueryParameters(), query),
            references,
            ApiJson.Requests.IReadOnlyListImageReference,
            ApiJson.Default.ApiOutcomeApiAnnotation,
            Freshness.Now,
            cancellationToken).ConfigureAwait(false))
        {
            annotations.Add(outcome.Error is ApiError error ? throw error.ToException() : outcome.Value!.ToAnnotation());
        }

        return annotations;
    }

    private protected override async IAsyncEnumerable<Outcome<StickyAnnotation>> InsertAnnotationsAsync(
        IEnumerable<AnnotationElement> elements, AddAnnotationOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Of all or none there may be any number, read from the disk as they are sent.
        List<AnnotationElement>? list = options.ContinueOnError ? [.. elements] : null;
        if (list?.Count == 0)
        {
            yield break;
        }

        ApiRequest request = new(HttpMethod.Post, AnnotationsPath)
        {
            Query = new QueryParameters()
                .AddIf("continueOnError", options.ContinueOnError)
                .AddIf("returnStored", options.ReturnStored).Pairs,
            Content = () => new ElementsContent(list ?? elements),
            Patience = ApiRequest.LongPatience,
        };
        List<(AnnotationElement? Element, ApiError Error)> refused = [];
        await foreach (ApiOutcome<ApiAnnotation> outcome in _api
            .AskLinesAsync(request, ApiJson.Default.ApiOutcomeApiAnnotation, cancellationToken).ConfigureAwait(false))
        {
            if (outcome.Warning is string warning)
            {
                // Somebody has replaced the picture by a smaller one since the check.
                await (options.Warn?.Invoke(OneLine.Of(warning), cancellationToken) ?? ValueTask.CompletedTask).ConfigureAwait(false);
            }
            else if (outcome.Error is ApiError error)
            {
                refused.Add((outcome.Index is not int index ? null : list is not null ? list.ElementAtOrDefault(index) : elements.ElementAtOrDefault(index), error));
            }
            else if (options.ReturnStored && outcome.Value is ApiAnnotation annotation)
            {
                yield return new(annotation.ToAnnotation());
            }
        }

        // What somebody else did since the check. The server knows the elements by other names.
        foreach ((AnnotationElement? element, ApiError error) in refused)
        {
            if (element is null)
            {
                yield return new(error.ToException());
                continue;
            }

            IReadOnlyList<AnnotationPlace> places = await FindAnnotationPlacesAsync([element.GetReference()], cancellationToken).ConfigureAwait(false);
            yield return new(Refusal(element, places[0]) ?? (error.ErrorId == "AnnotationExists" ? Exists(element) : error.ToException(element)));
        }
    }

    private static QueryParameters Add(QueryParameters parameters, AnnotationQuery query) => parameters
        .Add("algoName", query.AlgoNames)
        .Add("algoVersion", query.AlgoVersions)
        .AddIf("latest", query.Latest)
        .Add("what", query.What.ToString());

    /// <summary>Annotations as they are, a line each.</summary>
    private sealed class ElementsContent : HttpContent
    {
        private readonly IEnumerable<AnnotationElement> _elements;

        public ElementsContent(IEnumerable<AnnotationElement> elements)
        {
            _elements = elements;
            Headers.ContentType = new MediaTypeHeaderValue(ApiLines.MediaType);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            const int PieceSize = 64 * 1024;
            using MemoryStream piece = new(2 * PieceSize);
            foreach (AnnotationElement element in _elements)
            {
                Write(piece, element.Utf8Json.Span);
                if (piece.Length >= PieceSize)
                {
                    await stream.WriteAsync(piece.GetBuffer().AsMemory(0, (int)piece.Length), cancellationToken).ConfigureAwait(false);
                    piece.SetLength(0);
                }
            }

            await stream.WriteAsync(piece.GetBuffer().AsMemory(0, (int)piece.Length), cancellationToken).ConfigureAwait(false);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        // JSON has line breaks only between its tokens, where a space is as good.
        private static void Write(MemoryStream piece, ReadOnlySpan<byte> json)
        {
            while (json.IndexOfAny((byte)'\n', (byte)'\r') is var end and >= 0)
            {
                piece.Write(json[..end]);
                piece.WriteByte((byte)' ');
                json = json[(end + 1)..];
            }

            piece.Write(json);
            piece.WriteByte((byte)'\n');
        }
    }
}
