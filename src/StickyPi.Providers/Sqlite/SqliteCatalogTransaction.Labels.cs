using Microsoft.Data.Sqlite;
using StickyPi.Core.Labels;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Sqlite;

internal sealed partial class SqliteCatalogTransaction
{
    private SqliteCommand? _findLabel;
    private RowInserter? _labels;

    public StickyLabel? FindLabel(string tuboidId, string algoName, string algoVersion) => Guard(() =>
    {
        _findLabel ??= Owned(FindLabelCommand());
        _findLabel.Parameters[0].Value = tuboidId;
        _findLabel.Parameters[1].Value = algoName;
        _findLabel.Parameters[2].Value = algoVersion;
        using SqliteDataReader reader = _findLabel.ExecuteReader();
        return reader.Read() ? new LabelRows().Read(reader.Row()) : null;
    });

    public StickyLabel AddLabel(long tuboidRowId, NewLabel label) => Guard(() =>
    {
        _labels ??= Inserter(CatalogTable.Labels);
        _ = _labels.Insert(LabelRows.ValuesOf(tuboidRowId, label));
        return FindLabel(label.TuboidId, label.AlgoName, label.AlgoVersion) ?? throw RowErrors.NotKept("itc_labels");
    });

    private SqliteCommand FindLabelCommand()
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = LabelRows.Find;
        foreach (string name in (string[])["@tuboid", "@name", "@version"])
        {
            _ = command.Parameters.Add(name, SqliteType.Text);
        }

        return command;
    }
}
