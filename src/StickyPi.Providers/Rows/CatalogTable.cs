using System.Globalization;
using StickyPi.Core;

namespace StickyPi.Providers.Rows;

/// <summary>A table that has the same columns in every database.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">Its columns besides those that every table has, separated by commas.</param>
internal sealed record CatalogTable(string Name, string Columns)
{
    /// <summary>The version that rows bear.</summary>
    public static readonly string ApiVersion = typeof(CatalogTable).Assembly.GetName().Version!.ToString(3);

    /// <summary>The pictures.</summary>
    public static readonly CatalogTable Images = new(
        "images",
        "device, datetime, md5, device_version, width, height, alt, lat, lng, temp, hum, no_flash_shutter_speed, no_flash_exposure_time, "
            + "no_flash_bv, no_flash_iso");

    /// <summary>The annotations.</summary>
    public static readonly CatalogTable Annotations = new("uid_annotations", "parent_image_id, algo_name, algo_version, n_objects, json");

    /// <summary>The users.</summary>
    public static readonly CatalogTable Users = new("users", "username, email, password_hash, is_admin, can_write");

    /// <summary>The series of tuboids.</summary>
    public static readonly CatalogTable TuboidSeries = new(
        "tuboid_series", "device, start_datetime, end_datetime, n_images, n_tuboids, algo_name, algo_version");

    /// <summary>The tuboids.</summary>
    public static readonly CatalogTable Tuboids = new(
        "tiled_tuboids", "parent_series_id, tuboid_id, id_in_series, start_datetime, end_datetime, n_shots");

    /// <summary>The labels.</summary>
    public static readonly CatalogTable Labels = new(
        "itc_labels", "parent_tuboid_id, algo_name, algo_version, label, pattern, type, \"order\", family, genus, species");

    /// <summary>The extra properties.</summary>
    public static readonly CatalogTable Properties = new("properties", "kind, target_id, image_id, series_id, parent_created, json");

    /// <summary>The tables that a snapshot has rows of, parents before what hangs on them.</summary>
    public static readonly IReadOnlyList<CatalogTable> Public = [Images, Annotations, TuboidSeries, Tuboids, Labels, Properties];

    private readonly string[] _columns = Columns.Split(", ");

    /// <summary>All columns, separated by commas.</summary>
    public string AllColumns => $"id, datetime_created, api_version, api_user, {Columns}";

    /// <summary>How many values <see cref="Insertion"/> takes besides those that every row has.</summary>
    public int ColumnCount => _columns.Length;

    /// <summary>The statement that inserts a row: parameters <c>@p0</c> and so on, <c>@created</c>, <c>@version</c> and <c>@user</c>.</summary>
    public string Insertion =>
        $"INSERT INTO {Name} (datetime_created, api_version, api_user, {Columns}) "
        + $"VALUES (@created, @version, @user, {string.Join(", ", Enumerable.Range(0, ColumnCount).Select(ParameterOf))})";

    /// <summary>The parameter of a column in <see cref="Insertion"/>.</summary>
    /// <param name="column">Which column of <see cref="Columns"/>.</param>
    /// <returns>Its name.</returns>
    public static string ParameterOf(int column) => string.Create(CultureInfo.InvariantCulture, $"@p{column}");

    /// <summary>Makes sure that the texts of a row can be stored.</summary>
    /// <param name="values">The values of <see cref="Columns"/>.</param>
    /// <exception cref="StickyException"><c>InvalidText</c>.</exception>
    public void Check(ReadOnlySpan<object?> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] is string text && !CatalogText.CanBeStored(text))
            {
                throw new StickyException(
                    "InvalidText",
                    StickyErrorKind.InvalidData,
                    $"What is to be stored as {_columns[i].Trim('"')} in {Name} holds a NUL character or half of a surrogate pair.",
                    text,
                    "Remove the character, and try again.");
            }
        }
    }
}
