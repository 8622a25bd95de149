using StickyPi.Core;
using StickyPi.Core.Properties;

namespace StickyPi.Providers.Rows;

/// <summary>
/// Reads rows of the table <c>properties</c>, which is ours alone. A row is written anew with each change, so when it was created is when the
/// properties were changed last. It hangs on a picture or a series by the number of its row and by the moment at which that was written:
/// numbers are given again in SQLite, and a program that leaves foreign keys off removes a picture without its properties.
/// </summary>
internal static class PropertyRow
{
    /// <summary>The columns, in the order in which <see cref="Read"/> takes them.</summary>
    public const string Columns = "p.kind, p.target_id, p.json, p.datetime_created, p.api_user";

    /// <summary>Whether the picture, series or device of a row is still there.</summary>
    public const string IsAlive =
        """
        (p.image_id IS NULL OR EXISTS (SELECT 1 FROM images i WHERE i.id = p.image_id AND i.datetime_created = p.parent_created))
            AND (p.series_id IS NULL OR EXISTS (SELECT 1 FROM tuboid_series s WHERE s.id = p.series_id AND s.datetime_created = p.parent_created))
            AND (p.kind <> 'device' OR EXISTS (SELECT 1 FROM images i WHERE i.device = p.target_id))
        """;

    /// <summary>The row of one thing.</summary>
    public const string Find = $"SELECT {Columns} FROM properties p WHERE p.kind = @kind AND p.target_id = @target AND {IsAlive}";

    /// <summary>One page of the rows of one kind.</summary>
    public const string Page = $"SELECT {Columns} FROM properties p WHERE p.kind = @kind AND p.target_id > @after AND {IsAlive} ORDER BY p.target_id LIMIT @count";

    /// <summary>Removes the row of one thing, whether or not that is still there.</summary>
    public const string Delete = "DELETE FROM properties WHERE kind = @kind AND target_id = @target";

    /// <summary>Finds the row that the properties of a picture hang on.</summary>
    public const string Image = "SELECT id, datetime_created FROM images WHERE device = @device AND datetime = @time";

    /// <summary>Finds the row that the properties of a series hang on.</summary>
    public const string Series = $"SELECT id, datetime_created FROM tuboid_series WHERE {TuboidSeriesRow.IsSeries}";

    /// <summary>What a kind is called in the table.</summary>
    /// <param name="kind">The kind.</param>
    /// <returns>Its name.</returns>
    public static string NameOf(StickyPropertyKind kind) => kind switch
    {
        StickyPropertyKind.Image => "image",
        StickyPropertyKind.Device => "device",
        StickyPropertyKind.Series => "series",
        StickyPropertyKind.Bundle => "bundle",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>The error for properties whose picture or series is not there.</summary>
    /// <param name="target">Which.</param>
    /// <returns>The error <c>PropertyTargetNotFound</c>.</returns>
    public static StickyException NoParent(PropertyTarget target) => new(
        "PropertyTargetNotFound", StickyErrorKind.NotFound, $"The store has nothing that is {target}.", target, "Add it first.");

    /// <summary>Reads a row.</summary>
    /// <typeparam name="TRow">The kind of row.</typeparam>
    /// <param name="row">A row of <see cref="Columns"/>.</param>
    /// <returns>The properties.</returns>
    /// <exception cref="StickyException"><c>InvalidRow</c>: what is there is no JSON object.</exception>
    public static StickyPropertySet Read<TRow>(TRow row)
        where TRow : struct, ICatalogRow
    {
        PropertyTarget target = new(Enum.Parse<StickyPropertyKind>(row.Text(0) ?? "", ignoreCase: true), row.Text(1) ?? "");
        return new StickyPropertySet
        {
            Kind = target.Kind,
            Id = target.Id,
            Properties = PropertyRules.Read(row.Utf8(2), target),
            UpdatedAt = row.Time(3),
            ApiUser = row.Text(4),
        };
    }
}
