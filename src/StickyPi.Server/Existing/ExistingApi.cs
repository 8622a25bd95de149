using StickyPi.Core;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Remote.Existing;
using StickyPi.Server.Access;
using StickyPi.Server.Configuration;

namespace StickyPi.Server.Existing;

/// <summary>The API of the existing server, for the existing Python client: <c>POST /&lt;operation&gt;[/&lt;what&gt;]</c>.</summary>
internal static class ExistingApi
{
    /// <summary>The most bytes that are set aside for a list before it has come.</summary>
    public const int MaxListSize = 1024 * 1024;

    // nginx, in front of the existing server, lets no more through.
    private const long MaxBodySize = 100L * 1024 * 1024;

    /// <summary>Maps its routes.</summary>
    /// <param name="routes">Where they go.</param>
    public static void MapExistingApi(this IEndpointRouteBuilder routes)
    {
        IEndpointRouteBuilder api = routes.MapGroup("");
        Map(api, "get_token", Roles.Reader, GetTokenAsync);
        Map(api, "get_users", Roles.Administrator, ExistingUsers.GetAsync);
        Map(api, "put_users", Roles.Administrator, ExistingUsers.PutAsync);
        Map(api, "get_images/{what}", Roles.Reader, ExistingImages.GetAsync);
        Map(api, "get_image_series/{what}", Roles.Reader, ExistingImages.GetSeriesAsync);
        Map(api, "delete_images", Roles.Administrator, ExistingImages.DeleteAsync);
        Map(api, "_put_new_images", Roles.Writer, ExistingImages.PutAsync);
        Map(api, "put_uid_annotations", Roles.Writer, ExistingAnnotations.PutAsync);
        Map(api, "get_uid_annotations/{what}", Roles.Reader, ExistingAnnotations.GetAsync);
        Map(api, "get_uid_annotations_series/{what}", Roles.Reader, ExistingAnnotations.GetSeriesAsync);
        Map(api, "_put_tiled_tuboids", Roles.Writer, ExistingTuboids.PutAsync);
        Map(api, "get_tiled_tuboid_series/{what}", Roles.Reader, ExistingTuboids.GetSeriesAsync);
        Map(api, "delete_tiled_tuboids", Roles.Administrator, ExistingTuboids.DeleteAsync);
        Map(api, "put_itc_labels", Roles.Writer, ExistingLabels.PutAsync);
        Map(api, "_get_itc_labels", Roles.Reader, ExistingLabels.GetAsync);
        Map(api, "_get_ml_bundle_file_list/{what}", Roles.Reader, ExistingBundles.GetFilesAsync);
        Map(api, "_get_ml_bundle_upload_links", Roles.Writer, ExistingBundles.GetUploadLinksAsync);

        ServerOptions options = routes.ServiceProvider.GetRequiredService<ServerOptions>();
        _ = routes.MapPost(UploadForms.Path, routes.ServiceProvider.GetRequiredService<UploadForms>().ReceiveAsync)
            .AllowAnonymous()
            .LimitBody(options, BodyKind.Object)
            .ExcludeFromDescription();
    }

    private static void Map(IEndpointRouteBuilder routes, string route, string role, RequestDelegate answer)
    {
        _ = routes.MapPost(route, answer)
            .RequireAuthorization(role)
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(MaxBodySize))
            .ExcludeFromDescription();
        _ = routes.MapMethods(route, [HttpMethods.Options], TellMethods).AllowAnonymous().ExcludeFromDescription();
    }

    private static Task TellMethods(HttpContext context)
    {
        context.Response.Headers.Allow = $"{HttpMethods.Post}, {HttpMethods.Options}";
        context.Response.ContentType = "text/html; charset=utf-8";
        return Task.CompletedTask;
    }

    private static async Task GetTokenAsync(HttpContext context)
    {
        ApiToken token = await context.IssueTokenAsync()
            ?? throw new StickyException("CredentialRefused", StickyErrorKind.AccessDenied, "The log-in has ended meanwhile; log in again.");
        await ExistingAnswers.WriteAsync(
            context, new ExistingToken(new DateTimeOffset(token.ExpiresAt).ToUnixTimeSeconds(), token.Token), ExistingJson.Default.ExistingToken);
    }
}
