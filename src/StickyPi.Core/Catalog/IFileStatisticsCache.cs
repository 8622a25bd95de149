using StickyPi.Core.Images;

namespace StickyPi.Core.Catalog;

/// <summary>A file as the file system describes it: enough to tell that it has not changed since it was read.</summary>
/// <param name="Path">An absolute path.</param>
/// <param name="Size">Bytes.</param>
/// <param name="LastWriteTime">When it was last written, UTC.</param>
public readonly record struct FileStamp(string Path, long Size, DateTime LastWriteTime);

/// <summary>What reading a picture file yields that is worth remembering.</summary>
/// <param name="Reference">The picture that it holds.</param>
/// <param name="Md5">Its MD5: 32 hexadecimal digits.</param>
public sealed record FileStatistics(ImageReference Reference, string Md5);

/// <summary>
/// Remembers what picture files held, so that an unchanged one is not read again. It is a convenience: it may forget anything at
/// any time, and its failures reach nobody but who clears it.
/// </summary>
public interface IFileStatisticsCache : IAsyncDisposable
{
    /// <summary>Looks up files.</summary>
    /// <param name="files">The files as they are now.</param>
    /// <returns>One element for each file, in the same order; null where it is unknown or has changed.</returns>
    IReadOnlyList<FileStatistics?> Find(IReadOnlyList<FileStamp> files);

    /// <summary>Remembers files.</summary>
    /// <param name="files">The files as they were before they were read, and what they held.</param>
    void Remember(IReadOnlyList<(FileStamp File, FileStatistics Statistics)> files);

    /// <summary>Forgets everything.</summary>
    /// <exception cref="StickyException"><c>CacheNotCleared</c>: another program has it open.</exception>
    void Clear();
}
