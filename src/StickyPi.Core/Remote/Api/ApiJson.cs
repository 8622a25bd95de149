using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using StickyPi.Core.Annotations;
using StickyPi.Core.Bundles;
using StickyPi.Core.Images;
using StickyPi.Core.Labels;
using StickyPi.Core.Properties;
using StickyPi.Core.Storage;
using StickyPi.Core.Tuboids;
using StickyPi.Core.Users;

namespace StickyPi.Core.Remote.Api;

/// <summary>
/// The JSON of <c>/v1</c>: the records of the core with names in camel case, enumerations as their names, nulls left out, times as ISO 8601
/// in UTC with a Z. What is computed from other members is written for people, and not read.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(FiniteNumberConverter)])]
[JsonSerializable(typeof(ApiError))]
[JsonSerializable(typeof(ApiToken))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<ImageReference>))]
[JsonSerializable(typeof(IReadOnlyList<AnnotationReference>))]
[JsonSerializable(typeof(IReadOnlyList<TuboidSeriesReference>))]
[JsonSerializable(typeof(IReadOnlyList<PropertyTarget>))]
[JsonSerializable(typeof(ApiOutcome<StickyImage>))]
[JsonSerializable(typeof(ApiOutcome<ApiAnnotation>))]
[JsonSerializable(typeof(ApiOutcome<StickyTuboid>))]
[JsonSerializable(typeof(ApiOutcome<StickyTuboidSeries>))]
[JsonSerializable(typeof(ApiOutcome<StickyLabel>))]
[JsonSerializable(typeof(ApiOutcome<StickyUser>))]
[JsonSerializable(typeof(ApiOutcome<StickyPropertySet>))]
[JsonSerializable(typeof(ApiPage<StickyImage>))]
[JsonSerializable(typeof(ApiPage<StickyDevice>))]
[JsonSerializable(typeof(ApiPage<ApiAnnotation>))]
[JsonSerializable(typeof(ApiPage<StickyTuboid>))]
[JsonSerializable(typeof(ApiPage<StickyTuboidSeries>))]
[JsonSerializable(typeof(ApiPage<StickyLabel>))]
[JsonSerializable(typeof(ApiPage<StickyUser>))]
[JsonSerializable(typeof(ApiPage<StickyMlBundle>))]
[JsonSerializable(typeof(ApiPage<StickyStorageItem>))]
[JsonSerializable(typeof(ApiPage<StickyPropertySet>))]
[JsonSerializable(typeof(IReadOnlyList<StickyImage>))]
[JsonSerializable(typeof(ApiServer))]
[JsonSerializable(typeof(ApiCount))]
[JsonSerializable(typeof(ApiSentImage))]
[JsonSerializable(typeof(ApiSentTuboid))]
[JsonSerializable(typeof(ApiNewUser))]
[JsonSerializable(typeof(ApiUserChange))]
[JsonSerializable(typeof(ApiVerification))]
[JsonSerializable(typeof(ApiVerified))]
[JsonSerializable(typeof(ApiComparison))]
[JsonSerializable(typeof(ApiOutcome<ApiComparisonResult>))]
[JsonSerializable(typeof(ApiPage<ApiOutcome<ApiAnnotation>>))]
[JsonSerializable(typeof(IReadOnlyList<ApiOutcome<StickyImage>>))]
[JsonSerializable(typeof(IReadOnlyList<ApiOutcome<ApiAnnotation>>))]
[JsonSerializable(typeof(IReadOnlyList<ApiOutcome<StickyTuboidSeries>>))]
[JsonSerializable(typeof(IReadOnlyList<ApiOutcome<StickyLabel>>))]
[JsonSerializable(typeof(IReadOnlyList<ApiOutcome<StickyPropertySet>>))]
[JsonSerializable(typeof(IReadOnlyList<ApiOutcome<ApiComparisonResult>>))]
[JsonSerializable(typeof(IReadOnlyList<ApiComparison>))]
[JsonSerializable(typeof(IReadOnlyList<NewLabel>))]
[JsonSerializable(typeof(IReadOnlyList<StickyLabel>))]
[JsonSerializable(typeof(IReadOnlyList<JsonElement>))]
[JsonSerializable(typeof(ApiUrl))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(NewLabel))]
[JsonSerializable(typeof(NewUser))]
[JsonSerializable(typeof(PropertyChange))]
public sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>What requests are written with: a server takes no member that is computed from others.</summary>
    public static ApiJson Requests => field ??= new ApiJson(new JsonSerializerOptions(Default.Options) { IgnoreReadOnlyProperties = true });
}
