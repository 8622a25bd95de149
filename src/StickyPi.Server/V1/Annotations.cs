using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using StickyPi.Core;
using StickyPi.Core.Annotations;
using StickyPi.Core.Images;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Stores;
using StickyPi.Server.Access;
using StickyPi.Server.Configuration;

namespace StickyPi.Server.V1;

/// <summary>Annotations of pictures.</summary>
internal static class Annotations
{
    // What elements are called in messages, from which errors that come later know their element again.
    private const string SourcePrefix = "element ";
    private const string SourceSuffix = " of the request";

    private static readonly Parameter ContinueOnError = Parameters.Flag("continueOnError", "Whether what is right is stored even where something else is not; else all or nothing is.");
    private static readonly Parameter ReturnStored = Parameters.Flag("returnStored", "Whether the answer holds what was stored, too.");

    /// <summary>Maps the routes.</summary>
    /// <param name="v1">Where they go.</param>
    public static void MapAnnotations(this IEndpointRouteBuilder v1)
    {
        RouteGroupBuilder annotations = v1.MapGroup("/annotations").WithTags("Annotations");
        _ = annotations.MapOperation("GET", "", "ListAnnotations", Roles.Reader, List, "Lists annotations, ordered by device, time, algorithm and version.")
            .GivesList<ApiOutcome<ApiAnnotation>>(
                Parameters.Device, Parameters.StartTime, Parameters.EndTime, Parameters.AlgoName, Parameters.AlgoVersion, Parameters.Latest, Parameters.AnnotationWhat);
        _ = annotations.MapOperation("POST", "/find", "FindAnnotations", Roles.Reader, Find, "Gets the annotations of exact pictures, in the order of the pictures.")
            .Takes(Parameters.AlgoName, Parameters.AlgoVersion, Parameters.Latest, Parameters.AnnotationWhat)
            .TakesBatch<ImageReference>()
            .GivesOutcomes<ApiAnnotation>();
        _ = annotations.MapOperation("POST", "", "AddAnnotations", Roles.Writer, Add, "Adds annotations, and tells of each that is refused, or whose outlines are clipped to the picture.")
            .Takes(ContinueOnError, ReturnStored, Parameters.Simulate)
            .TakesBatch<JsonElement>(BodyKind.Batch)
            .GivesOutcomes<ApiAnnotation>();
        _ = annotations.MapOperation("POST", "/delete", "DeleteAnnotations", Roles.Administrator, Delete, "Deletes exact annotations.")
            .TakesBatch<AnnotationReference>()
            .GivesOutcomes<ApiAnnotation>();
    }

    private static IResult List(HttpContext context)
    {
        Store store = context.GetStore();
        ImageSeriesQuery series = context.Series();
        AnnotationQuery query = Query(context);
        return new Paging<Outcome<StickyAnnotation>, ApiOutcome<ApiAnnotation>>(
            outcome => Answer(context, outcome), ApiJson.Default.ApiOutcomeApiAnnotation, ApiJson.Default.ApiPageApiOutcomeApiAnnotation)
        {
            Items = (cursor, stop) => store.GetAnnotationSeriesAsync(
                series, query, cursor is null ? null : new ImageReference(cursor.Text(0), cursor.Time(1)), stop),
            Position = outcome => [ImageOf(outcome).Device, Cursor.Text(ImageOf(outcome).DateTime.Ticks)],
            IsBound = (last, next) => ImageOf(last) == ImageOf(next),
        };
    }

    private static async Task<IResult> Find(HttpContext context)
    {
        Store store = context.GetStore();
        AnnotationQuery query = Query(context);
        Stream body = await Batch.ReceiveAsync(context);
        return new StreamResult<ApiOutcome<ApiAnnotation>>(
            FindAsync(context, store, body, query, context.RequestAborted), ApiJson.Default.ApiOutcomeApiAnnotation);
    }

    private static async IAsyncEnumerable<ApiOutcome<ApiAnnotation>> FindAsync(
        HttpContext context, Store store, Stream body, AnnotationQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (BatchItem<ImageReference>[] batch in Batch.ReadAsync<ImageReference>(body, cancellationToken).Chunk(Batch.Size).WithCancellation(cancellationToken))
        {
            IAsyncEnumerable<ImageReference> references = batch.Where(item => item.Error is null).Select(item => item.Value).ToAsyncEnumerable();
            await foreach (Outcome<StickyAnnotation> outcome in store.GetAnnotationsAsync(references, query, cancellationToken))
            {
                yield return Answer(context, outcome);
            }

            foreach (BatchItem<ImageReference> item in batch.Where(item => item.Error is not null))
            {
                yield return new(null, ApiError.From(item.Error!), item.Index);
            }
        }
    }

    private static async Task<IResult> Add(HttpContext context)
    {
        Store store = context.GetStore();
        Queue<string> warnings = [];
        AddAnnotationOptions options = new()
        {
            ContinueOnError = context.Flag(ContinueOnError),
            ReturnStored = context.Flag(ReturnStored),
            Simulate = context.Flag(Parameters.Simulate),
            Warn = (warning, _) =>
            {
                warnings.Enqueue(warning);
                return ValueTask.CompletedTask;
            },
        };
        Stream body = await Batch.ReceiveAsync(context);
        return new StreamResult<ApiOutcome<ApiAnnotation>>(AddAsync(context, store, body, options, warnings), ApiJson.Default.ApiOutcomeApiAnnotation);
    }

    private static async IAsyncEnumerable<ApiOutcome<ApiAnnotation>> AddAsync(
        HttpContext context, Store store, Stream body, AddAnnotationOptions options, Queue<string> warnings)
    {
        await foreach (Outcome<StickyAnnotation> outcome in store.AddAnnotationsAsync(
            ReadAsync(body, context.RequestAborted), options, context.RequestAborted))
        {
            while (warnings.TryDequeue(out string? warning))
            {
                yield return Tell(warning);
            }

            yield return Answer(context, outcome);
        }

        foreach (string warning in warnings)
        {
            yield return Tell(warning);
        }
    }

    private static ApiOutcome<ApiAnnotation> Tell(string warning) => new(
        null, Index: IndexOf(warning[Math.Max(warning.IndexOf(SourcePrefix, StringComparison.Ordinal), 0)..]), Warning: warning);

    // Not by way of Batch.ReadAsync: elements are stored as they came, and read by rules of their own.
    private static IAsyncEnumerable<Outcome<AnnotationElement>> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        int index = -1;
        return ReadElementsAsync(body, cancellationToken)
            .Select(element =>
            {
                index++;
                return element;
            })
            .EndAfterErrors(element => !element.Succeeded, _ => new(Batch.TooManyErrors(index)));
    }

    private static async IAsyncEnumerable<Outcome<AnnotationElement>> ReadElementsAsync(
        Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (BatchItem<ReadOnlyMemory<byte>> item in Batch.ReadElementsAsync(body, Batch.MaximumElementSize, cancellationToken))
        {
            yield return item.Error is null
                ? AnnotationJson.Read(item.Value.Span, string.Create(CultureInfo.InvariantCulture, $"{SourcePrefix}{item.Index + 1}{SourceSuffix}"))
                : new(item.Error);
        }
    }

    private static Task<IResult> Delete(HttpContext context)
    {
        Store store = context.GetStore();
        return Batch.AnswerAsync<AnnotationReference, ApiAnnotation>(
            context,
            ApiJson.Default.ApiOutcomeApiAnnotation,
            async (references, stop) => (await store.RemoveAnnotationsAsync(references, stop))
                .Select(error => new ApiOutcome<ApiAnnotation>(null, error is null ? null : context.Tell(error))));
    }

    private static AnnotationQuery Query(HttpContext context) => new()
    {
        AlgoNames = context.Texts(Parameters.AlgoName),
        AlgoVersions = context.Texts(Parameters.AlgoVersion),
        Latest = context.Flag(Parameters.Latest),
        What = context.Choice<AnnotationContent>(Parameters.AnnotationWhat),
    };

    private static ImageReference ImageOf(Outcome<StickyAnnotation> outcome) =>
        outcome.Succeeded ? outcome.Value.Reference : ((AnnotationReference)outcome.Error.Target!).Image;

    private static ApiOutcome<ApiAnnotation> Answer(HttpContext context, Outcome<StickyAnnotation> outcome) => outcome.Succeeded
        ? new(ApiAnnotation.From(outcome.Value))
        : new(null, context.Tell(outcome.Error), IndexOf(outcome.Error));

    private static int? IndexOf(StickyException error) => IndexOf(error.Target?.ToString());

    private static int? IndexOf(string? source) =>
        source is not null
        && source.StartsWith(SourcePrefix, StringComparison.Ordinal)
        && int.TryParse(source.AsSpan(SourcePrefix.Length).ToString().Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number - 1
            : null;
}
