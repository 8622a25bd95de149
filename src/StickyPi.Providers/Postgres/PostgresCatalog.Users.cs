using StickyPi.Core.Users;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Postgres;

internal sealed partial class PostgresCatalog
{
    public async ValueTask<IReadOnlyList<UserRow>> GetUsersAsync(CancellationToken cancellationToken) => await QueryAsync(
        connection => connection.Command(UserRows.All), UserRows.Read, cancellationToken).ConfigureAwait(false);
}
