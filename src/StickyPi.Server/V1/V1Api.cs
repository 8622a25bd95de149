using StickyPi.Server.Access;

namespace StickyPi.Server.V1;

/// <summary>The REST API below <c>/v1</c>.</summary>
internal static class V1Api
{
    /// <summary>Maps its routes.</summary>
    /// <param name="routes">Where they go.</param>
    public static void MapV1(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/v1").RequireAuthorization(Roles.Reader);
        _ = group.MapGet("/", (HttpContext context) => new { name = "StickyPi", user = context.User.Identity!.Name });
    }
}
