using System.Text.Json;
using System.Text.Json.Serialization;

namespace StickyPi.Core.Remote.Existing;

/// <summary>
/// The JSON of the existing API, in both directions: rows with the names of their columns in the database, nulls written, times as
/// <see cref="ExistingTimeConverter"/> says.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters = [typeof(ExistingTimeConverter), typeof(FiniteNumberConverter)])]
[JsonSerializable(typeof(ExistingToken))]
[JsonSerializable(typeof(ExistingImage))]
[JsonSerializable(typeof(ExistingAnnotation))]
[JsonSerializable(typeof(ExistingTuboid))]
[JsonSerializable(typeof(IReadOnlyList<ExistingTuboid>))]
[JsonSerializable(typeof(ExistingTuboidSeries))]
[JsonSerializable(typeof(ExistingLabel))]
[JsonSerializable(typeof(ExistingUser))]
[JsonSerializable(typeof(ExistingBundleFile))]
[JsonSerializable(typeof(ExistingUploadLink))]
[JsonSerializable(typeof(ExistingUploadForm))]
[JsonSerializable(typeof(IReadOnlyList<ExistingImageReference>))]
[JsonSerializable(typeof(IReadOnlyList<ExistingSeriesReference>))]
[JsonSerializable(typeof(ExistingSeriesReference))]
[JsonSerializable(typeof(IReadOnlyList<ExistingNewLabel>))]
[JsonSerializable(typeof(IReadOnlyList<ExistingTuboidReference>))]
[JsonSerializable(typeof(IReadOnlyList<ExistingNewUser>))]
[JsonSerializable(typeof(IReadOnlyList<ExistingUploadCandidate>))]
[JsonSerializable(typeof(string))]
public sealed partial class ExistingJson : JsonSerializerContext;
