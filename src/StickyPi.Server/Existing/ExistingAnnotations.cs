using System.Globalization;
using System.Runtime.CompilerServices;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Images;
using StickyPi.Core.Remote.Existing;
using StickyPi.Core.Stores;
using StickyPi.Server.Access;

namespace StickyPi.Server.Existing;

/// <summary>What the existing API does with annotations.</summary>
internal static class ExistingAnnotations
{
    private const string Source = "the request";

    /// <summary><c>put_uid_annotations</c>: all or none. Elements are read as they come, and the JSON of each is stored as it was sent.</summary>
    public static Task PutAsync(HttpContext context) => ExistingAnswers.WriteListAsync(
        context, AddAsync(context.GetStore(), context.Request.Body, context.RequestAborted), ExistingJson.Default.ExistingAnnotation);

    /// <summary><c>get_uid_annotations/&lt;what&gt;</c>: of exact pictures.</summary>
    public static async Task GetAsync(HttpContext context)
    {
        IReadOnlyList<ImageReference> references =
            ExistingImages.Sort(await JsonInput.ReadListAsync(context, ExistingImages.ReadReference));
        AnnotationQuery query = Query(context);
        await WriteAsync(context, query, context.GetStore().GetAnnotationsAsync(references.ToAsyncEnumerable(), query, context.RequestAborted));
    }

    /// <summary><c>get_uid_annotations_series/&lt;what&gt;</c>: one series after the other.</summary>
    public static async Task GetSeriesAsync(HttpContext context)
    {
        IReadOnlyList<ImageSeriesQuery> series = await JsonInput.ReadListAsync(context, ExistingImages.ReadSeries);
        AnnotationQuery query = Query(context);
        await WriteAsync(context, query, ReadAllAsync(context.GetStore(), series, query, context.RequestAborted));
    }

    // As there: every word but one means that the JSON is wanted.
    private static AnnotationQuery Query(HttpContext context) => new()
    {
        What = context.GetRouteValue("what") is "metadata" ? AnnotationContent.Metadata : AnnotationContent.Data,
        JsonOnly = true,
    };

    private static Task WriteAsync(HttpContext context, AnnotationQuery query, IAsyncEnumerable<Outcome<StickyAnnotation>> annotations) =>
        ExistingAnswers.WriteListAsync(
            context,
            annotations.Select(outcome => ExistingAnnotation.From(outcome.Value!, query.What == AnnotationContent.Data ? outcome.Value!.Json : null)),
            ExistingJson.Default.ExistingAnnotation);

    private static async IAsyncEnumerable<Outcome<StickyAnnotation>> ReadAllAsync(
        Store store, IReadOnlyList<ImageSeriesQuery> series, AnnotationQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (ImageSeriesQuery images in series)
        {
            await foreach (Outcome<StickyAnnotation> annotation in store.GetAnnotationSeriesAsync(images, query, cancellationToken))
            {
                yield return annotation;
            }
        }
    }

    private static async IAsyncEnumerable<ExistingAnnotation> AddAsync(
        Store store, Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        AddAnnotationOptions options = new() { ReturnStored = true };
        await foreach (Outcome<StickyAnnotation> outcome in store.AddAnnotationsAsync(
            AnnotationJson.ReadAsync(body, Source, AnnotationRules.Existing, cancellationToken), options, cancellationToken))
        {
            yield return outcome.Value is StickyAnnotation annotation
                ? ExistingAnnotation.From(annotation, json: "")
                : throw outcome.Error!.At(FieldOf(outcome.Error!));
        }
    }

    // Elements are called "element 3 of the request".
    private static string FieldOf(StickyException error)
    {
        string[] words = (error.Target?.ToString() ?? "").Split(' ');
        return words is ["element", string number, "of", ..] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int position)
            ? string.Create(CultureInfo.InvariantCulture, $"[{position - 1}]")
            : "";
    }
}
