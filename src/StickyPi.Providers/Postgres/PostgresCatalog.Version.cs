namespace StickyPi.Providers.Postgres;

internal sealed partial class PostgresCatalog
{
    // Which transactions have ended: of all databases of the server, so it may change though no row here did, but never stays when one did.
    public async ValueTask<string?> GetVersionAsync(CancellationToken cancellationToken) => (await QueryAsync(
        connection => connection.Command("SELECT pg_current_snapshot()::text"), row => row.Text(0), cancellationToken).ConfigureAwait(false))[0];
}
