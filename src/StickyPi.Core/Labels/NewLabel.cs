using System.Globalization;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Labels;

/// <summary>A label that is to be added. An empty taxon means none.</summary>
public sealed record NewLabel
{
    private const int AlgoNameLength = 32;
    private const int AlgoVersionLength = 46;
    private const int PatternLength = 128;
    private const int TaxonLength = 32;

    /// <summary>The tuboid.</summary>
    public required string TuboidId { get; init; }

    /// <summary>Who or what says it, at most 32 characters.</summary>
    public required string AlgoName { get; init; }

    /// <summary>In which version, at most 46 characters.</summary>
    public required string AlgoVersion { get; init; }

    /// <summary>The number that stands for it in the algorithm.</summary>
    public required int Label { get; init; }

    /// <summary>The regular expression over taxa that the number stands for, at most 128 characters.</summary>
    public required string Pattern { get; init; }

    /// <summary>The type of object, at most 32 characters.</summary>
    public required string Type { get; init; }

    /// <summary>The order, at most 32 characters, or null.</summary>
    public string? Order { get; init; }

    /// <summary>The family, at most 32 characters, or null.</summary>
    public string? Family { get; init; }

    /// <summary>The genus, at most 32 characters, or null.</summary>
    public string? Genus { get; init; }

    /// <summary>The species, at most 32 characters, or null.</summary>
    public string? Species { get; init; }

    /// <summary>Finds what keeps the label from being stored.</summary>
    /// <returns>The error <c>InvalidLabel</c>, or null.</returns>
    internal StickyException? Check()
    {
        (string Name, string? Value, int Length, bool Required)[] fields =
        [
            (nameof(AlgoName), AlgoName, AlgoNameLength, true),
            (nameof(AlgoVersion), AlgoVersion, AlgoVersionLength, true),
            (nameof(Pattern), Pattern, PatternLength, true),
            (nameof(Type), Type, TaxonLength, true),
            (nameof(Order), Order, TaxonLength, false),
            (nameof(Family), Family, TaxonLength, false),
            (nameof(Genus), Genus, TaxonLength, false),
            (nameof(Species), Species, TaxonLength, false),
        ];
        foreach ((string name, string? value, int length, bool required) in fields)
        {
            if (required && VisibleName.ShowsNothing(value))
            {
                return Invalid($"its {name} is empty");
            }

            if (value is not null && VisibleName.WhyNotInRow(value) is string unseen)
            {
                return Invalid($"its {name} {unseen}");
            }

            if (value?.Length > length)
            {
                return Invalid(string.Create(CultureInfo.InvariantCulture, $"its {name} has {value.Length} characters, more than the {length} that there is room for"));
            }
        }

        return null;

        StickyException Invalid(string reason) => new(
            "InvalidLabel",
            StickyErrorKind.InvalidData,
            $"The label of tuboid '{TuboidId}' cannot be stored: {reason}.",
            this,
            "Correct the label, and add it again.");
    }

    /// <summary>The tuboid, and who says it.</summary>
    /// <returns>What no two labels of a store have in common.</returns>
    public override string ToString() => OneLine.Of($"{TuboidId} {AlgoName} {AlgoVersion}");
}
