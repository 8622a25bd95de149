using Microsoft.Data.Sqlite;
using StickyPi.Core.Annotations;
using StickyPi.Core.Catalog;
using StickyPi.Core.Images;
using StickyPi.Providers.Rows;

namespace StickyPi.Providers.Sqlite;

internal sealed partial class SqliteCatalog
{
    // A page ends, with the picture that it is at, when it has so many rows or bytes of JSON.
    private const int AnnotationPageRows = 2048;
    private const long AnnotationPageBytes = 4 * 1024 * 1024;

    public ValueTask<IReadOnlyList<StickyAnnotation>> FindAnnotationsAsync(
        IReadOnlyList<ImageReference> references, AnnotationQuery query, CancellationToken cancellationToken) => UseAsync(connection =>
    {
        AnnotationRows rows = new(query);
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT {rows.Columns} {AnnotationRows.From} WHERE i.device = @device AND i.datetime = @time ORDER BY {AnnotationRows.Order}";
        SqliteParameter device = command.Parameters.Add("@device", SqliteType.Text);
        SqliteParameter time = command.Parameters.Add("@time", SqliteType.Text);
        List<StickyAnnotation> annotations = [];
        foreach (ImageReference reference in references)
        {
            device.Value = reference.Device;
            time.Value = SqliteColumns.ToText(reference.DateTime);
            ReadAll(command, rows, annotations);
        }

        return (IReadOnlyList<StickyAnnotation>)annotations;
    }, cancellationToken);

    public ValueTask<AnnotationPage> GetAnnotationPageAsync(
        DeviceRange range, AnnotationQuery query, CancellationToken cancellationToken) => UseAsync(connection =>
    {
        AnnotationRows rows = new(query);
        MisshapenTimes.ThrowIfNear(connection, range);
        using SqliteCommand command = InRangeCommand(connection, range);
        command.CommandText =
            $"SELECT {rows.Columns} {AnnotationRows.From} WHERE i.device = @device AND i.datetime >= @start AND i.datetime < @end "
            + $"ORDER BY i.datetime, {AnnotationRows.Order}";
        using SqliteDataReader reader = command.ExecuteReader();
        List<StickyAnnotation> annotations = [];
        long bytes = 0;
        while (reader.Read())
        {
            SqliteRow row = reader.Row();
            if ((annotations.Count >= AnnotationPageRows || bytes >= AnnotationPageBytes) && AnnotationRows.ImageTime(row) is var time
                && time != annotations[^1].DateTime)
            {
                return new AnnotationPage(annotations, time);
            }

            if (rows.Read(row) is StickyAnnotation annotation)
            {
                annotations.Add(annotation);
                bytes += annotation.GetUtf8Json().Length;
            }
        }

        return new AnnotationPage(annotations, null);
    }, cancellationToken);

    public ValueTask<IReadOnlyList<AnnotationPlace>> FindAnnotationPlacesAsync(
        IReadOnlyList<AnnotationReference> references, CancellationToken cancellationToken) => UseAsync(connection =>
    {
        using AnnotationPlaceFinder finder = new(connection);
        return (IReadOnlyList<AnnotationPlace>)[.. references.Select(finder.Find)];
    }, cancellationToken);

    public ValueTask<IReadOnlyList<StickyAnnotation>> GetAnnotationsByIdAsync(
        IReadOnlyList<long> ids, CancellationToken cancellationToken) => UseAsync(connection =>
    {
        AnnotationRows rows = new(new AnnotationQuery());
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT {rows.Columns} {AnnotationRows.From} WHERE a.id = @id";
        SqliteParameter parameter = command.Parameters.Add("@id", SqliteType.Integer);
        List<StickyAnnotation> annotations = new(ids.Count);
        foreach (long id in ids)
        {
            parameter.Value = id;
            ReadAll(command, rows, annotations);
        }

        return (IReadOnlyList<StickyAnnotation>)annotations;
    }, cancellationToken);

    private static void ReadAll(SqliteCommand command, AnnotationRows rows, List<StickyAnnotation> annotations)
    {
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            if (rows.Read(reader.Row()) is StickyAnnotation annotation)
            {
                annotations.Add(annotation);
            }
        }
    }
}
