using Microsoft.AspNetCore.Mvc;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Stores;
using StickyPi.Server.Access;
using StickyPi.Server.Configuration;

namespace StickyPi.Server.V1;

/// <summary>The REST API below <c>/v1</c>.</summary>
internal static class V1Api
{
    private const string Product = "StickyPi";

    private static readonly string Version = typeof(V1Api).Assembly.GetName().Version!.ToString(3);

    /// <summary>Adds what its routes need.</summary>
    /// <param name="services">Where it goes.</param>
    /// <param name="options">The options of the server.</param>
    public static void AddV1(this IServiceCollection services, ServerOptions options)
    {
        StoreOptions where = options.ToStoreOptions();
        where.Bucket?.Dispose();
        where.Database?.Dispose();
        string? folder = where.CacheFolder
            ?? (where.Folder is null ? null : Path.Combine(where.Folder, "cache"))
            ?? (where.CatalogPath is null ? null : Path.Combine(Path.GetDirectoryName(where.CatalogPath)!, "cache"));
        _ = services.AddSingleton(_ => new Uploads(Path.Combine(folder ?? Path.Combine(Path.GetTempPath(), Product), "uploads")));
        _ = services.AddSingleton<CatalogSnapshots>();
        services.AddDescription();
    }

    /// <summary>Maps its routes, and the description of them.</summary>
    /// <param name="routes">Where they go.</param>
    public static void MapV1(this IEndpointRouteBuilder routes)
    {
        ServerOptions options = routes.ServiceProvider.GetRequiredService<ServerOptions>();
        RouteGroupBuilder v1 = routes.MapGroup("/v1");
        _ = v1.AddEndpointFilter((invocation, next) =>
        {
            RequestValues.RefuseUnknown(invocation.HttpContext);
            return next(invocation);
        });
        ((IEndpointConventionBuilder)v1).Finally(endpoint =>
        {
            foreach (TakenBody body in endpoint.Metadata.OfType<TakenBody>().ToArray())
            {
                endpoint.Metadata.Add(new RequestSizeLimitAttribute(options.GetMaxSize(body.Kind)));
            }
        });
        _ = v1.MapOperation("GET", "", "GetServer", Roles.Reader, GetServer, "Tells what the server is, and who asks.")
            .WithTags("Server")
            .Gives<ApiServer>();
        v1.MapDevices();
        v1.MapImages();
        v1.MapAnnotations();
        v1.MapTuboids();
        v1.MapLabels();
        v1.MapUsers();
        v1.MapBundles();
        v1.MapObjects();
        v1.MapProperties();
        v1.MapCatalog();
        _ = routes.MapOpenApi().AllowAnonymous();
    }

    private static IResult GetServer(HttpContext context)
    {
        Store store = context.GetStore();
        ApiServedStore served = new(Path.IsPathRooted(store.Location) ? "Folder" : "Bucket");
        return Operations.Answer(new ApiServer(Product, Version, context.GetUser(), served), ApiJson.Default.ApiServer);
    }
}
