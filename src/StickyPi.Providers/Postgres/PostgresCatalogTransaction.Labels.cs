using StickyPi.Core.Labels;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Postgres;

internal sealed partial class PostgresCatalogTransaction
{
    public StickyLabel? FindLabel(string tuboidId, string algoName, string algoVersion) => Query(
        LabelRows.Find, row => new LabelRows().Read(row)!, ("@tuboid", tuboidId), ("@name", algoName), ("@version", algoVersion)).FirstOrDefault();

    public StickyLabel AddLabel(long tuboidRowId, NewLabel label)
    {
        _ = Insert(CatalogTable.Labels, "id", row => row.Int64(0), LabelRows.ValuesOf(tuboidRowId, label));
        return FindLabel(label.TuboidId, label.AlgoName, label.AlgoVersion) ?? throw RowErrors.NotKept("itc_labels");
    }
}
