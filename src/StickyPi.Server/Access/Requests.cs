using StickyPi.Core.Stores;

namespace StickyPi.Server.Access;

/// <summary>What endpoints ask of a request.</summary>
internal static class Requests
{
    /// <summary>The store as the one who asks uses it: rows bear their name.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The store.</returns>
    public static Store GetStore(this HttpContext context) =>
        context.RequestServices.GetRequiredService<Store>().As(context.User.Identity!.Name!);
}
