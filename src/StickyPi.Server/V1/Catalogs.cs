using Microsoft.Net.Http.Headers;
using StickyPi.Server.Access;

namespace StickyPi.Server.V1;

/// <summary>The catalog of the store, to be searched without it.</summary>
internal static class Catalogs
{
    private const string Sqlite = "application/vnd.sqlite3";

    /// <summary>Maps the route.</summary>
    /// <param name="v1">Where it goes.</param>
    public static void MapCatalog(this IEndpointRouteBuilder v1) => _ = v1
        .MapOperation("GET", "/catalog", "GetCatalog", Roles.Reader, Get, "Gets all rows but those of users, as a SQLite file that can be opened as a store.")
        .WithTags("Catalog")
        .Gives<Stream>(mediaType: Sqlite)
        .Fails(StatusCodes.Status416RangeNotSatisfiable);

    private static async Task<IResult> Get(HttpContext context)
    {
        OpenSnapshot snapshot = await context.RequestServices.GetRequiredService<CatalogSnapshots>().OpenAsync(context.RequestAborted);
        return Results.Stream(
            snapshot.Content,
            Sqlite,
            lastModified: snapshot.CreatedAt,
            entityTag: new EntityTagHeaderValue($"\"{snapshot.Md5}\""),
            enableRangeProcessing: true);
    }
}
