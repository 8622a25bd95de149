using StickyPi.Server.Access;

namespace StickyPi.Tests;

/// <summary>
/// The least role that each route is for, written down apart from the code; <c>null</c> where nobody need log in. A new route without an entry
/// fails a test.
/// </summary>
internal static class AccessTable
{
    public const string? Anybody = null;

    private static readonly Dictionary<string, string?> Routes = new(StringComparer.Ordinal)
    {
        ["GET /health/live"] = Anybody,
        ["GET /health/ready"] = Anybody,
        ["GET /files/{**key}"] = Anybody,
        ["POST /files"] = Anybody,
        ["GET /openapi/{documentName}.json"] = Anybody,
        ["POST /v1/token"] = Roles.Reader,
        ["DELETE /v1/token"] = Roles.Reader,

        // /v1
        ["GET /v1"] = Roles.Reader,
        ["HEAD /v1"] = Roles.Reader,
        ["GET /v1/devices"] = Roles.Reader,
        ["HEAD /v1/devices"] = Roles.Reader,
        ["GET /v1/devices/names"] = Roles.Reader,
        ["HEAD /v1/devices/names"] = Roles.Reader,
        ["GET /v1/images"] = Roles.Reader,
        ["HEAD /v1/images"] = Roles.Reader,
        ["GET /v1/images/count"] = Roles.Reader,
        ["HEAD /v1/images/count"] = Roles.Reader,
        ["POST /v1/images/find"] = Roles.Reader,
        ["POST /v1/images/delete"] = Roles.Administrator,
        ["GET /v1/images/{device}/{dateTime}"] = Roles.Reader,
        ["HEAD /v1/images/{device}/{dateTime}"] = Roles.Reader,
        ["PUT /v1/images/{device}/{dateTime}"] = Roles.Writer,
        ["DELETE /v1/images/{device}/{dateTime}"] = Roles.Administrator,
        ["GET /v1/images/{device}/{dateTime}/{what}"] = Roles.Reader,
        ["GET /v1/annotations"] = Roles.Reader,
        ["HEAD /v1/annotations"] = Roles.Reader,
        ["POST /v1/annotations"] = Roles.Writer,
        ["POST /v1/annotations/find"] = Roles.Reader,
        ["POST /v1/annotations/delete"] = Roles.Administrator,
        ["GET /v1/tuboids"] = Roles.Reader,
        ["HEAD /v1/tuboids"] = Roles.Reader,
        ["PUT /v1/tuboids/{tuboidId}"] = Roles.Writer,
        ["GET /v1/tuboid-series"] = Roles.Reader,
        ["HEAD /v1/tuboid-series"] = Roles.Reader,
        ["POST /v1/tuboid-series/find"] = Roles.Reader,
        ["POST /v1/tuboid-series/delete"] = Roles.Administrator,
        ["GET /v1/labels"] = Roles.Reader,
        ["HEAD /v1/labels"] = Roles.Reader,
        ["POST /v1/labels"] = Roles.Writer,
        ["POST /v1/labels/find"] = Roles.Reader,
        ["GET /v1/users"] = Roles.Administrator,
        ["HEAD /v1/users"] = Roles.Administrator,
        ["POST /v1/users"] = Roles.Administrator,
        ["PATCH /v1/users/{name}"] = Roles.Administrator,
        ["DELETE /v1/users/{name}"] = Roles.Administrator,
        ["POST /v1/users/{name}/verify"] = Roles.Administrator,
        ["GET /v1/bundles"] = Roles.Reader,
        ["HEAD /v1/bundles"] = Roles.Reader,
        ["GET /v1/bundles/names"] = Roles.Reader,
        ["HEAD /v1/bundles/names"] = Roles.Reader,
        ["DELETE /v1/bundles/{name}"] = Roles.Administrator,
        ["GET /v1/objects"] = Roles.Reader,
        ["HEAD /v1/objects"] = Roles.Reader,
        ["GET /v1/object-url"] = Roles.Reader,
        ["HEAD /v1/object-url"] = Roles.Reader,
        ["POST /v1/objects/compare"] = Roles.Reader,
        ["GET /v1/objects/{**key}"] = Roles.Reader,
        ["PUT /v1/objects/{**key}"] = Roles.Writer,
        ["DELETE /v1/objects/{**key}"] = Roles.Administrator,
        ["GET /v1/properties/{kind}"] = Roles.Reader,
        ["HEAD /v1/properties/{kind}"] = Roles.Reader,
        ["POST /v1/properties/find"] = Roles.Reader,
        ["GET /v1/properties/{kind}/{id}"] = Roles.Reader,
        ["HEAD /v1/properties/{kind}/{id}"] = Roles.Reader,
        ["PUT /v1/properties/{kind}/{id}"] = Roles.Writer,
        ["PATCH /v1/properties/{kind}/{id}"] = Roles.Writer,
        ["DELETE /v1/properties/{kind}/{id}"] = Roles.Writer,
        ["GET /v1/catalog"] = Roles.Reader,

        // The API of the existing server.
        ["POST /get_token"] = Roles.Reader,
        ["POST /get_users"] = Roles.Administrator,
        ["POST /put_users"] = Roles.Administrator,
        ["POST /get_images/{what}"] = Roles.Reader,
        ["POST /get_image_series/{what}"] = Roles.Reader,
        ["POST /delete_images"] = Roles.Administrator,
        ["POST /_put_new_images"] = Roles.Writer,
        ["POST /put_uid_annotations"] = Roles.Writer,
        ["POST /get_uid_annotations/{what}"] = Roles.Reader,
        ["POST /get_uid_annotations_series/{what}"] = Roles.Reader,
        ["POST /_put_tiled_tuboids"] = Roles.Writer,
        ["POST /get_tiled_tuboid_series/{what}"] = Roles.Reader,
        ["POST /delete_tiled_tuboids"] = Roles.Administrator,
        ["POST /put_itc_labels"] = Roles.Writer,
        ["POST /_get_itc_labels"] = Roles.Reader,
        ["POST /_get_ml_bundle_file_list/{what}"] = Roles.Reader,
        ["POST /_get_ml_bundle_upload_links"] = Roles.Writer,
    };

    /// <summary>Whether a route is in the table.</summary>
    public static bool Has(string method, string pattern) => method == "OPTIONS" || Routes.ContainsKey(Key(method, pattern));

    /// <summary>The least role for a route. HEAD is for whom GET is for, and what methods there are is no secret.</summary>
    public static string? LeastRole(string method, string pattern) => method == "OPTIONS" ? Anybody : Routes[Key(method, pattern)];

    private static string Key(string method, string pattern) => $"{(method == "HEAD" ? "GET" : method)} {pattern}";
}
