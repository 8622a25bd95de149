namespace StickyPi.Core.Storage;

/// <summary>What comparing a file with an object has found.</summary>
/// <param name="Equal">Whether they hold the same bytes.</param>
/// <param name="FileHash">The ETag of the file, made like that of the object if that could be found out; null where it was not read.</param>
/// <param name="ObjectHash">The ETag of the object; null where it was not read.</param>
public readonly record struct ContentComparison(bool Equal, string? FileHash, string? ObjectHash);
