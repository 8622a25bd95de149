using StickyPi.Core.Catalog;
using StickyPi.Core.Users;

namespace StickyPi.Core.Stores;

public sealed partial class Store
{
    // Whoever logs in waits no longer than this for the right to write, which only serves to make a hash anew.
    private static readonly TimeSpan UpgradeLimit = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StickyUser>> GetUsersAsync(UserQuery query, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<UserRow> rows = await _catalog.GetUsersAsync(cancellationToken).ConfigureAwait(false);
        return
        [
            .. rows.Select(row => row.User)
                .Where(user => NamePattern.Matches(user.UserName, query.UserNames))
                .Where(user => query.Emails.Count == 0 || (user.Email is string email && NamePattern.Matches(email, query.Emails)))
                .OrderBy(user => user.UserName, StringComparer.OrdinalIgnoreCase)
                .ThenBy(user => user.UserName, StringComparer.Ordinal),
        ];
    }

    /// <inheritdoc/>
    public async ValueTask<Outcome<StickyUser>> AddUserAsync(NewUser user, Secret password, CancellationToken cancellationToken = default)
    {
        user = string.IsNullOrEmpty(user.Email) ? user with { Email = null } : user;
        StickyException? error = UserRules.Check(user) ?? UserRules.CheckPassword(password, user.UserName);
        if (error is not null)
        {
            return new(error);
        }

        // Hashing is slow on purpose, so it is done before anybody else has to wait for the right to write.
        string hash = PasswordHash.Hash(password);
        await using ICatalogTransaction rows = await _catalog.BeginWriteAsync(_user, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<UserRow> users = rows.GetUsers();
        error = CheckNameIsFree(users, user.UserName) ?? CheckEmailIsFree(users, user.Email, user.UserName, ownId: null);
        if (error is not null)
        {
            return new(error);
        }

        StickyUser added = rows.AddUser(user, hash);
        rows.Commit(cancellationToken);
        return new(added);
    }

    /// <inheritdoc/>
    public async ValueTask<Outcome<StickyUser>> UpdateUserAsync(
        string userName, UserChange change, CancellationToken cancellationToken = default)
    {
        StickyException? error = (string.IsNullOrEmpty(change.Email) ? null : UserRules.CheckEmail(change.Email, userName))
            ?? (change.Password is null ? null : UserRules.CheckPassword(change.Password, userName));
        if (error is not null)
        {
            return new(error);
        }

        string? hash = change.Password is null ? null : PasswordHash.Hash(change.Password);
        await using ICatalogTransaction rows = await _catalog.BeginWriteAsync(_user, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<UserRow> users = rows.GetUsers();
        if (Find(users, userName)?.User is not StickyUser user)
        {
            return new(UserNotFound(users, userName));
        }

        error = CheckEmailIsFree(users, change.Email, user.UserName, user.Id)
            ?? (change is { IsAdmin: false, Force: false } ? CheckAdministratorStays(users, user) : null);
        if (error is not null)
        {
            return new(error);
        }

        StickyUser updated = rows.UpdateUser(user.Id, change.Email, change.IsAdmin, change.CanWrite, hash);
        rows.Commit(cancellationToken);
        return new(updated);
    }

    /// <inheritdoc/>
    public async ValueTask<Outcome<StickyUser>> RemoveUserAsync(
        string userName, bool force = false, CancellationToken cancellationToken = default)
    {
        await using ICatalogTransaction rows = await _catalog.BeginWriteAsync(_user, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<UserRow> users = rows.GetUsers();
        if (Find(users, userName)?.User is not StickyUser user)
        {
            return new(UserNotFound(users, userName));
        }

        if (!force && CheckAdministratorStays(users, user) is StickyException error)
        {
            return new(error);
        }

        rows.RemoveUser(user.Id);
        rows.Commit(cancellationToken);
        return new(user);
    }

    /// <inheritdoc/>
    public async ValueTask<StickyUser?> VerifyUserAsync(string userName, Secret password, CancellationToken cancellationToken = default) =>
        (await VerifyAsync(userName, password, cancellationToken).ConfigureAwait(false))?.User;

    private async ValueTask<UserRow?> VerifyAsync(string userName, Secret password, CancellationToken cancellationToken)
    {
        UserRow? row = Find(await _catalog.GetUsersAsync(cancellationToken).ConfigureAwait(false), userName);
        if (!PasswordHash.Verify(password, row?.PasswordHash, cancellationToken) || row is null)
        {
            return null;
        }

        return PasswordHash.NeedsUpgrade(row.PasswordHash)
            ? await TryUpgradeAsync(row, password, cancellationToken).ConfigureAwait(false)
            : row;
    }

    private async ValueTask<UserRow> TryUpgradeAsync(UserRow verified, Secret password, CancellationToken cancellationToken)
    {
        string hash = PasswordHash.Hash(password);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(UpgradeLimit);
        try
        {
            await using ICatalogTransaction rows = await _catalog.BeginWriteAsync(_user, limit.Token).ConfigureAwait(false);

            // The password may have been changed since, and the old one must not come back.
            if (rows.GetUsers().Any(row => row.User.Id == verified.User.Id && row.PasswordHash == verified.PasswordHash))
            {
                StickyUser user = rows.UpdateUser(verified.User.Id, passwordHash: hash);
                rows.Commit(limit.Token);
                return new UserRow(user, hash);
            }
        }
        catch (Exception e) when (e is StickyException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The store may not be written to, or somebody else is writing: the password is right all the same, and next time will do.
        }

        return verified;
    }

    // The Python client tells names apart by case, so a store may hold two that differ in it alone.
    private static UserRow? Find(IReadOnlyList<UserRow> users, string userName)
    {
        if (users.FirstOrDefault(row => row.User.UserName == userName) is UserRow exact)
        {
            return exact;
        }

        string wanted = UserRules.ToComparable(userName);
        return users.Where(row => UserRules.ToComparable(row.User.UserName) == wanted).ToArray() is [UserRow only] ? only : null;
    }

    private static List<UserRow> Alike(IReadOnlyList<UserRow> users, string userName) =>
        [.. users.Where(row => UserRules.AreAlike(row.User.UserName, userName))];

    private static StickyException UserNotFound(IReadOnlyList<UserRow> users, string userName) => new(
        "UserNotFound",
        StickyErrorKind.NotFound,
        $"The store has no user '{userName}'"
            + (Alike(users, userName) is { Count: > 0 } alike
                ? $", but {string.Join(" and ", alike.Select(row => $"'{row.User.UserName}'"))}, which differ only in case or in characters that show nothing."
                : "."),
        userName,
        "Get-StickyUser lists the users.");

    private static StickyException? CheckNameIsFree(IReadOnlyList<UserRow> users, string userName) =>
        Alike(users, userName) is [UserRow other, ..]
            ? new StickyException(
                "UserExists",
                StickyErrorKind.Conflict,
                $"The store has a user of the name '{other.User.UserName}' already.",
                userName,
                "Names are unique, whatever their case. Choose another one, or change the user with Set-StickyUser.")
            : null;

    private static StickyException? CheckEmailIsFree(IReadOnlyList<UserRow> users, string? email, string userName, long? ownId) =>
        !string.IsNullOrEmpty(email)
        && users.FirstOrDefault(row => row.User.Id != ownId && string.Equals(row.User.Email, email, StringComparison.OrdinalIgnoreCase)) is UserRow other
            ? new StickyException(
                "UserExists",
                StickyErrorKind.Conflict,
                $"The e-mail address '{email}' that was meant for '{userName}' is that of the user '{other.User.UserName}'.",
                userName,
                "Addresses are unique, whatever their case. Give another one, or none.")
            : null;

    private static StickyException? CheckAdministratorStays(IReadOnlyList<UserRow> users, StickyUser user) =>
        user.IsAdmin && !users.Any(row => row.User.IsAdmin && row.User.Id != user.Id)
            ? new StickyException(
                "LastAdministrator",
                StickyErrorKind.NotAllowed,
                $"'{user.UserName}' is the last administrator: without one, nobody could manage the users.",
                user.UserName,
                "Make somebody else an administrator first, with Set-StickyUser -Admin. -Force does it all the same.")
            : null;
}
