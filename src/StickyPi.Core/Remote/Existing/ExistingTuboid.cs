using System.Text.Json.Serialization;
using StickyPi.Core.Tuboids;

namespace StickyPi.Core.Remote.Existing;

/// <summary>A row of <c>tiled_tuboids</c>, with most of the columns of its series.</summary>
public sealed record ExistingTuboid
{
    /// <inheritdoc cref="StickyTuboid.SeriesAlgoName"/>
    public required string AlgoNameSeries { get; init; }

    /// <inheritdoc cref="StickyTuboid.SeriesAlgoVersion"/>
    public required string AlgoVersionSeries { get; init; }

    /// <inheritdoc cref="StickyTuboid.ApiUser"/>
    public string? ApiUser { get; init; }

    /// <inheritdoc cref="StickyTuboid.ApiVersion"/>
    public string? ApiVersion { get; init; }

    /// <summary>Where <c>context.jpg</c> can be fetched; absent from metadata.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Context { get; init; }

    /// <inheritdoc cref="StickyTuboid.CreatedAt"/>
    [JsonPropertyName("datetime_created")]
    public DateTime CreatedAt { get; init; }

    /// <inheritdoc cref="StickyTuboid.Device"/>
    public required string DeviceSeries { get; init; }

    /// <inheritdoc cref="StickyTuboid.EndTime"/>
    [JsonPropertyName("end_datetime")]
    public DateTime EndTime { get; init; }

    /// <inheritdoc cref="StickyTuboid.SeriesEndTime"/>
    [JsonPropertyName("end_datetime_series")]
    public DateTime SeriesEndTime { get; init; }

    /// <inheritdoc cref="StickyTuboid.Id"/>
    public long Id { get; init; }

    /// <inheritdoc cref="StickyTuboid.IdInSeries"/>
    public int IdInSeries { get; init; }

    /// <summary>Where <c>metadata.txt</c> can be fetched; absent from metadata.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Metadata { get; init; }

    /// <inheritdoc cref="StickyTuboid.ShotCount"/>
    public int NShots { get; init; }

    /// <inheritdoc cref="StickyTuboid.SeriesTuboidCount"/>
    public int NTuboidsSeries { get; init; }

    /// <inheritdoc cref="StickyTuboid.SeriesRowId"/>
    public long ParentSeriesId { get; init; }

    /// <inheritdoc cref="StickyTuboid.StartTime"/>
    [JsonPropertyName("start_datetime")]
    public DateTime StartTime { get; init; }

    /// <inheritdoc cref="StickyTuboid.SeriesStartTime"/>
    [JsonPropertyName("start_datetime_series")]
    public DateTime SeriesStartTime { get; init; }

    /// <summary>Where <c>tuboid.jpg</c> can be fetched; absent from metadata.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Tuboid { get; init; }

    /// <inheritdoc cref="StickyTuboid.TuboidId"/>
    public required string TuboidId { get; init; }

    /// <summary>Tells a tuboid.</summary>
    /// <param name="tuboid">The tuboid.</param>
    /// <returns>What goes over the wire.</returns>
    public static ExistingTuboid From(StickyTuboid tuboid) => new()
    {
        AlgoNameSeries = tuboid.SeriesAlgoName,
        AlgoVersionSeries = tuboid.SeriesAlgoVersion,
        ApiUser = tuboid.ApiUser,
        ApiVersion = tuboid.ApiVersion,
        Context = tuboid.What == TuboidContent.Data ? tuboid.ContextUrl : null,
        CreatedAt = tuboid.CreatedAt,
        DeviceSeries = tuboid.Device,
        EndTime = tuboid.EndTime,
        SeriesEndTime = tuboid.SeriesEndTime,
        Id = tuboid.Id,
        IdInSeries = tuboid.IdInSeries,
        Metadata = tuboid.What == TuboidContent.Data ? tuboid.MetadataUrl : null,
        NShots = tuboid.ShotCount,
        NTuboidsSeries = tuboid.SeriesTuboidCount,
        ParentSeriesId = tuboid.SeriesRowId,
        StartTime = tuboid.StartTime,
        SeriesStartTime = tuboid.SeriesStartTime,
        Tuboid = tuboid.What == TuboidContent.Data ? tuboid.TuboidUrl : null,
        TuboidId = tuboid.TuboidId,
    };

    /// <summary>Makes the tuboid again.</summary>
    /// <returns>The tuboid; the existing server does not say how many pictures its series was made from, which is 0 here.</returns>
    public StickyTuboid ToTuboid() => new()
    {
        Id = Id,
        TuboidId = TuboidId,
        Device = DeviceSeries,
        IdInSeries = IdInSeries,
        StartTime = StartTime,
        EndTime = EndTime,
        ShotCount = NShots,
        CreatedAt = CreatedAt,
        ApiVersion = ApiVersion,
        ApiUser = ApiUser,
        SeriesRowId = ParentSeriesId,
        SeriesStartTime = SeriesStartTime,
        SeriesEndTime = SeriesEndTime,
        SeriesImageCount = 0,
        SeriesTuboidCount = NTuboidsSeries,
        SeriesAlgoName = AlgoNameSeries,
        SeriesAlgoVersion = AlgoVersionSeries,
        What = Tuboid is null ? TuboidContent.Metadata : TuboidContent.Data,
        TuboidUrl = Tuboid ?? "",
        MetadataUrl = Metadata ?? "",
        ContextUrl = Context ?? "",
    };
}

/// <summary>A row of <c>tuboid_series</c>, as the answer to a deletion has it.</summary>
public sealed record ExistingTuboidSeries
{
    /// <inheritdoc cref="StickyTuboidSeries.AlgoName"/>
    public required string AlgoName { get; init; }

    /// <inheritdoc cref="StickyTuboidSeries.AlgoVersion"/>
    public required string AlgoVersion { get; init; }

    /// <inheritdoc cref="StickyTuboidSeries.ApiUser"/>
    public string? ApiUser { get; init; }

    /// <inheritdoc cref="StickyTuboidSeries.ApiVersion"/>
    public string? ApiVersion { get; init; }

    /// <inheritdoc cref="StickyTuboidSeries.CreatedAt"/>
    [JsonPropertyName("datetime_created")]
    public DateTime CreatedAt { get; init; }

    /// <inheritdoc cref="StickyTuboidSeries.Device"/>
    public required string Device { get; init; }

    /// <inheritdoc cref="StickyTuboidSeries.EndTime"/>
    [JsonPropertyName("end_datetime")]
    public DateTime EndTime { get; init; }

    /// <inheritdoc cref="StickyTuboidSeries.Id"/>
    public long Id { get; init; }

    /// <inheritdoc cref="StickyTuboidSeries.ImageCount"/>
    public int NImages { get; init; }

    /// <inheritdoc cref="StickyTuboidSeries.TuboidCount"/>
    public int NTuboids { get; init; }

    /// <inheritdoc cref="StickyTuboidSeries.StartTime"/>
    [JsonPropertyName("start_datetime")]
    public DateTime StartTime { get; init; }

    /// <summary>Tells a series.</summary>
    /// <param name="series">The series.</param>
    /// <returns>What goes over the wire.</returns>
    public static ExistingTuboidSeries From(StickyTuboidSeries series) => new()
    {
        AlgoName = series.AlgoName,
        AlgoVersion = series.AlgoVersion,
        ApiUser = series.ApiUser,
        ApiVersion = series.ApiVersion,
        CreatedAt = series.CreatedAt,
        Device = series.Device,
        EndTime = series.EndTime,
        Id = series.Id,
        NImages = series.ImageCount,
        NTuboids = series.TuboidCount,
        StartTime = series.StartTime,
    };

    /// <summary>Makes the series again.</summary>
    /// <returns>The series, without any tuboid left.</returns>
    public StickyTuboidSeries ToSeries() => new()
    {
        Id = Id,
        Device = Device,
        StartTime = StartTime,
        EndTime = EndTime,
        ImageCount = NImages,
        TuboidCount = NTuboids,
        StoredTuboidCount = 0,
        AlgoName = AlgoName,
        AlgoVersion = AlgoVersion,
        CreatedAt = CreatedAt,
        ApiVersion = ApiVersion,
        ApiUser = ApiUser,
    };
}

/// <summary>A series of pictures or of tuboids, as it is asked for, deleted, or sent along with a tuboid.</summary>
/// <param name="Device">A device, or a pattern of LIKE.</param>
/// <param name="StartTime">The first moment, UTC.</param>
/// <param name="EndTime">The end, UTC: of pictures, the first moment after the series; of tuboids, the last one of it.</param>
public sealed record ExistingSeriesReference(
    string Device,
    [property: JsonPropertyName("start_datetime")] DateTime StartTime,
    [property: JsonPropertyName("end_datetime")] DateTime EndTime)
{
    /// <summary>How many tuboids a series of these has; null for pictures.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? NTuboids { get; init; }

    /// <summary>How many pictures a series of tuboids was made from; null for pictures.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? NImages { get; init; }

    /// <summary>The algorithm that made a series of tuboids; null for pictures.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AlgoName { get; init; }

    /// <summary>Its version; null for pictures.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AlgoVersion { get; init; }
}
