using Microsoft.AspNetCore.Mvc;

namespace StickyPi.Server.Configuration;

/// <summary>What a request's body holds, which says how large it may be.</summary>
internal enum BodyKind
{
    /// <summary>A JSON document, read as a whole; what a route is for that says nothing.</summary>
    Json,

    /// <summary>Pictures, or a tuboid.</summary>
    Image,

    /// <summary>Any number of lines, read one by one.</summary>
    Batch,

    /// <summary>A file of a bundle, streamed.</summary>
    Object,
}

/// <summary>Bounds the bodies of requests.</summary>
internal static class BodyLimits
{
    /// <summary>Says what the bodies of a route hold. Larger ones are refused with 413, before they are read where their size is announced.</summary>
    /// <typeparam name="T">The type of what is mapped.</typeparam>
    /// <param name="route">The route.</param>
    /// <param name="options">The options of the server.</param>
    /// <param name="kind">What they hold.</param>
    /// <returns>The route.</returns>
    public static T LimitBody<T>(this T route, ServerOptions options, BodyKind kind)
        where T : IEndpointConventionBuilder => route.WithMetadata(new RequestSizeLimitAttribute(options.GetMaxSize(kind)));
}
