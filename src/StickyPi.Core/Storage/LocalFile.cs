namespace StickyPi.Core.Storage;

/// <summary>A file on this machine as it was when it was found.</summary>
/// <param name="Key">Its name relative to the folder that is transferred, with forward slashes.</param>
/// <param name="Path">Its absolute path.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="ModifiedTime">When it was last written, UTC.</param>
/// <param name="ThroughLink">
/// Whether a symbolic link leads to it, itself or one of its folders: it may lie anywhere, and is read but never deleted.
/// </param>
public sealed record LocalFile(string Key, string Path, long Size, DateTime ModifiedTime, bool ThroughLink = false);
