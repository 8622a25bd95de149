using StickyPi.Core.Storage;
using StickyPi.Core.Stores;

namespace StickyPi.Core.Annotations.Exchange;

/// <summary>What to take for what a file does not say.</summary>
public sealed record AnnotationImportOptions
{
    /// <summary>The algorithm of annotations that do not say theirs: somebody drew them.</summary>
    public const string ManualAlgoName = "manual";

    /// <summary>Who found the objects, whatever the files say; null for what they say, or else <see cref="ManualAlgoName"/>.</summary>
    public string? AlgoName { get; init; }

    /// <summary>
    /// The version of that, whatever the files say; null for what they say. Where they don't, or where <see cref="AlgoName"/> takes the
    /// place of what they say, it is the time at which the file was last written, and the MD5 of the file.
    /// </summary>
    public string? AlgoVersion { get; init; }

    /// <summary>The name of objects without one.</summary>
    public string DefaultName { get; init; } = AnnotatedObject.DefaultName;

    /// <summary>
    /// Whether the outlines of a COCO file are scaled where the file has another size of a picture than the store, of the same shape; else that is
    /// an error.
    /// </summary>
    public bool Scale { get; init; }

    /// <summary>Told what of a COCO file was taken otherwise than it is written: a sentence each. Null for nobody.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>Where pictures are looked up: their size, and the MD5 that a COCO file does not say; null where there is no store.</summary>
    public IStickyStore? Store { get; init; }

    /// <summary>The name of objects that a file names.</summary>
    /// <param name="written">The name in the file.</param>
    /// <returns>That name; where it shows nothing, <see cref="DefaultName"/> if the caller chose one, and else null: the name is refused.</returns>
    internal string? GetName(string written) => !VisibleName.ShowsNothing(written) ? written
        : DefaultName != AnnotatedObject.DefaultName ? DefaultName
        : null;

    /// <summary>Who found the objects.</summary>
    /// <param name="file">The file.</param>
    /// <param name="written">What it says, or null.</param>
    /// <returns>The algorithm and its version.</returns>
    internal ImportAlgorithm GetAlgorithm(ExchangeFile file, ImportAlgorithm? written) => new(
        AlgoName ?? written?.Name ?? ManualAlgoName,
        AlgoVersion ?? (AlgoName is null ? written?.Version : null) ?? AlgorithmVersion.Create(file.WrittenAt, file.Md5));
}

/// <summary>An algorithm and its version, as a file says them.</summary>
internal readonly record struct ImportAlgorithm(string Name, string Version)
{
    /// <summary>Makes an algorithm, if the texts are such that a store takes them.</summary>
    /// <param name="name">The algorithm, or null.</param>
    /// <param name="version">Its version, or null.</param>
    /// <returns>Both, or null.</returns>
    public static ImportAlgorithm? Create(string? name, string? version) =>
        name is { Length: > 0 and <= Annotation.AlgoNameLength } && version is not null && AlgorithmVersion.IsValid(version)
            ? new(name, version)
            : null;
}
