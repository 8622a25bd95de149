using StickyPi.Core.Annotations;
using StickyPi.Core.Catalog;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Postgres;

internal sealed partial class PostgresCatalogTransaction
{
    public AnnotationPlace FindAnnotationPlace(AnnotationReference reference) =>
        Query(AnnotationRows.Place, ReadPlace, ParametersOf(reference)).FirstOrDefault();

    public long AddAnnotation(long imageId, AnnotationReference reference, int objectCount, ReadOnlyMemory<byte> json) => Insert(
        CatalogTable.Annotations, "id", row => row.Int64(0), imageId, reference.AlgoName, reference.AlgoVersion, objectCount, json);

    public bool RemoveAnnotation(AnnotationReference reference) => Run(AnnotationRows.Delete, ParametersOf(reference)) > 0;

    /// <summary>Reads what there is where an annotation is to go.</summary>
    /// <param name="row">A row of <see cref="AnnotationRows.Place"/>.</param>
    /// <returns>What there is.</returns>
    public static AnnotationPlace ReadPlace(PostgresRow row) =>
        row.IsNull(0) ? default : new AnnotationPlace(row.Int64(0), row.Text(1), row.Boolean(2) == true, row.Int32(3), row.Int32(4));

    private static (string, object?)[] ParametersOf(AnnotationReference reference) =>
    [
        ("@device", reference.Image.Device), ("@time", reference.Image.DateTime), ("@name", reference.AlgoName), ("@version", reference.AlgoVersion),
    ];
}
