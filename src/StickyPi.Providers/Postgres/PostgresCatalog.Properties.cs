using StickyPi.Core.Properties;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Postgres;

internal sealed partial class PostgresCatalog
{
    public async ValueTask<IReadOnlyList<StickyPropertySet?>> FindPropertiesAsync(
        IReadOnlyList<PropertyTarget> targets, CancellationToken cancellationToken) => targets.Count == 0 ? [] : await QueryAsync(
        connection => connection.Command(
            $"""
            SELECT {PropertyRow.Columns} FROM unnest(@kinds, @targets) WITH ORDINALITY AS r (kind, target, n)
            LEFT JOIN properties p ON p.kind = r.kind AND p.target_id = r.target AND {PropertyRow.IsAlive} ORDER BY r.n
            """,
            ("@kinds", targets.Select(target => PropertyRow.NameOf(target.Kind)).ToArray()),
            ("@targets", targets.Select(target => target.Id).ToArray())),
        row => row.IsNull(0) ? null : PropertyRow.Read(row),
        cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<StickyPropertySet>> GetPropertyPageAsync(
        StickyPropertyKind kind, string afterId, int count, CancellationToken cancellationToken) => await QueryAsync(
        connection => connection.Command(PropertyRow.Page, ("@kind", PropertyRow.NameOf(kind)), ("@after", afterId), ("@count", count)),
        PropertyRow.Read,
        cancellationToken).ConfigureAwait(false);
}
