using System.Text.Json.Serialization;
using StickyPi.Core.Remote.Api;

namespace StickyPi.Server.V1;

/// <summary>The last line of an answer that failed after it had begun.</summary>
/// <param name="Error">What went wrong.</param>
internal sealed record LineError(ApiError Error);

[JsonSourceGenerationOptions(
    System.Text.Json.JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LineError))]
internal sealed partial class LineErrorJson : JsonSerializerContext;
