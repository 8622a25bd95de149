using StickyPi.Core.Labels;

namespace StickyPi.Providers.Sqlite;

internal sealed partial class SqliteCatalogTransaction
{
    private LabelFinder? _labelFinder;
    private RowInserter? _labels;

    public IReadOnlyList<StickyLabel> FindLabels(string tuboidId) => Guard<IReadOnlyList<StickyLabel>>(() =>
        [.. (_labelFinder ??= Owned(new LabelFinder(connection))).Find(tuboidId)]);

    public StickyLabel AddLabel(long tuboidRowId, NewLabel label) => Guard(() =>
    {
        _labels ??= Inserter("itc_labels", "parent_tuboid_id, algo_name, algo_version, label, pattern, type, \"order\", family, genus, species");
        long id = _labels.Insert(
            tuboidRowId, label.AlgoName, label.AlgoVersion, label.Label, label.Pattern, label.Type,
            Taxon(label.Order), Taxon(label.Family), Taxon(label.Genus), Taxon(label.Species));
        return FindLabels(label.TuboidId).Single(row => row.Id == id);
    });

    private static string? Taxon(string? name) => string.IsNullOrWhiteSpace(name) ? null : name;
}
