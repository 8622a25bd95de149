namespace StickyPi.Core.Remote;

/// <summary>Something that a server can be asked for.</summary>
public sealed record StickyApiEndpoint
{
    /// <summary>Its name, such as <c>ListImages</c>: the <c>operationId</c> of OpenAPI.</summary>
    public required string Name { get; init; }

    /// <summary>The HTTP method, in upper case.</summary>
    public required string Method { get; init; }

    /// <summary>The path, with its parameters in braces: <c>/v1/images/{device}/{dateTime}</c>.</summary>
    public required string Path { get; init; }

    /// <summary>What it does.</summary>
    public string? Summary { get; init; }

    /// <summary>Its parameters.</summary>
    public IReadOnlyList<StickyApiParameter> Parameters { get; init; } = [];

    /// <summary>The media types that it takes in a body; none where it takes no body.</summary>
    public IReadOnlyList<string> RequestTypes { get; init; } = [];

    /// <summary>The name.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => OneLine.Of(Name);
}

/// <summary>A parameter of an endpoint.</summary>
/// <param name="Name">Its name.</param>
/// <param name="In">Where it goes: <c>path</c>, <c>query</c> or <c>header</c>.</param>
/// <param name="Type">Its JSON type, with the format where it has one: <c>string (date-time)</c>.</param>
/// <param name="IsRequired">Whether it must be given.</param>
/// <param name="Description">What it means.</param>
public sealed record StickyApiParameter(string Name, string In, string Type, bool IsRequired, string? Description)
{
    /// <summary>The name.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => OneLine.Of(Name);
}
