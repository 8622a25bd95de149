namespace StickyPi.Core.Remote.Api;

/// <summary>What became of one item of a batch, as a line of an answer: a value or an error; neither where there is no such thing.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="Value">The value.</param>
/// <param name="Error">Why there is none.</param>
/// <param name="Index">Which item of the request it is of, from 0, where the answer leaves some out.</param>
/// <param name="Warning">What is stored otherwise than it was sent, as a line of its own: an outline that was clipped to its picture.</param>
public sealed record ApiOutcome<T>(T? Value, ApiError? Error = null, int? Index = null, string? Warning = null) : IApiOutcome
    where T : class
{
    object? IApiOutcome.Item => Value;
}

/// <summary>What became of an item of any type.</summary>
internal interface IApiOutcome
{
    /// <summary>The value.</summary>
    object? Item { get; }
}
