using System.Text.Json.Serialization;

namespace StickyPi.Core.Remote.Api;

/// <summary>
/// An error as <c>/v1</c> tells it: a problem of RFC 9457 (<c>application/problem+json</c>) with the members of a
/// <see cref="StickyException"/>; as a part of a longer answer, without its status and request.
/// </summary>
public sealed record ApiError
{
    /// <summary>The stable name of the error, such as <c>ImageConflict</c>; the <c>title</c> of the problem.</summary>
    [JsonPropertyName("title")]
    public required string ErrorId { get; init => field = OneLine.Of(value); }

    /// <summary>What is wrong and where, as a sentence; the <c>detail</c> of the problem.</summary>
    [JsonPropertyName("detail")]
    public required string Message { get; init => field = OneLine.Of(value); }

    /// <summary>The HTTP status; 0 where the error is a part of a longer answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Status { get; init; }

    /// <summary>The sort of error.</summary>
    public StickyErrorKind Kind { get; init; }

    /// <summary>The item that failed, as a text.</summary>
    public string? Target { get; init; }

    /// <summary>The part of the request that is wrong, such as <c>[2].datetime</c>, where one is.</summary>
    public string? Field { get; init => field = OneLine.Of(value); }

    /// <summary>What the user can do about it.</summary>
    public string? RecommendedAction { get; init => field = OneLine.Of(value); }

    /// <summary>What the server's log calls the request.</summary>
    public string? RequestId { get; init => field = OneLine.Of(value); }

    /// <summary>Tells an error.</summary>
    /// <param name="error">The error.</param>
    /// <returns>What goes over the wire.</returns>
    public static ApiError From(StickyException error) => new()
    {
        ErrorId = error.ErrorId,
        Message = error.Message,
        Kind = error.Kind,
        Target = error.Target?.ToString(),
        Field = error.Field,
        RecommendedAction = error.RecommendedAction,
    };

    /// <summary>Makes the error again that a server told of.</summary>
    /// <param name="target">The item that failed, as the caller knows it; by default the text that came.</param>
    /// <returns>The error, with what the server said of the request.</returns>
    public StickyException ToException(object? target = null) => new(ErrorId, Kind, Message, target ?? Target, RecommendedAction)
    {
        Field = Field,
        Service = Status == 0 ? null : new ServiceError("StickyPi", ErrorId, Status, RequestId),
    };
}
