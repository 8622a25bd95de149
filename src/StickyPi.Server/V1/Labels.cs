using StickyPi.Core;
using StickyPi.Core.Labels;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Stores;
using StickyPi.Server.Access;
using StickyPi.Server.Configuration;

namespace StickyPi.Server.V1;

/// <summary>Labels of tuboids.</summary>
internal static class Labels
{
    // They are held until the answer is written.
    private const int MaximumIds = 16 * 1024;

    private static readonly Parameter TuboidId = new("tuboidId", "Exact tuboids; none means all.") { IsList = true };

    /// <summary>Maps the routes.</summary>
    /// <param name="v1">Where they go.</param>
    public static void MapLabels(this IEndpointRouteBuilder v1)
    {
        RouteGroupBuilder labels = v1.MapGroup("/labels").WithTags("Labels");
        _ = labels.MapOperation("GET", "", "ListLabels", Roles.Reader, List, "Lists labels in the order of their tuboids, or else in that in which they were added.")
            .GivesList<StickyLabel>(TuboidId, Parameters.AlgoName, Parameters.AlgoVersion);
        _ = labels.MapOperation("POST", "/find", "FindLabels", Roles.Reader, Find, "Gets the labels of exact tuboids, in the order of the tuboids.")
            .Takes(Parameters.AlgoName, Parameters.AlgoVersion)
            .TakesBatch<string>()
            .Gives<IReadOnlyList<StickyLabel>>()
            .Gives<StickyLabel>(mediaType: Streaming.Lines);
        _ = labels.MapOperation("POST", "", "AddLabels", Roles.Writer, Add, "Adds labels.")
            .TakesBatch<NewLabel>(BodyKind.Batch)
            .GivesOutcomes<StickyLabel>();
    }

    private static IResult List(HttpContext context)
    {
        Store store = context.GetStore();
        string[] ids = [.. context.Texts(TuboidId).Distinct()];
        LabelQuery query = Read(context) with { TuboidIds = ids.Length == 0 ? null : ids };
        return new Paging<StickyLabel, StickyLabel>(label => label, ApiJson.Default.StickyLabel, ApiJson.Default.ApiPageStickyLabel)
        {
            Items = (cursor, stop) => cursor is null ? store.GetLabelsAsync(query, stop)
                : query.TuboidIds is null ? store.GetLabelsAsync(query, cursor.Number(1), stop)
                : store.GetLabelsAsync(query with { TuboidIds = [.. ids.SkipWhile(id => id != cursor.Text(0))] }, stop)
                    .Where(label => label.TuboidId != cursor.Text(0) || label.Id > cursor.Number(1)),
            Position = label => [label.TuboidId, Cursor.Text(label.Id)],
        };
    }

    private static async Task<IResult> Find(HttpContext context)
    {
        Store store = context.GetStore();
        LabelQuery query = Read(context);
        List<string> ids = [];
        Stream body = await Batch.ReceiveAsync(context);
        await foreach (BatchItem<string> item in Batch.ReadAsync<string>(body, context.RequestAborted))
        {
            ids.Add(item.Value ?? throw item.Error!);
            if (ids.Count > MaximumIds)
            {
                throw new StickyException(
                    "TooManyItems",
                    StickyErrorKind.InvalidData,
                    $"The request names more than {MaximumIds:N0} tuboids.",
                    recommendedAction: "Ask for them in several requests.");
            }
        }

        return new StreamResult<StickyLabel>(store.GetLabelsAsync(query with { TuboidIds = ids }, context.RequestAborted), ApiJson.Default.StickyLabel);
    }

    private static Task<IResult> Add(HttpContext context)
    {
        Store store = context.GetStore();
        return Batch.AnswerAsync<NewLabel, StickyLabel>(
            context,
            ApiJson.Default.ApiOutcomeStickyLabel,
            async (labels, stop) => await store.AddLabelsAsync(labels.ToAsyncEnumerable(), stop)
                .Select(context.Tell)
                .ToListAsync(stop));
    }

    private static LabelQuery Read(HttpContext context) => new()
    {
        AlgoNames = context.Texts(Parameters.AlgoName),
        AlgoVersions = context.Texts(Parameters.AlgoVersion),
    };
}
