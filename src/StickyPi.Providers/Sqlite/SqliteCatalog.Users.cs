using StickyPi.Core.Users;

namespace StickyPi.Providers.Sqlite;

internal sealed partial class SqliteCatalog
{
    public ValueTask<IReadOnlyList<UserRow>> GetUsersAsync(CancellationToken cancellationToken) =>
        UseAsync(connection => (IReadOnlyList<UserRow>)UserFinder.ReadAll(connection), cancellationToken);
}
