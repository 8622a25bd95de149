using StickyPi.Core.Labels;

namespace StickyPi.Core.Tuboids;

/// <summary>A tuboid of a store, which is one insect followed over pictures: every column of its row and of its series, and where its files are.</summary>
public sealed record StickyTuboid
{
    /// <summary>Number of the row in its store.</summary>
    public required long Id { get; init; }

    /// <summary>The tuboid; see <see cref="Tuboids.TuboidId"/> for its parts.</summary>
    public required string TuboidId { get; init; }

    /// <summary>The device of its series: 8 hexadecimal digits.</summary>
    public required string Device { get; init; }

    /// <summary>The number that the algorithm gave it in its series.</summary>
    public required int IdInSeries { get; init; }

    /// <summary>When its first shot was taken, UTC.</summary>
    public required DateTime StartTime { get; init; }

    /// <summary>When its last shot was taken, UTC.</summary>
    public required DateTime EndTime { get; init; }

    /// <summary>How many shots it has.</summary>
    public required int ShotCount { get; init; }

    /// <summary>When the row was written, UTC.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>Version of the program that wrote the row.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>The user who wrote the row; null in a local store.</summary>
    public string? ApiUser { get; init; }

    /// <summary>Number of the row of its series.</summary>
    public required long SeriesRowId { get; init; }

    /// <summary>The first moment of its series, UTC.</summary>
    public required DateTime SeriesStartTime { get; init; }

    /// <summary>The last moment of its series, UTC.</summary>
    public required DateTime SeriesEndTime { get; init; }

    /// <summary>How many pictures its series was made from.</summary>
    public required int SeriesImageCount { get; init; }

    /// <summary>How many tuboids its series has when it is complete.</summary>
    public required int SeriesTuboidCount { get; init; }

    /// <summary>The algorithm that made its series.</summary>
    public required string SeriesAlgoName { get; init; }

    /// <summary>The version of that algorithm.</summary>
    public required string SeriesAlgoVersion { get; init; }

    /// <summary>Whether the urls lead to its files.</summary>
    public TuboidContent What { get; init; }

    /// <summary>A path, in a local store, or a URL of <c>tuboid.jpg</c>; empty where only metadata was asked for.</summary>
    public string TuboidUrl { get; init; } = "";

    /// <summary>A path, in a local store, or a URL of <c>metadata.txt</c>; empty where only metadata was asked for.</summary>
    public string MetadataUrl { get; init; } = "";

    /// <summary>A path, in a local store, or a URL of <c>context.jpg</c>; empty where only metadata was asked for.</summary>
    public string ContextUrl { get; init; } = "";

    // Not called Label, nor the next ones Type, Order and so on: those are the parameters of Add-StickyLabel, and what one label says
    // must not slip into the next one when tuboids are piped there.

    /// <summary>What was said of it, where labels were asked for; null where nothing was.</summary>
    public StickyLabel? ItcLabel { get; init; }

    /// <summary>The type of object that <see cref="ItcLabel"/> says it is.</summary>
    public string? LabelType => ItcLabel?.Type;

    /// <summary>The order that <see cref="ItcLabel"/> says it is of.</summary>
    public string? LabelOrder => ItcLabel?.Order;

    /// <summary>The family that <see cref="ItcLabel"/> says it is of.</summary>
    public string? LabelFamily => ItcLabel?.Family;

    /// <summary>The genus that <see cref="ItcLabel"/> says it is of.</summary>
    public string? LabelGenus => ItcLabel?.Genus;

    /// <summary>The species that <see cref="ItcLabel"/> says it is of.</summary>
    public string? LabelSpecies => ItcLabel?.Species;

    /// <summary>The identity of its series.</summary>
    public TuboidSeriesReference Series => new(Device, SeriesStartTime, SeriesEndTime, SeriesAlgoName, SeriesAlgoVersion);

    /// <summary>The tuboid's id.</summary>
    /// <returns>The same as <see cref="TuboidId"/>.</returns>
    public override string ToString() => OneLine.Of(TuboidId);

    internal StickyTuboid WithUrls(Func<TuboidFile, string> url) => this with
    {
        What = TuboidContent.Data,
        TuboidUrl = url(TuboidFile.Tuboid),
        MetadataUrl = url(TuboidFile.Metadata),
        ContextUrl = url(TuboidFile.Context),
    };
}
