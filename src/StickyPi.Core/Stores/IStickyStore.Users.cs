using StickyPi.Core.Users;

namespace StickyPi.Core.Stores;

public partial interface IStickyStore
{
    /// <summary>Lists users.</summary>
    /// <param name="query">Which.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The users, ordered by name.</returns>
    ValueTask<IReadOnlyList<StickyUser>> GetUsersAsync(UserQuery query, CancellationToken cancellationToken = default);

    /// <summary>Adds a user. Names and addresses are unique, also in another case.</summary>
    /// <param name="user">The user.</param>
    /// <param name="password">The password; it stays the caller's to dispose of.</param>
    /// <param name="cancellationToken">Stops the work; then nobody has been added.</param>
    /// <returns>
    /// The user as stored. Errors: those of <see cref="UserRules"/>, <c>UserExists</c>.
    /// </returns>
    ValueTask<Outcome<StickyUser>> AddUserAsync(NewUser user, Secret password, CancellationToken cancellationToken = default);

    /// <summary>Changes a user.</summary>
    /// <param name="userName">The name, exactly; or in another case where only one user has it.</param>
    /// <param name="change">What to change.</param>
    /// <param name="cancellationToken">Stops the work; then nothing has changed.</param>
    /// <returns>
    /// The user as stored. Errors: <c>UserNotFound</c>, <c>LastAdministrator</c>, <c>UserExists</c> (with that address), those of
    /// <see cref="UserRules"/>.
    /// </returns>
    ValueTask<Outcome<StickyUser>> UpdateUserAsync(string userName, UserChange change, CancellationToken cancellationToken = default);

    /// <summary>Removes a user.</summary>
    /// <param name="userName">The name, exactly; or in another case where only one user has it.</param>
    /// <param name="force">Whether the last administrator may go.</param>
    /// <param name="cancellationToken">Stops the work; then nobody has been removed.</param>
    /// <returns>The user that was removed. Errors: <c>UserNotFound</c>, <c>LastAdministrator</c>.</returns>
    ValueTask<Outcome<StickyUser>> RemoveUserAsync(string userName, bool force = false, CancellationToken cancellationToken = default);

    /// <summary>
    /// Looks whether a password is a user's. Where it is, and its hash is of an older kind, the hash is made anew; that this fails, as
    /// on a store that may only be read, does not matter.
    /// </summary>
    /// <param name="userName">The name, exactly; or in another case where only one user has it.</param>
    /// <param name="password">The password; it stays the caller's to dispose of.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The user; null where the password is wrong or there is no such user, and nothing tells which.</returns>
    ValueTask<StickyUser?> VerifyUserAsync(string userName, Secret password, CancellationToken cancellationToken = default);
}
