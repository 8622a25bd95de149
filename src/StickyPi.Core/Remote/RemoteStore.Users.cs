using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Users;

namespace StickyPi.Core.Remote;

internal sealed partial class RemoteStore
{
    private const string UsersPath = "v1/users";

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StickyUser>> GetUsersAsync(UserQuery query, CancellationToken cancellationToken = default)
    {
        QueryParameters parameters = new QueryParameters().Add("userName", query.UserNames).Add("email", query.Emails);
        List<StickyUser> users = [];
        await foreach (StickyUser user in _api
            .ListAsync(UsersPath, parameters, ApiJson.Default.StickyUser, Freshness.Now, cancellationToken).ConfigureAwait(false))
        {
            users.Add(user);
        }

        return users;
    }

    /// <inheritdoc/>
    public ValueTask<Outcome<StickyUser>> AddUserAsync(NewUser user, Secret password, CancellationToken cancellationToken = default) => ChangeUserAsync(
        new ApiRequest(HttpMethod.Post, UsersPath) { Target = user.UserName },
        new ApiNewUser { UserName = user.UserName, Email = user.Email, IsAdmin = user.IsAdmin, CanWrite = user.CanWrite, Password = password },
        ApiJson.Requests.ApiNewUser,
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Outcome<StickyUser>> UpdateUserAsync(string userName, UserChange change, CancellationToken cancellationToken = default) => ChangeUserAsync(
        new ApiRequest(HttpMethod.Patch, PathOfUser(userName)) { Target = userName },
        new ApiUserChange
        {
            Email = change.Email,
            IsAdmin = change.IsAdmin,
            CanWrite = change.CanWrite,
            Password = change.Password,
            Force = change.Force,
        },
        ApiJson.Requests.ApiUserChange,
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<Outcome<StickyUser>> RemoveUserAsync(string userName, bool force = false, CancellationToken cancellationToken = default)
    {
        // Not to be repeated: the second answer would be that there is no such user.
        ApiRequest request = new(HttpMethod.Delete, PathOfUser(userName))
        {
            Query = new QueryParameters().AddIf("force", force).Pairs,
            Target = userName,
            IsIdempotent = false,
        };
        try
        {
            return new(await _api.AskAsync(request, ApiJson.Default.StickyUser, cancellationToken).ConfigureAwait(false));
        }
        catch (StickyException e) when (IsOfTheItem(e))
        {
            return new(e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<StickyUser?> VerifyUserAsync(string userName, Secret password, CancellationToken cancellationToken = default)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(new ApiVerification { Password = password }, ApiJson.Requests.ApiVerification);
        try
        {
            ApiRequest request = RemoteApi.Post($"{PathOfUser(userName)}/verify", QueryParameters.None, body) with { ChangesNothing = true };
            return (await _api.AskAsync(request, ApiJson.Default.ApiVerified, cancellationToken).ConfigureAwait(false)).User;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    private async ValueTask<Outcome<StickyUser>> ChangeUserAsync<T>(ApiRequest request, T change, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(change, type);
        try
        {
            return new(await _api.AskAsync(request with { Content = () => RemoteApi.Json(body) }, ApiJson.Default.StickyUser, cancellationToken)
                .ConfigureAwait(false));
        }
        catch (StickyException e) when (IsOfTheItem(e))
        {
            return new(e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    // What a local store gives as the outcome of an item, and not as an error of all.
    private static bool IsOfTheItem(StickyException error) =>
        error.Kind is StickyErrorKind.InvalidData or StickyErrorKind.NotFound or StickyErrorKind.Conflict or StickyErrorKind.NotAllowed;

    private static string PathOfUser(string userName) => $"{UsersPath}/{RemoteApi.Escape(userName)}";
}
