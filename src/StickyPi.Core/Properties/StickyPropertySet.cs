using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace StickyPi.Core.Properties;

/// <summary>The extra properties of one thing of a store: a JSON object that people and firmware write as they like.</summary>
public sealed record StickyPropertySet
{
    /// <summary>What the properties hang on.</summary>
    public required StickyPropertyKind Kind { get; init; }

    /// <summary>Which of its kind, as <see cref="StickyPropertyKind"/> says.</summary>
    public required string Id { get; init; }

    /// <summary>The properties; empty where there are none. Each caller gets an object of its own.</summary>
    [JsonConverter(typeof(ExactNamesConverter))]
    public required JsonObject Properties { get; init; }

    /// <summary>When they were changed last, UTC; null where there are none.</summary>
    public DateTime? UpdatedAt { get; init; }

    /// <summary>Who changed them last; null in a local store.</summary>
    public string? ApiUser { get; init; }

    /// <summary>What they hang on.</summary>
    /// <returns>Kind and id.</returns>
    public override string ToString() => new PropertyTarget(Kind, Id).ToString();
}
