using StickyPi.Core;
using StickyPi.Core.Remote.Api;
using StickyPi.Server.Errors;

namespace StickyPi.Server.Existing;

/// <summary>A request that is refused, and the part of it that is to blame.</summary>
internal sealed class InputException : Exception
{
    /// <summary>Makes the error for input that breaks a rule of its format.</summary>
    /// <param name="field">The part of the request, such as <c>[2].datetime</c>.</param>
    /// <param name="errorId">A stable name.</param>
    /// <param name="message">What is wrong, as a sentence.</param>
    public InputException(string field, string errorId, string message)
        : this(field, new StickyException(errorId, StickyErrorKind.InvalidData, message, field))
    {
    }

    /// <summary>Tells which part of the request an error of the store is about.</summary>
    /// <param name="field">The part of the request.</param>
    /// <param name="error">The error.</param>
    public InputException(string field, StickyException error)
        : base(error.Message, error) => Answer = ApiError.From(error) with { Field = field, Target = field, Status = ErrorAnswers.StatusOf(error.Kind) };

    /// <summary>What is answered.</summary>
    public ApiError Answer { get; }
}
