using System.Text;
using StickyPi.Core;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Stores;
using StickyPi.Core.Users;
using StickyPi.Server.Access;

namespace StickyPi.Server.V1;

/// <summary>The users of the store.</summary>
internal static class Users
{
    private static readonly Parameter UserName = new("userName", "Names or patterns: '*' stands for any run of characters, '?' for one. None means all.") { IsList = true };
    private static readonly Parameter Email = new("email", "E-mail addresses or patterns. None means all, users without an address included.") { IsList = true };
    private static readonly Parameter Force = Parameters.Flag("force", "Whether the last administrator may go.");

    // As the store orders them.
    private static readonly Comparer<string> ByName = Comparer<string>.Create((left, right) =>
        string.Compare(left, right, StringComparison.OrdinalIgnoreCase) is var order and not 0 ? order : string.CompareOrdinal(left, right));

    /// <summary>Maps the routes.</summary>
    /// <param name="v1">Where they go.</param>
    public static void MapUsers(this IEndpointRouteBuilder v1)
    {
        RouteGroupBuilder users = v1.MapGroup("/users").WithTags("Users");
        _ = users.MapOperation("GET", "", "ListUsers", Roles.Administrator, List, "Lists users, ordered by name.").GivesList<StickyUser>(UserName, Email);
        _ = users.MapOperation("POST", "", "NewUser", Roles.Administrator, Add, "Adds a user.")
            .TakesBody<ApiNewUser>()
            .Gives<StickyUser>(StatusCodes.Status201Created)
            .Fails(StatusCodes.Status409Conflict);
        _ = users.MapOperation("PATCH", "/{name}", "SetUser", Roles.Administrator, Update, "Changes a user; what is not given stays as it is.")
            .TakesBody<ApiUserChange>()
            .Gives<StickyUser>()
            .Fails(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        _ = users.MapOperation("DELETE", "/{name}", "DeleteUser", Roles.Administrator, Delete, "Removes a user.")
            .Takes(Force)
            .Gives<StickyUser>()
            .Fails(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        _ = users.MapOperation("POST", "/{name}/verify", "TestUser", Roles.Administrator, Verify, "Looks whether a password is a user's; counts as a log-in.")
            .TakesBody<ApiVerification>()
            .Gives<ApiVerified>()
            .Fails(StatusCodes.Status429TooManyRequests);
    }

    private static IResult List(HttpContext context)
    {
        Store store = context.GetStore();
        UserQuery query = new() { UserNames = context.Texts(UserName), Emails = context.Texts(Email) };
        return Paging.ByKey(
            stop => ReadAsync(store, query, stop), user => user.UserName, ApiJson.Default.StickyUser, ApiJson.Default.ApiPageStickyUser, ByName);
    }

    private static async IAsyncEnumerable<StickyUser> ReadAsync(
        Store store, UserQuery query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (StickyUser user in await store.GetUsersAsync(query, cancellationToken))
        {
            yield return user;
        }
    }

    private static async Task<IResult> Add(HttpContext context)
    {
        using ApiNewUser user = await Batch.ReadOneAsync<ApiNewUser>(context);
        NewUser added = new() { UserName = user.UserName, Email = user.Email, IsAdmin = user.IsAdmin, CanWrite = user.CanWrite ?? true };
        return Answer(await context.GetStore().AddUserAsync(added, user.Password, context.RequestAborted), StatusCodes.Status201Created);
    }

    private static async Task<IResult> Update(HttpContext context)
    {
        using ApiUserChange change = await Batch.ReadOneAsync<ApiUserChange>(context);
        UserChange changed = new()
        {
            Email = change.Email,
            IsAdmin = change.IsAdmin,
            CanWrite = change.CanWrite,
            Password = change.Password,
            Force = change.Force,
        };
        return Answer(await context.GetStore().UpdateUserAsync(context.Path("name"), changed, context.RequestAborted));
    }

    private static async Task<IResult> Delete(HttpContext context) => Answer(
        await context.GetStore().RemoveUserAsync(context.Path("name"), context.Flag(Force), context.RequestAborted));

    private static async Task<IResult> Verify(HttpContext context)
    {
        using ApiVerification verification = await Batch.ReadOneAsync<ApiVerification>(context);
        LogInAttempt attempt = await context.RequestServices.GetRequiredService<LogIns>().VerifyPasswordAsync(
            context.Path("name"),
            Encoding.UTF8.GetString(verification.Password.Bytes),
            context.Connection.RemoteIpAddress,
            context.RequestAborted);
        if (attempt.RetryAfter is TimeSpan after)
        {
            await StickyAuthentication.RefuseTooManyAsync(context, after);
            return Results.Empty;
        }

        return Operations.Answer(new ApiVerified(attempt.LogIn?.User), ApiJson.Default.ApiVerified);
    }

    private static IResult Answer(Outcome<StickyUser> outcome, int status = StatusCodes.Status200OK) =>
        Operations.Answer(outcome.Value ?? throw outcome.Error!, ApiJson.Default.StickyUser, status);
}
