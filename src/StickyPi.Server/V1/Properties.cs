using System.Text.Json.Nodes;
using StickyPi.Core;
using StickyPi.Core.Properties;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Stores;
using StickyPi.Server.Access;

namespace StickyPi.Server.V1;

/// <summary>Extra properties of pictures, devices, series of tuboids, and ML bundles.</summary>
internal static class Properties
{
    private const string MergePatch = "application/merge-patch+json";

    // Each may have a MiB of them.
    private const int BatchSize = 16;

    private static readonly Parameter Id = new("id", "Ids or patterns: '*' stands for any run of characters, '?' for one. None means all.") { IsList = true };
    private static readonly Parameter Name = new("name", "Names to remove. None means all.") { IsList = true };

    /// <summary>Maps the routes.</summary>
    /// <param name="v1">Where they go.</param>
    public static void MapProperties(this IEndpointRouteBuilder v1)
    {
        RouteGroupBuilder properties = v1.MapGroup("/properties").WithTags("Properties");
        _ = properties.MapOperation("GET", "/{kind}", "ListProperties", Roles.Reader, List, "Lists what has extra properties, ordered by id.")
            .GivesList<StickyPropertySet>(Id);
        _ = properties.MapOperation("POST", "/find", "FindProperties", Roles.Reader, Find, "Gets the extra properties of several things.")
            .TakesBatch<PropertyTarget>()
            .GivesOutcomes<StickyPropertySet>();
        _ = properties.MapOperation("GET", "/{kind}/{id}", "GetProperties", Roles.Reader, Get, "Gets the extra properties of one thing, which may be none.")
            .Gives<StickyPropertySet>()
            .Fails(StatusCodes.Status404NotFound);
        _ = properties.MapOperation("PUT", "/{kind}/{id}", "SetProperties", Roles.Writer, Replace, "Puts properties in the place of all that there are.")
            .TakesBody<JsonObject>()
            .Gives<StickyPropertySet>()
            .Fails(StatusCodes.Status404NotFound);
        _ = properties.MapOperation("PATCH", "/{kind}/{id}", "UpdateProperties", Roles.Writer, Change, "Merges properties into those that there are (RFC 7396), or changes them as a PropertyChange says.")
            .TakesBody<JsonObject>(mediaTypes: MergePatch)
            .TakesBody<PropertyChange>()
            .Gives<StickyPropertySet>()
            .Fails(StatusCodes.Status404NotFound);
        _ = properties.MapOperation("DELETE", "/{kind}/{id}", "DeleteProperties", Roles.Writer, Delete, "Removes properties, some or all.")
            .Takes(Name)
            .Gives<StickyPropertySet>()
            .Fails(StatusCodes.Status404NotFound);
    }

    private static IResult List(HttpContext context)
    {
        Store store = context.GetStore();
        StickyPropertyKind kind = Kind(context);
        IReadOnlyList<string> ids = context.Texts(Id);
        return Paging.ByKey(
            stop => store.ListPropertiesAsync(kind, ids, stop), set => set.Id, ApiJson.Default.StickyPropertySet, ApiJson.Default.ApiPageStickyPropertySet);
    }

    private static Task<IResult> Find(HttpContext context)
    {
        Store store = context.GetStore();
        return Batch.AnswerAsync<PropertyTarget, StickyPropertySet>(
            context,
            ApiJson.Default.ApiOutcomeStickyPropertySet,
            async (targets, stop) => (await store.GetPropertiesAsync(targets, stop)).Select(context.Tell),
            BatchSize);
    }

    private static async Task<IResult> Get(HttpContext context) =>
        Answer((await context.GetStore().GetPropertiesAsync([Target(context)], context.RequestAborted))[0]);

    private static async Task<IResult> Replace(HttpContext context) =>
        await ChangeAsync(context, new PropertyChange { Replace = await Batch.ReadOneAsync<JsonObject>(context) });

    private static async Task<IResult> Change(HttpContext context)
    {
        bool isMerge = RequestValues.MediaType(context) == MergePatch;
        return await ChangeAsync(
            context,
            isMerge ? new PropertyChange { Merge = await Batch.ReadOneAsync<JsonObject>(context) } : await Batch.ReadOneAsync<PropertyChange>(context));
    }

    private static Task<IResult> Delete(HttpContext context)
    {
        IReadOnlyList<string> names = context.Texts(Name);
        return ChangeAsync(context, names.Count == 0 ? new PropertyChange { Replace = [] } : new PropertyChange { Remove = names });
    }

    private static async Task<IResult> ChangeAsync(HttpContext context, PropertyChange change) =>
        Answer(await context.GetStore().ChangePropertiesAsync(Target(context), change, context.RequestAborted));

    private static IResult Answer(Outcome<StickyPropertySet> outcome) =>
        Operations.AnswerTagged(outcome.Value ?? throw outcome.Error!, ApiJson.Default.StickyPropertySet);

    private static PropertyTarget Target(HttpContext context) => new(Kind(context), context.Path("id"));

    private static StickyPropertyKind Kind(HttpContext context) => RequestValues.Choice<StickyPropertyKind>("kind", context.Path("kind"));
}
