using System.Text;
using System.Text.Json;
using StickyPi.Core.Users;

namespace StickyPi.Core.Remote.Existing;

internal sealed partial class ExistingStore
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StickyUser>> GetUsersAsync(UserQuery query, CancellationToken cancellationToken = default) =>
    [
        .. (await ReadUsersAsync(_calls, cancellationToken).ConfigureAwait(false))
            .Where(user => NamePattern.Matches(user.UserName, query.UserNames))
            .Where(user => query.Emails.Count == 0 || (user.Email is string email && NamePattern.Matches(email, query.Emails)))
            .OrderBy(user => user.UserName, StringComparer.OrdinalIgnoreCase)
            .ThenBy(user => user.UserName, StringComparer.Ordinal),
    ];

    /// <inheritdoc/>
    public async ValueTask<Outcome<StickyUser>> AddUserAsync(NewUser user, Secret password, CancellationToken cancellationToken = default)
    {
        user = string.IsNullOrEmpty(user.Email) ? user with { Email = null } : user;
        if ((UserRules.Check(user) ?? UserRules.CheckPassword(password, user.UserName)) is StickyException error)
        {
            return new(error);
        }

        IReadOnlyList<StickyUser> users = await ReadUsersAsync(_calls, cancellationToken).ConfigureAwait(false);
        if (FindTaken(users, user) is StickyException taken)
        {
            return new(taken);
        }

        try
        {
            List<ExistingUser> rows = await _calls
                .ChangeAsync("put_users", () => CreateBody(user, password), ExistingJson.Default.ExistingUser, user.UserName, cancellationToken)
                .ConfigureAwait(false);
            return rows.Find(row => row.UserName == user.UserName) is ExistingUser row
                ? new(row.ToUser())
                : throw RemoteErrors.NotAServer(Uri, "it does not tell which user it took");
        }
        catch (StickyException e) when (IsRefused(e))
        {
            return new(FindTaken(await ReadUsersAsync(_calls, cancellationToken).ConfigureAwait(false), user) ?? e);
        }
    }

    /// <inheritdoc/>
    public ValueTask<Outcome<StickyUser>> UpdateUserAsync(string userName, UserChange change, CancellationToken cancellationToken = default) =>
        new(new Outcome<StickyUser>(NotSupported("changes no users", userName)));

    /// <inheritdoc/>
    public ValueTask<Outcome<StickyUser>> RemoveUserAsync(string userName, bool force = false, CancellationToken cancellationToken = default) =>
        new(new Outcome<StickyUser>(NotSupported("removes no users", userName)));

    /// <inheritdoc/>
    public async ValueTask<StickyUser?> VerifyUserAsync(string userName, Secret password, CancellationToken cancellationToken = default)
    {
        if (UserRules.CheckLogInName(userName) is not null || UserRules.CheckPassword(password, userName) is not null)
        {
            return null;
        }

        using ApiSession session = new(_transport, new ExistingTokenScheme(), new RemoteOptions { Uri = Uri, UserName = userName, Password = password });
        try
        {
            ApiRequest nothing = new(HttpMethod.Post, "get_images/metadata")
            {
                IsIdempotent = true,
                ChangesNothing = true,
                Content = () => ExistingCalls.Json("[]"u8.ToArray()),
            };
            using HttpResponseMessage response = await session.SendAsync(nothing, cancellationToken).ConfigureAwait(false);
        }
        catch (StickyException e) when (e.ErrorId == "CredentialRefused")
        {
            return null;
        }

        try
        {
            return (await ReadUsersAsync(_calls, cancellationToken).ConfigureAwait(false)).Find(user => user.UserName == userName) ?? Unknown(userName);
        }
        catch (StickyException e) when (e.ErrorId == "AccessDenied")
        {
            return Unknown(userName);
        }
    }

    private static async ValueTask<List<StickyUser>> ReadUsersAsync(ExistingCalls calls, CancellationToken cancellationToken)
    {
        List<StickyUser> users = [];
        await foreach (ExistingUser row in calls.ListUsersAsync(cancellationToken).ConfigureAwait(false))
        {
            users.Add(row.ToUser());
        }

        return users;
    }

    private static StickyException? FindTaken(IReadOnlyList<StickyUser> users, NewUser user) =>
        users.FirstOrDefault(other => other.UserName.Equals(user.UserName, StringComparison.OrdinalIgnoreCase)) is StickyUser sameName
            ? new StickyException(
                "UserExists",
                StickyErrorKind.Conflict,
                $"The store has a user of the name '{sameName.UserName}' already.",
                user.UserName,
                "Names are unique, whatever their case. Choose another one.")
            : user.Email is not null && users.FirstOrDefault(other => user.Email.Equals(other.Email, StringComparison.OrdinalIgnoreCase)) is StickyUser sameEmail
                ? new StickyException(
                    "UserExists",
                    StickyErrorKind.Conflict,
                    $"The e-mail address '{user.Email}' that was meant for '{user.UserName}' is that of the user '{sameEmail.UserName}'.",
                    user.UserName,
                    "Addresses are unique, whatever their case. Give another one, or none.")
                : null;

    private static ByteArrayContent CreateBody(NewUser user, Secret password)
    {
        IReadOnlyList<ExistingNewUser> body =
        [
            new ExistingNewUser
            {
                UserName = user.UserName,
                Password = Encoding.UTF8.GetString(password.Bytes),
                Email = user.Email,
                IsAdmin = user.IsAdmin,
                CanWrite = user.CanWrite,
            },
        ];
        return ExistingCalls.Json(JsonSerializer.SerializeToUtf8Bytes(body, ExistingJson.Default.IReadOnlyListExistingNewUser));
    }
}
