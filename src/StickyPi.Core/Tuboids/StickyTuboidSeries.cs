using System.Globalization;

namespace StickyPi.Core.Tuboids;

/// <summary>The identity of a series of tuboids: what one run of an algorithm found in the pictures of a device within a range of time.</summary>
/// <param name="Device">The device: 8 hexadecimal digits.</param>
/// <param name="StartTime">The first moment of the series, UTC.</param>
/// <param name="EndTime">The last moment of the series, UTC, which belongs to it.</param>
/// <param name="AlgoName">The algorithm, at most 64 characters.</param>
/// <param name="AlgoVersion">Its version, at most 46 characters.</param>
public readonly record struct TuboidSeriesReference(string Device, DateTime StartTime, DateTime EndTime, string AlgoName, string AlgoVersion)
{
    /// <summary>The most characters that the name of the algorithm may have.</summary>
    public const int MaximumAlgoNameLength = 64;

    /// <summary>The most characters that the version of the algorithm may have.</summary>
    public const int MaximumAlgoVersionLength = 46;

    /// <inheritdoc/>
    public override string ToString() => OneLine.Of(string.Create(
        CultureInfo.InvariantCulture, $"{Device} {StickyTime.ToFileText(StartTime)} to {StickyTime.ToFileText(EndTime)}, {AlgoName} {AlgoVersion}"));
}

/// <summary>A series of tuboids of a store: every column of its row, and how many tuboids of it are there.</summary>
public sealed record StickyTuboidSeries
{
    /// <summary>Number of the row in its store.</summary>
    public required long Id { get; init; }

    /// <summary>The device: 8 hexadecimal digits.</summary>
    public required string Device { get; init; }

    /// <summary>The first moment of the series, UTC.</summary>
    public required DateTime StartTime { get; init; }

    /// <summary>The last moment of the series, UTC.</summary>
    public required DateTime EndTime { get; init; }

    /// <summary>How many pictures the series was made from.</summary>
    public required int ImageCount { get; init; }

    /// <summary>How many tuboids the series has when it is complete.</summary>
    public required int TuboidCount { get; init; }

    /// <summary>How many tuboids of the series the store has.</summary>
    public required int StoredTuboidCount { get; init; }

    /// <summary>The algorithm that made the series.</summary>
    public required string AlgoName { get; init; }

    /// <summary>The version of the algorithm.</summary>
    public required string AlgoVersion { get; init; }

    /// <summary>When the row was written, UTC.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>Version of the program that wrote the row.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>The user who wrote the row; null in a local store.</summary>
    public string? ApiUser { get; init; }

    /// <summary>The identity of the series: what no two series of a store have in common.</summary>
    public TuboidSeriesReference Reference => new(Device, StartTime, EndTime, AlgoName, AlgoVersion);

    /// <summary>The identity of the series, which says what a column of a table has room for.</summary>
    /// <returns>Device, range and algorithm.</returns>
    public override string ToString() => Reference.ToString();
}
