using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using StickyPi.Core;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Stores;
using StickyPi.Core.Tuboids;
using StickyPi.Server.Access;
using StickyPi.Server.Configuration;

namespace StickyPi.Server.V1;

/// <summary>Tuboids and their series.</summary>
internal static class Tuboids
{
    private const string Multipart = "multipart/form-data";
    private const int HeadersLimit = 8 * 1024;
    private const int BoundaryLimit = 70;

    private static readonly Parameter[] Query = [Parameters.Device, Parameters.StartTime, Parameters.LastTime, Parameters.AlgoName, Parameters.AlgoVersion];
    private static readonly Parameter IncludeLabels = Parameters.Flag("includeLabels", "Whether each tuboid comes with its labels: once for each, or once without.");
    private static readonly Parameter SeriesAlgoName = new("algoName", "The algorithm that made the series.") { IsRequired = true };
    private static readonly Parameter SeriesAlgoVersion = new("algoVersion", "The version of the algorithm, where it is not that in the id.");
    private static readonly Parameter SeriesDevice = new("device", "The device of the series, where it is not that in the id.");
    private static readonly Parameter ImageCount = Parameters.Number("imageCount", "How many pictures the series was made from; of a new one, those in the store.") with { Maximum = int.MaxValue };
    private static readonly Parameter TuboidCount = Parameters.Number("tuboidCount", "How many tuboids the series has when it is complete; a new one takes no more than that, or 1.") with { Maximum = int.MaxValue };

    /// <summary>Maps the routes.</summary>
    /// <param name="v1">Where they go.</param>
    public static void MapTuboids(this IEndpointRouteBuilder v1)
    {
        RouteGroupBuilder tuboids = v1.MapGroup("/tuboids").WithTags("Tuboids");
        _ = tuboids.MapOperation("GET", "", "ListTuboids", Roles.Reader, List, "Lists the tuboids of the series that lie wholly within a range of time.")
            .GivesList<StickyTuboid>([.. Query, Parameters.TuboidWhat, IncludeLabels]);
        _ = tuboids.MapOperation("PUT", "/{tuboidId}", "SendTuboid", Roles.Writer, Send, "Brings a tuboid into the store; the same one again is skipped.")
            .Takes(SeriesAlgoName, SeriesAlgoVersion, SeriesDevice, Parameters.StartTime, Parameters.LastTime, ImageCount, TuboidCount, Parameters.Simulate)
            .TakesBody<TuboidParts>(BodyKind.Image, Multipart)
            .Gives<ApiSentTuboid>()
            .Gives<ApiSentTuboid>(StatusCodes.Status201Created)
            .Fails(StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge);

        RouteGroupBuilder series = v1.MapGroup("/tuboid-series").WithTags("Tuboids");
        _ = series.MapOperation("GET", "", "ListTuboidSeries", Roles.Reader, ListSeries, "Lists series of tuboids, ordered by device and start.")
            .GivesList<StickyTuboidSeries>(Query);
        _ = series.MapOperation("POST", "/find", "FindTuboidSeries", Roles.Reader, FindSeries, "Looks up exact series; one that the store does not have gives no value.")
            .TakesBatch<TuboidSeriesReference>()
            .GivesOutcomes<StickyTuboidSeries>();
        _ = series.MapOperation("POST", "/delete", "DeleteTuboidSeries", Roles.Administrator, DeleteSeries, "Deletes exact series with their tuboids and labels.")
            .TakesBatch<TuboidSeriesReference>()
            .GivesOutcomes<StickyTuboidSeries>();
    }

    private static IResult List(HttpContext context)
    {
        Store store = context.GetStore();
        TuboidQuery query = Read(context) with { What = context.Choice<TuboidContent>(Parameters.TuboidWhat), IncludeLabels = context.Flag(IncludeLabels) };
        return new Paging<StickyTuboid, StickyTuboid>(tuboid => tuboid, ApiJson.Default.StickyTuboid, ApiJson.Default.ApiPageStickyTuboid)
        {
            Items = (cursor, stop) => store.GetTuboidsAsync(query, cursor is null ? null : PositionOf(cursor), stop),
            Position = tuboid => Write(TuboidPosition.Of(tuboid)),
            IsBound = (last, next) => last.Id == next.Id,
        };
    }

    private static IResult ListSeries(HttpContext context)
    {
        Store store = context.GetStore();
        TuboidQuery query = Read(context);
        return new Paging<StickyTuboidSeries, StickyTuboidSeries>(series => series, ApiJson.Default.StickyTuboidSeries, ApiJson.Default.ApiPageStickyTuboidSeries)
        {
            Items = (cursor, stop) => cursor is null
                ? store.GetTuboidSeriesAsync(query, stop)
                : store.GetTuboidSeriesAsync(query, stop).Where(series => TuboidPosition.Of(series).CompareTo(PositionOf(cursor)) > 0),
            Position = series => Write(TuboidPosition.Of(series)),
        };
    }

    private static Task<IResult> FindSeries(HttpContext context)
    {
        Store store = context.GetStore();
        return Batch.AnswerAsync<TuboidSeriesReference, StickyTuboidSeries>(
            context,
            ApiJson.Default.ApiOutcomeStickyTuboidSeries,
            async (references, stop) =>
                (await store.FindTuboidSeriesAsync(references, stop)).Select(series => new ApiOutcome<StickyTuboidSeries>(series)));
    }

    private static Task<IResult> DeleteSeries(HttpContext context)
    {
        Store store = context.GetStore();
        return Batch.AnswerAsync<TuboidSeriesReference, StickyTuboidSeries>(
            context,
            ApiJson.Default.ApiOutcomeStickyTuboidSeries,
            async (references, stop) =>
                (await store.RemoveTuboidSeriesAsync(references, stop)).Select(context.Tell));
    }

    private static async Task<IResult> Send(HttpContext context)
    {
        TuboidId id = ReadId(context);
        bool simulate = context.Flag(Parameters.Simulate);
        (DateTime? start, DateTime? end) = context.Times();
        SendTuboidOptions options = new()
        {
            AlgoName = context.Text(SeriesAlgoName)!,
            AlgoVersion = context.Text(SeriesAlgoVersion),
            Device = context.Text(SeriesDevice),
            StartTime = start,
            EndTime = end,
            ImageCount = (int?)context.Number(ImageCount),
            TuboidCount = (int?)context.Number(TuboidCount),
            Parallelism = 1,
            Simulate = simulate,
            Confirm = simulate ? (_, _) => new(false) : null,
        };

        using UploadFolder folder = context.RequestServices.GetRequiredService<Uploads>().Create();
        await ReceiveAsync(context, folder, id);
        string[] folders = [Path.Combine(folder.Path, id.Text)];
        try
        {
            await foreach (Outcome<SendTuboidResult> outcome in context.GetStore().SendTuboidsAsync(
                folders.ToAsyncEnumerable(), options, context.RequestAborted))
            {
                SendTuboidResult result = outcome.Value ?? throw outcome.Error!;
                return Answer(result.Status, result.Tuboid);
            }
        }
        catch (StickyException e)
        {
            throw folder.Localize(e);
        }

        return Answer(SendTuboidStatus.Added, tuboid: null);
    }

    private static IResult Answer(SendTuboidStatus status, StickyTuboid? tuboid) => Operations.Answer(
        new ApiSentTuboid(status, tuboid),
        ApiJson.Default.ApiSentTuboid,
        status == SendTuboidStatus.Added && tuboid is not null ? StatusCodes.Status201Created : StatusCodes.Status200OK);

    private static TuboidId ReadId(HttpContext context)
    {
        try
        {
            return TuboidId.Parse(context.Path("tuboidId"));
        }
        catch (StickyException e)
        {
            throw new StickyException(e.ErrorId, e.Kind, e.Message, e.Target, e.RecommendedAction, e) { Field = "tuboidId" };
        }
    }

    private static async Task ReceiveAsync(HttpContext context, UploadFolder folder, TuboidId id)
    {
        List<TuboidFile> missing = [.. TuboidFiles.All];
        try
        {
            MultipartReader reader = new(ReadBoundary(context), context.Request.Body) { HeadersLengthLimit = HeadersLimit };
            while (await reader.ReadNextSectionAsync(context.RequestAborted) is MultipartSection section)
            {
                string name = section.GetContentDispositionHeader()?.Name.Value?.Trim('"') ?? "";
                TuboidFile file = RequestValues.Choice<TuboidFile>("part", name);
                if (!missing.Remove(file))
                {
                    throw RequestValues.Invalid(name, "comes more than once", "Send each part once.");
                }

                _ = await folder.ReceiveAsync(section.Body, Path.Combine(id.Text, file.FileName()), context.RequestAborted);
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException && e is not BadHttpRequestException && !context.RequestAborted.IsCancellationRequested)
        {
            throw new StickyException(
                "InvalidMultipart",
                StickyErrorKind.InvalidData,
                $"The body of the request is not the multipart form that its Content-Type says: {OneLine.Quote(e)}.",
                recommendedAction: "Send the parts tuboid, metadata and context.", innerException: e);
        }

        if (missing.Count > 0)
        {
            string name = JsonNamingPolicy.CamelCase.ConvertName(missing[0].ToString());
            throw RequestValues.Invalid(name, "is missing", "Send the parts tuboid, metadata and context.");
        }
    }

    private static string ReadBoundary(HttpContext context) =>
        MediaTypeHeaderValue.TryParse(context.Request.ContentType, out MediaTypeHeaderValue? type)
        && type.MediaType.Equals(Multipart, StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 and <= BoundaryLimit } boundary
            ? boundary.Value!
            : throw RequestValues.Invalid("Content-Type", $"is no {Multipart} with a boundary", "Send the parts tuboid, metadata and context as a form.");

    private static TuboidQuery Read(HttpContext context)
    {
        (DateTime? start, DateTime? end) = context.Times();
        return new TuboidQuery
        {
            Devices = context.Texts(Parameters.Device),
            StartTime = start,
            EndTime = end,
            AlgoNames = context.Texts(Parameters.AlgoName),
            AlgoVersions = context.Texts(Parameters.AlgoVersion),
        };
    }

    private static string[] Write(TuboidPosition position) =>
        [position.Device, Cursor.Text(position.SeriesStartTime.Ticks), Cursor.Text(position.SeriesRowId), Cursor.Text(position.TuboidRowId)];

    private static TuboidPosition PositionOf(Cursor cursor) => new(cursor.Text(0), cursor.Time(1), cursor.Number(2), cursor.Number(3));

    // What the form is, for OpenAPI.
    private sealed record TuboidParts(Stream Tuboid, Stream Metadata, Stream Context);
}
