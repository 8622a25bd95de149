using StickyPi.Core.Labels;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Postgres;

internal sealed partial class PostgresCatalogTransaction
{
    public IReadOnlyList<StickyLabel> FindLabels(string tuboidId)
    {
        LabelRows rows = new();
        return Query(LabelRows.OfTuboid, row => rows.Read(row)!, ("@tuboid", tuboidId));
    }

    public StickyLabel AddLabel(long tuboidRowId, NewLabel label)
    {
        long id = Insert(CatalogTable.Labels, "id", row => row.Int64(0), LabelRows.ValuesOf(tuboidRowId, label));
        return FindLabels(label.TuboidId).Single(row => row.Id == id);
    }
}
