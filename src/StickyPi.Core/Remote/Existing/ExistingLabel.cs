using System.Text.Json.Serialization;
using StickyPi.Core.Labels;

namespace StickyPi.Core.Remote.Existing;

/// <summary>A row of <c>itc_labels</c>. It names its tuboid by the number of its row alone.</summary>
public sealed record ExistingLabel
{
    /// <inheritdoc cref="StickyLabel.AlgoName"/>
    public required string AlgoName { get; init; }

    /// <inheritdoc cref="StickyLabel.AlgoVersion"/>
    public required string AlgoVersion { get; init; }

    /// <inheritdoc cref="StickyLabel.ApiUser"/>
    public string? ApiUser { get; init; }

    /// <inheritdoc cref="StickyLabel.ApiVersion"/>
    public string? ApiVersion { get; init; }

    /// <inheritdoc cref="StickyLabel.CreatedAt"/>
    [JsonPropertyName("datetime_created")]
    public DateTime CreatedAt { get; init; }

    /// <inheritdoc cref="StickyLabel.Family"/>
    public string? Family { get; init; }

    /// <inheritdoc cref="StickyLabel.Genus"/>
    public string? Genus { get; init; }

    /// <summary>Number of the row; the existing server leaves it null in its answer to an addition.</summary>
    public long? Id { get; init; }

    /// <inheritdoc cref="StickyLabel.Label"/>
    public int Label { get; init; }

    /// <inheritdoc cref="StickyLabel.Order"/>
    public string? Order { get; init; }

    /// <inheritdoc cref="StickyLabel.TuboidRowId"/>
    public long ParentTuboidId { get; init; }

    /// <inheritdoc cref="StickyLabel.Pattern"/>
    public required string Pattern { get; init; }

    /// <inheritdoc cref="StickyLabel.Species"/>
    public string? Species { get; init; }

    /// <inheritdoc cref="StickyLabel.Type"/>
    public required string Type { get; init; }

    /// <summary>Tells a label.</summary>
    /// <param name="label">The label.</param>
    /// <returns>What goes over the wire.</returns>
    public static ExistingLabel From(StickyLabel label) => new()
    {
        AlgoName = label.AlgoName,
        AlgoVersion = label.AlgoVersion,
        ApiUser = label.ApiUser,
        ApiVersion = label.ApiVersion,
        CreatedAt = label.CreatedAt,
        Family = label.Family,
        Genus = label.Genus,
        Id = label.Id,
        Label = label.Label,
        Order = label.Order,
        ParentTuboidId = label.TuboidRowId,
        Pattern = label.Pattern,
        Species = label.Species,
        Type = label.Type,
    };

    /// <summary>Makes the label again.</summary>
    /// <param name="tuboidId">The tuboid.</param>
    /// <returns>The label; its id is 0 where the server did not say it.</returns>
    public StickyLabel ToLabel(string tuboidId) => new()
    {
        Id = Id ?? 0,
        TuboidId = tuboidId,
        TuboidRowId = ParentTuboidId,
        AlgoName = AlgoName,
        AlgoVersion = AlgoVersion,
        Label = Label,
        Pattern = Pattern,
        Type = Type,
        Order = Order,
        Family = Family,
        Genus = Genus,
        Species = Species,
        CreatedAt = CreatedAt,
        ApiVersion = ApiVersion,
        ApiUser = ApiUser,
    };
}

/// <summary>A label that is to be added.</summary>
public sealed record ExistingNewLabel
{
    /// <inheritdoc cref="NewLabel.TuboidId"/>
    public required string TuboidId { get; init; }

    /// <inheritdoc cref="NewLabel.AlgoVersion"/>
    public required string AlgoVersion { get; init; }

    /// <inheritdoc cref="NewLabel.AlgoName"/>
    public required string AlgoName { get; init; }

    /// <inheritdoc cref="NewLabel.Label"/>
    public required int Label { get; init; }

    /// <inheritdoc cref="NewLabel.Pattern"/>
    public required string Pattern { get; init; }

    /// <inheritdoc cref="NewLabel.Type"/>
    public required string Type { get; init; }

    /// <inheritdoc cref="NewLabel.Order"/>
    public string? Order { get; init; }

    /// <inheritdoc cref="NewLabel.Family"/>
    public string? Family { get; init; }

    /// <inheritdoc cref="NewLabel.Genus"/>
    public string? Genus { get; init; }

    /// <inheritdoc cref="NewLabel.Species"/>
    public string? Species { get; init; }

    /// <summary>Tells a label.</summary>
    /// <param name="label">The label.</param>
    /// <returns>What goes over the wire.</returns>
    public static ExistingNewLabel From(NewLabel label) => new()
    {
        TuboidId = label.TuboidId,
        AlgoVersion = label.AlgoVersion,
        AlgoName = label.AlgoName,
        Label = label.Label,
        Pattern = label.Pattern,
        Type = label.Type,
        Order = NullIfEmpty(label.Order),
        Family = NullIfEmpty(label.Family),
        Genus = NullIfEmpty(label.Genus),
        Species = NullIfEmpty(label.Species),
    };

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

/// <summary>A tuboid whose labels are asked for.</summary>
/// <param name="TuboidId">Its id.</param>
public sealed record ExistingTuboidReference(string TuboidId);
