using System.Text;
using Microsoft.Data.Sqlite;
using StickyPi.Core.Annotations;
using StickyPi.Core.Catalog;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Sqlite;

internal sealed partial class SqliteCatalogTransaction
{
    private AnnotationPlaceFinder? _annotationPlaces;
    private RowInserter? _annotations;

    public AnnotationPlace FindAnnotationPlace(AnnotationReference reference) => Guard(() =>
    {
        _annotationPlaces ??= Owned(new AnnotationPlaceFinder(connection));
        return _annotationPlaces.Find(reference);
    });

    public long AddAnnotation(long imageId, AnnotationReference reference, int objectCount, ReadOnlyMemory<byte> json) => Guard(() =>
    {
        _annotations ??= Inserter(CatalogTable.Annotations);
        return _annotations.Insert(imageId, reference.AlgoName, reference.AlgoVersion, objectCount, Encoding.UTF8.GetString(json.Span));
    });

    public bool RemoveAnnotation(AnnotationReference reference) => Guard(() =>
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = AnnotationRows.Delete;
        _ = command.Parameters.AddWithValue("@name", reference.AlgoName);
        _ = command.Parameters.AddWithValue("@version", reference.AlgoVersion);
        _ = command.Parameters.AddWithValue("@device", reference.Image.Device);
        _ = command.Parameters.AddWithValue("@time", SqliteColumns.ToText(reference.Image.DateTime));
        return command.ExecuteNonQuery() > 0;
    });
}
