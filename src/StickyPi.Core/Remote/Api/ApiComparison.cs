namespace StickyPi.Core.Remote.Api;

/// <summary>A file to compare with an object of a store.</summary>
/// <param name="Key">The object.</param>
/// <param name="Size">The size of the file, in bytes.</param>
/// <param name="ETag">The ETag of the file, see <see cref="Storage.ETag"/>, made like that of the object where that is known.</param>
public sealed record ApiComparison(string Key, long Size, string ETag);

/// <summary>What comparing has found.</summary>
/// <param name="Equal">Whether the object holds the same bytes as the file.</param>
/// <param name="ETag">The ETag of the object, made like that of the file where it could be; null where the sizes differ and nobody has read it.</param>
public sealed record ApiComparisonResult(bool Equal, string? ETag);
