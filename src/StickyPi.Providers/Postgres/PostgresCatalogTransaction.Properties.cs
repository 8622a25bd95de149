using StickyPi.Core.Images;
using StickyPi.Core.Properties;
using StickyPi.Core.Tuboids;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Postgres;

internal sealed partial class PostgresCatalogTransaction
{
    public StickyPropertySet? FindProperties(PropertyTarget target) => Query(PropertyRow.Find, PropertyRow.Read, ParametersOf(target)).FirstOrDefault();

    public void SetProperties(PropertyTarget target, ReadOnlyMemory<byte>? json)
    {
        _ = Run(PropertyRow.Delete, ParametersOf(target));
        if (json is { } utf8)
        {
            (long? imageId, long? seriesId, DateTime? parentCreated) = FindParent(target);
            _ = Insert(
                CatalogTable.Properties, "id", row => row.Int64(0),
                PropertyRow.NameOf(target.Kind), target.Id, imageId, seriesId, parentCreated, utf8);
        }
    }

    private static (string, object?)[] ParametersOf(PropertyTarget target) => [("@kind", PropertyRow.NameOf(target.Kind)), ("@target", target.Id)];

    private (long? ImageId, long? SeriesId, DateTime? Created) FindParent(PropertyTarget target)
    {
        if (target.TryGetImage(out ImageReference image))
        {
            (long id, DateTime created) = Find(PropertyRow.Image, ("@device", image.Device), ("@time", image.DateTime));
            return (id, null, created);
        }

        if (target.TryGetSeries(out TuboidSeriesReference series))
        {
            (long id, DateTime created) = Find(PropertyRow.Series, ParametersOf(series));
            return (null, id, created);
        }

        return default;

        (long Id, DateTime Created) Find(string sql, params (string, object?)[] values) =>
            Query(sql, row => (row.Int64(0), row.Time(1)), values) is [var found] ? found : throw PropertyRow.NoParent(target);
    }
}
