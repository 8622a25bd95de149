using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace StickyPi.Core.Properties;

/// <summary>A change of extra properties.</summary>
/// <remarks>Lists are never null: what is read from JSON that lacks them has empty ones.</remarks>
public sealed record PropertyChange
{
    /// <summary>
    /// Merged into the properties as RFC 7396 says: objects merge by name, null removes a name, anything else takes the place of what there was.
    /// </summary>
    [JsonConverter(typeof(ExactNamesConverter))]
    public JsonObject? Merge { get; init; }

    /// <summary>Takes the place of all properties, nulls included; an empty object removes them.</summary>
    [JsonConverter(typeof(ExactNamesConverter))]
    public JsonObject? Replace { get; init; }

    /// <summary>Names to remove, exactly; one that is not there is no error.</summary>
    public IReadOnlyList<string> Remove { get; init => field = value ?? []; } = [];

    /// <summary>Names to set to null, which a merge cannot say.</summary>
    public IReadOnlyList<string> SetNull { get; init => field = value ?? []; } = [];
}
