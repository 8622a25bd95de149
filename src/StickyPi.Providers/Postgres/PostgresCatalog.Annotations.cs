using StickyPi.Core.Annotations;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Postgres;

internal sealed partial class PostgresCatalog
{
    // What the client asks for comes whole, so a page is cut by pictures: contours of one take tens of kilobytes.
    private const int MetadataPagePictures = 2048;
    private const int DataPagePictures = 64;

    public async ValueTask<IReadOnlyList<StickyAnnotation>> FindAnnotationsAsync(
        IReadOnlyList<ImageReference> references, AnnotationQuery query, CancellationToken cancellationToken)
    {
        if (references.Count == 0)
        {
            return [];
        }

        AnnotationRows rows = new(query);
        List<StickyAnnotation?> found = await QueryAsync(
            connection => connection.Command(
                $"""
                SELECT {rows.Columns} {Wanted} JOIN images i ON i.device = r.d AND i.datetime = r.t
                JOIN uid_annotations a ON a.parent_image_id = i.id ORDER BY r.n, {AnnotationRows.Order}
                """,
                References(references)),
            rows.Read,
            cancellationToken).ConfigureAwait(false);
        return [.. found.OfType<StickyAnnotation>()];
    }

    public async ValueTask<AnnotationPage> GetAnnotationPageAsync(DeviceRange range, AnnotationQuery query, CancellationToken cancellationToken)
    {
        AnnotationRows rows = new(query);
        int pictures = query.What == AnnotationContent.Data ? DataPagePictures : MetadataPagePictures;
        int seen = 0;
        DateTime last = default;
        List<StickyAnnotation?> found = await QueryAsync(
            connection => connection.Command(
                $"""
                SELECT {rows.Columns}
                FROM (SELECT * FROM images WHERE device = @device AND datetime >= @start AND datetime < @end ORDER BY datetime LIMIT @count) i
                LEFT JOIN uid_annotations a ON a.parent_image_id = i.id ORDER BY i.datetime, {AnnotationRows.Order}
                """,
                [.. Range(range), ("@count", pictures)]),
            row =>
            {
                DateTime time = AnnotationRows.ImageTime(row);
                seen += seen == 0 || time != last ? 1 : 0;
                last = time;
                return row.IsNull(0) ? null : rows.Read(row);
            },
            cancellationToken).ConfigureAwait(false);
        return new AnnotationPage([.. found.OfType<StickyAnnotation>()], seen == pictures ? last.AddMicroseconds(1) : null);
    }

    public async ValueTask<IReadOnlyList<AnnotationPlace>> FindAnnotationPlacesAsync(
        IReadOnlyList<AnnotationReference> references, CancellationToken cancellationToken) => references.Count == 0 ? [] : await QueryAsync(
        connection => connection.Command(
            """
            SELECT i.id, i.md5, a.id IS NOT NULL, i.width, i.height
            FROM unnest(@devices, @times, @names, @versions) WITH ORDINALITY AS r (d, t, name, version, n)
            LEFT JOIN images i ON i.device = r.d AND i.datetime = r.t
            LEFT JOIN uid_annotations a ON a.parent_image_id = i.id AND a.algo_name = r.name AND a.algo_version = r.version ORDER BY r.n
            """,
            [
                .. References([.. references.Select(reference => reference.Image)]),
                ("@names", references.Select(reference => reference.AlgoName).ToArray()),
                ("@versions", references.Select(reference => reference.AlgoVersion).ToArray()),
            ]),
        PostgresCatalogTransaction.ReadPlace,
        cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<StickyAnnotation>> GetAnnotationsByIdAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        AnnotationRows rows = new(new AnnotationQuery());
        List<StickyAnnotation?> found = await QueryAsync(
            connection => connection.Command(
                $"""
                SELECT {rows.Columns} FROM unnest(@ids) WITH ORDINALITY AS r (id, n) JOIN uid_annotations a ON a.id = r.id
                JOIN images i ON i.id = a.parent_image_id ORDER BY r.n
                """,
                ("@ids", ids.ToArray())),
            rows.Read,
            cancellationToken).ConfigureAwait(false);
        return [.. found.OfType<StickyAnnotation>()];
    }
}
