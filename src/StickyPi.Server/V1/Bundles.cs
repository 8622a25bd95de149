using StickyPi.Core.Bundles;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Stores;
using StickyPi.Server.Access;

namespace StickyPi.Server.V1;

/// <summary>ML bundles; their files are objects below <c>ml/</c>.</summary>
internal static class Bundles
{
    private static readonly Parameter Name = new("name", "Names or patterns: '*' stands for any run of characters, '?' for one. None means all.") { IsList = true };

    /// <summary>Maps the routes.</summary>
    /// <param name="v1">Where they go.</param>
    public static void MapBundles(this IEndpointRouteBuilder v1)
    {
        RouteGroupBuilder bundles = v1.MapGroup("/bundles").WithTags("Bundles");
        _ = bundles.MapOperation("GET", "", "ListBundles", Roles.Reader, List, "Lists ML bundles, ordered by name.").GivesList<StickyMlBundle>(Name);
        _ = bundles.MapOperation("GET", "/names", "ListBundleNames", Roles.Reader, ListNames, "Lists the names of ML bundles, in order.")
            .Gives<IReadOnlyList<string>>();
        _ = bundles.MapOperation("DELETE", "/{name}", "DeleteBundle", Roles.Administrator, Delete, "Deletes an ML bundle with all of its files.")
            .Gives<StickyMlBundle>()
            .Fails(StatusCodes.Status404NotFound);
    }

    private static IResult List(HttpContext context)
    {
        Store store = context.GetStore();
        IReadOnlyList<string> names = context.Texts(Name);
        return Paging.ByKey(
            stop => store.GetMlBundlesAsync(names, stop), bundle => bundle.Name, ApiJson.Default.StickyMlBundle, ApiJson.Default.ApiPageStickyMlBundle);
    }

    private static async Task<IResult> ListNames(HttpContext context) => Operations.Answer(
        await context.GetStore().GetMlBundleNamesAsync(context.RequestAborted), ApiJson.Default.IReadOnlyListString);

    private static async Task<IResult> Delete(HttpContext context) => Operations.Answer(
        await context.GetStore().RemoveMlBundleAsync(context.Path("name"), context.RequestAborted), ApiJson.Default.StickyMlBundle);
}
