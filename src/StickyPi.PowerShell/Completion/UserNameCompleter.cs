using StickyPi.Core.Stores;
using StickyPi.Core.Users;

namespace StickyPi.PowerShell.Completion;

/// <summary>Completes the names of users.</summary>
public sealed class UserNameCompleter : StoreCompleter
{
    /// <inheritdoc/>
    protected override string Noun => "User";

    /// <inheritdoc/>
    protected override async ValueTask<IReadOnlyList<string>> GetNamesAsync(IStickyStore store, string word, CancellationToken cancellationToken)
    {
        IReadOnlyList<StickyUser> users = await store.GetUsersAsync(new UserQuery(), cancellationToken).ConfigureAwait(false);

        // A name can't be empty, but a row that another program wrote can hold an empty one.
        return [.. users.Select(user => user.UserName).Where(name => name.Length > 0)];
    }
}
