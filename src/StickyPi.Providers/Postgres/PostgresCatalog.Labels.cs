using StickyPi.Core.Labels;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Postgres;

internal sealed partial class PostgresCatalog
{
    public async ValueTask<IReadOnlyList<StickyLabel>> GetLabelPageAsync(long afterId, int count, CancellationToken cancellationToken)
    {
        LabelRows rows = new();
        return await QueryAsync(
            connection => connection.Command(LabelRows.Page, ("@after", afterId), ("@count", count)),
            row => rows.Read(row)!,
            cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<StickyLabel>> FindLabelsAsync(IReadOnlyList<string> tuboidIds, CancellationToken cancellationToken)
    {
        LabelRows rows = new();
        return await QueryAsync(
            connection => connection.Command(
                $"""
                SELECT {LabelRows.Columns} FROM unnest(@tuboids) WITH ORDINALITY AS r (id, n) JOIN tiled_tuboids t ON t.tuboid_id = r.id
                JOIN itc_labels l ON l.parent_tuboid_id = t.id ORDER BY r.n, l.id
                """,
                ("@tuboids", tuboidIds.ToArray())),
            row => rows.Read(row)!,
            cancellationToken).ConfigureAwait(false);
    }
}
