using StickyPi.Core.Remote.Api;
using StickyPi.Core.Stores;
using StickyPi.Core.Users;
using StickyPi.Server.Access;

namespace StickyPi.Server.V1;

/// <summary>The REST API below <c>/v1</c>.</summary>
internal static class V1Api
{
    private const string Product = "StickyPi";

    private static readonly string Version = typeof(V1Api).Assembly.GetName().Version!.ToString(3);

    /// <summary>Maps its routes.</summary>
    /// <param name="routes">Where they go.</param>
    public static void MapV1(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder v1 = routes.MapGroup("/v1");
        _ = v1.AddEndpointFilter((invocation, next) =>
        {
            RequestValues.RefuseUnknown(invocation.HttpContext);
            return next(invocation);
        });
        _ = v1.MapOperation("GET", "", "GetServer", Roles.Reader, GetServer, "Tells what the server is, and who asks.")
            .WithTags("Server")
            .Gives<ApiServer>();
        v1.MapDevices();
        v1.MapImages();
    }

    private static async Task<IResult> GetServer(HttpContext context)
    {
        Store store = context.GetStore();
        string name = context.User.Identity!.Name!;
        StickyUser user = (await store.GetUsersAsync(new UserQuery(), context.RequestAborted)).First(user => user.UserName == name);
        ApiServedStore served = new(Path.IsPathRooted(store.Location) ? "Folder" : "Bucket");
        return Operations.Answer(new ApiServer(Product, Version, user, served), ApiJson.Default.ApiServer);
    }
}
