using StickyPi.Core.Annotations;

namespace StickyPi.Core.Stores;

/// <summary>How to add annotations.</summary>
public sealed record AddAnnotationOptions
{
    /// <summary>Whether what is right is stored even when something else is not; else all is stored or nothing.</summary>
    public bool ContinueOnError { get; init; }

    /// <summary>Whether the stored annotations are returned.</summary>
    public bool ReturnStored { get; init; }

    /// <summary>Whether to only tell what would be refused: nothing at all is written.</summary>
    public bool Simulate { get; init; }

    /// <summary>Told what is stored otherwise than it was given, an outline that was clipped: a sentence each. Null for nobody.</summary>
    public Func<string, CancellationToken, ValueTask>? Warn { get; init; }

    /// <summary>Asked before an annotation is added; it is left out where the answer is false. Null for yes.</summary>
    public Func<AnnotationElement, CancellationToken, ValueTask<bool>>? Confirm { get; init; }
}
