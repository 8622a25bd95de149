using Microsoft.OpenApi;

namespace StickyPi.Server.V1;

/// <summary>A parameter of a request: what it is called, how it is read, and what OpenAPI says of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it means.</param>
internal sealed record Parameter(string Name, string Description)
{
    /// <summary>Where it goes.</summary>
    public ParameterLocation In { get; init; } = ParameterLocation.Query;

    /// <summary>Its JSON type.</summary>
    public JsonSchemaType Type { get; init; } = JsonSchemaType.String;

    /// <summary>The format of a text.</summary>
    public string? Format { get; init; }

    /// <summary>Whether it may come several times.</summary>
    public bool IsList { get; init; }

    /// <summary>Whether it must come.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The only texts that it may be; none means any.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>The least that a number may be.</summary>
    public long Minimum { get; init; }

    /// <summary>The most that a number may be.</summary>
    public long Maximum { get; init; } = long.MaxValue;
}

/// <summary>What an endpoint takes beside the parts of its path; anything else in a query is refused.</summary>
/// <param name="Parameters">The parameters.</param>
internal sealed record TakenParameters(IReadOnlyList<Parameter> Parameters);
