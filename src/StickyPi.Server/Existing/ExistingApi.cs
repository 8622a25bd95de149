namespace StickyPi.Server.Existing;

/// <summary>The API of the existing server, for the existing Python client: <c>POST /&lt;operation&gt;[/&lt;what&gt;]</c>.</summary>
internal static class ExistingApi
{
    /// <summary>Maps its routes.</summary>
    /// <param name="routes">Where they go.</param>
    public static void MapExistingApi(this IEndpointRouteBuilder routes)
    {
    }
}
