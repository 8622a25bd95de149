using StickyPi.Core.Users;

namespace StickyPi.Core.Catalog;

public partial interface ICatalog
{
    /// <summary>Reads all users: a store has few, and which of them a name means is not for the catalog to say.</summary>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The users, in no particular order.</returns>
    /// <exception cref="StickyException"><c>InvalidRow</c>: a row holds something else than a user.</exception>
    ValueTask<IReadOnlyList<UserRow>> GetUsersAsync(CancellationToken cancellationToken);
}

public partial interface ICatalogTransaction
{
    /// <summary>Reads all users, seeing what this transaction did so far.</summary>
    /// <returns>The users, in no particular order.</returns>
    IReadOnlyList<UserRow> GetUsers();

    /// <summary>Adds a user.</summary>
    /// <param name="user">The user; nobody has the name or the address yet.</param>
    /// <param name="passwordHash">The hash of the password.</param>
    /// <returns>The user.</returns>
    StickyUser AddUser(NewUser user, string passwordHash);

    /// <summary>Changes columns of a user; those whose parameter is null stay as they are.</summary>
    /// <param name="id">The number of the row.</param>
    /// <param name="email">The new address, which nobody else has; an empty one removes it.</param>
    /// <param name="isAdmin">Whether the user is an administrator.</param>
    /// <param name="canWrite">Whether the user may write.</param>
    /// <param name="passwordHash">The hash of the new password.</param>
    /// <returns>The user after the change.</returns>
    StickyUser UpdateUser(long id, string? email = null, bool? isAdmin = null, bool? canWrite = null, string? passwordHash = null);

    /// <summary>Removes a user.</summary>
    /// <param name="id">The number of the row.</param>
    void RemoveUser(long id);
}
