namespace StickyPi.Core.Annotations;

/// <summary>Which annotations of a picture are meant, and how much of them.</summary>
public sealed record AnnotationQuery
{
    /// <summary>Algorithms or patterns, see <see cref="NamePattern"/>; none means all.</summary>
    public IReadOnlyList<string> AlgoNames { get; init; } = [];

    /// <summary>Versions or patterns, see <see cref="NamePattern"/>; none means all.</summary>
    public IReadOnlyList<string> AlgoVersions { get; init; } = [];

    /// <summary>Whether only the newest version of each algorithm that matches counts, for each picture.</summary>
    public bool Latest { get; init; }

    /// <summary>How much of them.</summary>
    public AnnotationContent What { get; init; }

    /// <summary>Whether <see cref="Annotation.Objects"/> stay empty: whoever passes the JSON on need not read it, nor stumble over what it holds.</summary>
    public bool JsonOnly { get; init; }

    /// <summary>Whether an algorithm's annotation is asked for, without regard to <see cref="Latest"/>.</summary>
    /// <param name="algoName">The algorithm.</param>
    /// <param name="algoVersion">Its version.</param>
    /// <returns>Whether it is.</returns>
    public bool Matches(string algoName, string algoVersion) =>
        NamePattern.Matches(algoName, AlgoNames) && NamePattern.Matches(algoVersion, AlgoVersions);
}
