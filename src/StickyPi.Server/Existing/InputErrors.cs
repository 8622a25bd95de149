using StickyPi.Core;

namespace StickyPi.Server.Existing;

/// <summary>The errors that tell which part of a request is to blame.</summary>
internal static class InputErrors
{
    /// <summary>The error for input that breaks a rule of its format.</summary>
    /// <param name="field">The part of the request, such as <c>[2].datetime</c>; empty for all of it.</param>
    /// <param name="errorId">A stable name.</param>
    /// <param name="message">What is wrong, as a sentence.</param>
    /// <param name="cause">The cause, or null.</param>
    /// <returns>The error.</returns>
    public static StickyException Invalid(string field, string errorId, string message, Exception? cause = null) =>
        new(errorId, StickyErrorKind.InvalidData, message, field, innerException: cause) { Field = field };

    /// <summary>The same error, with the part of the request that it is about.</summary>
    /// <param name="error">The error.</param>
    /// <param name="field">The part of the request, such as <c>[2].datetime</c>.</param>
    /// <returns>The error.</returns>
    public static StickyException At(this StickyException error, string field) =>
        new(error.ErrorId, error.Kind, error.Message, field, error.RecommendedAction, error) { Field = field, Service = error.Service };
}
