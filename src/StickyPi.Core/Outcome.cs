using System.Diagnostics.CodeAnalysis;

namespace StickyPi.Core;

/// <summary>
/// What became of one item of a batch: its result, or the error that kept it from having one. Errors travel as values because
/// a bad item must not end the batch.
/// </summary>
/// <typeparam name="T">The type of the result.</typeparam>
public readonly record struct Outcome<T>
    where T : class
{
    /// <summary>Makes the outcome of an item that succeeded.</summary>
    /// <param name="value">The result.</param>
    public Outcome(T value) => Value = value;

    /// <summary>Makes the outcome of an item that failed.</summary>
    /// <param name="error">Why it failed.</param>
    public Outcome(StickyException error) => Error = error;

    /// <summary>The result, or null where the item failed.</summary>
    public T? Value { get; }

    /// <summary>Why the item failed, or null where it did not.</summary>
    public StickyException? Error { get; }

    /// <summary>Whether the item has a result.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Succeeded => Error is null;
}
