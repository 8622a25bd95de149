using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace StickyPi.Core.Properties;

/// <summary>A change of extra properties.</summary>
/// <remarks>The list is never null: what is read from JSON that lacks it has an empty one.</remarks>
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

    /// <summary>Each name of it takes its value from here, whatever it had, nulls included; other names stay.</summary>
    [JsonConverter(typeof(ExactNamesConverter))]
    public JsonObject? Set { get; init; }

    /// <summary>Names to remove, exactly; one that is not there is no error.</summary>
    public IReadOnlyList<string> Remove { get; init => field = value ?? []; } = [];
}
