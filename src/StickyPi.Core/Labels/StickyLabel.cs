namespace StickyPi.Core.Labels;

/// <summary>What a person or an algorithm said that a tuboid is: every column of its row.</summary>
public sealed record StickyLabel
{
    /// <summary>Number of the row in its store.</summary>
    public required long Id { get; init; }

    /// <summary>The tuboid.</summary>
    public required string TuboidId { get; init; }

    /// <summary>Number of the row of the tuboid.</summary>
    public required long TuboidRowId { get; init; }

    /// <summary>Who or what said it.</summary>
    public required string AlgoName { get; init; }

    /// <summary>In which version.</summary>
    public required string AlgoVersion { get; init; }

    /// <summary>The number that stands for it in the algorithm.</summary>
    public required int Label { get; init; }

    /// <summary>The regular expression over taxa that the number stands for. It is text here: nothing is matched with it.</summary>
    public required string Pattern { get; init; }

    /// <summary>The type of object, which is what can be told before any taxon.</summary>
    public required string Type { get; init; }

    /// <summary>The order, or null.</summary>
    public string? Order { get; init; }

    /// <summary>The family, or null.</summary>
    public string? Family { get; init; }

    /// <summary>The genus, or null.</summary>
    public string? Genus { get; init; }

    /// <summary>The species, or null.</summary>
    public string? Species { get; init; }

    /// <summary>When the row was written, UTC.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>Version of the program that wrote the row.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>The user who wrote the row; null in a local store.</summary>
    public string? ApiUser { get; init; }

    /// <summary>The narrowest taxon that the label says, or else its type.</summary>
    /// <returns>For example <c>Musca domestica</c>, <c>Muscidae</c> or <c>Insecta</c>.</returns>
    public override string ToString() => OneLine.Of(this switch
    {
        { Genus: string genus, Species: string species } => $"{genus} {species}",
        _ => Species ?? Genus ?? Family ?? Order ?? Type,
    });
}
