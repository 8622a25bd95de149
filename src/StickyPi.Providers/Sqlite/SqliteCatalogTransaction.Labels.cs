using StickyPi.Core.Labels;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Sqlite;

internal sealed partial class SqliteCatalogTransaction
{
    private LabelFinder? _labelFinder;
    private RowInserter? _labels;

    public IReadOnlyList<StickyLabel> FindLabels(string tuboidId) => Guard<IReadOnlyList<StickyLabel>>(() =>
        [.. (_labelFinder ??= Owned(new LabelFinder(connection))).Find(tuboidId)]);

    public StickyLabel AddLabel(long tuboidRowId, NewLabel label) => Guard(() =>
    {
        _labels ??= Inserter(CatalogTable.Labels);
        long id = _labels.Insert(LabelRows.ValuesOf(tuboidRowId, label));
        return FindLabels(label.TuboidId).Single(row => row.Id == id);
    });
}
