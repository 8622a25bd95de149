using StickyPi.Core.Remote.Api;
using StickyPi.Core.Stores;
using StickyPi.Server.V1;

namespace StickyPi.Server.Access;

/// <summary>Logging in and out.</summary>
internal static class TokenRoutes
{
    private const string Address = "/v1/token";

    /// <summary>Maps the routes.</summary>
    /// <param name="routes">Where they go.</param>
    public static void MapTokens(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder tokens = routes.MapGroup(Address);
        _ = tokens.AddEndpointFilter((invocation, next) =>
        {
            RequestValues.RefuseUnknown(invocation.HttpContext);
            return next(invocation);
        });
        _ = tokens.MapPost("", (Delegate)IssueAsync)
            .RequireAuthorization(Roles.Reader)
            .WithName("NewToken")
            .WithSummary("Logs in with a name and a password, or renews a token that is still good.")
            .Produces<ApiToken>();
        _ = tokens.MapDelete("", RevokeAsync)
            .RequireAuthorization(Roles.Reader)
            .WithName("RemoveToken")
            .WithSummary("Ends the token that the request is sent with.")
            .Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> IssueAsync(HttpContext context)
    {
        return await context.IssueTokenAsync() is ApiToken token
            ? Results.Json(token, ApiJson.Default.ApiToken)
            : Results.Unauthorized();
    }

    private static async Task<IResult> RevokeAsync(HttpContext context, Store store, TimeProvider clock)
    {
        await store.RevokeTokenAsync(context.GetLogIn().Token, clock.GetUtcNow().UtcDateTime, context.RequestAborted);
        return Results.NoContent();
    }
}
