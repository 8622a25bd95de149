namespace StickyPi.Core.Catalog;

/// <summary>A snapshot of a catalog.</summary>
/// <param name="Path">The SQLite file.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="ImageCount">How many pictures it tells of.</param>
/// <param name="CreatedAt">When it was taken, UTC.</param>
/// <param name="Source">The store that it was taken of: a folder, a bucket, a server.</param>
public sealed record StickyCatalogFile(string Path, long Size, long ImageCount, DateTime CreatedAt, string Source)
{
    /// <summary>The path of the file.</summary>
    /// <returns>The path, as it can be shown.</returns>
    public override string ToString() => OneLine.Of(Path);
}
