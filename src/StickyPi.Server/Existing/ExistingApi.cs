using StickyPi.Core;
using StickyPi.Core.Remote.Api;
using StickyPi.Core.Remote.Existing;
using StickyPi.Server.Access;
using StickyPi.Server.Configuration;

namespace StickyPi.Server.Existing;

/// <summary>The API of the existing server, for the existing Python client: <c>POST /&lt;operation&gt;[/&lt;what&gt;]</c>.</summary>
internal static class ExistingApi
{
    /// <summary>Maps its routes.</summary>
    /// <param name="routes">Where they go.</param>
    public static void MapExistingApi(this IEndpointRouteBuilder routes)
    {
        ServerOptions options = routes.ServiceProvider.GetRequiredService<ServerOptions>();
        Map("get_token", Roles.Reader, GetTokenAsync);
        Map("get_users", Roles.Administrator, ExistingUsers.GetAsync);
        Map("put_users", Roles.Administrator, ExistingUsers.PutAsync);
        Map("get_images/{what}", Roles.Reader, ExistingImages.GetAsync);
        Map("get_image_series/{what}", Roles.Reader, ExistingImages.GetSeriesAsync);
        Map("delete_images", Roles.Administrator, ExistingImages.DeleteAsync);
        Map("_put_new_images", Roles.Writer, ExistingImages.PutAsync, BodyKind.Image);
        Map("put_uid_annotations", Roles.Writer, ExistingAnnotations.PutAsync, BodyKind.Batch);
        Map("get_uid_annotations/{what}", Roles.Reader, ExistingAnnotations.GetAsync);
        Map("get_uid_annotations_series/{what}", Roles.Reader, ExistingAnnotations.GetSeriesAsync);
        Map("_put_tiled_tuboids", Roles.Writer, ExistingTuboids.PutAsync, BodyKind.Image);
        Map("get_tiled_tuboid_series/{what}", Roles.Reader, ExistingTuboids.GetSeriesAsync);
        Map("delete_tiled_tuboids", Roles.Administrator, ExistingTuboids.DeleteAsync);
        Map("put_itc_labels", Roles.Writer, ExistingLabels.PutAsync);
        Map("_get_itc_labels", Roles.Reader, ExistingLabels.GetAsync);
        Map("_get_ml_bundle_file_list/{what}", Roles.Reader, ExistingBundles.GetFilesAsync);
        Map("_get_ml_bundle_upload_links", Roles.Writer, ExistingBundles.GetUploadLinksAsync);
        _ = routes.MapPost(UploadForms.Path, routes.ServiceProvider.GetRequiredService<UploadForms>().ReceiveAsync)
            .AllowAnonymous()
            .LimitBody(options, BodyKind.Object)
            .ExcludeFromDescription();

        void Map(string route, string role, RequestDelegate answer, BodyKind body = BodyKind.Json)
        {
            _ = routes.MapPost(route, answer).RequireAuthorization(role).LimitBody(options, body).ExcludeFromDescription();
            _ = routes.MapMethods(route, [HttpMethods.Options], TellMethods).AllowAnonymous().ExcludeFromDescription();
        }
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
