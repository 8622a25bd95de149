using System.Security.Cryptography;

namespace StickyPi.Core.Storage;

/// <summary>Opens the files that a user names.</summary>
internal static class SourceFile
{
    /// <summary>Opens a file for reading.</summary>
    /// <param name="path">An absolute path.</param>
    /// <returns>The file; an empty one for what has no length.</returns>
    /// <exception cref="StickyException"><c>FileNotFound</c>, <c>FileUnreadable</c>.</exception>
    public static Stream Open(string path)
    {
        try
        {
            // Pipes and devices have no length; opening one could wait for ever.
            return new FileInfo(path) is { Exists: true, Length: 0 }
                ? Stream.Null
                : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StickyException("FileNotFound", StickyErrorKind.NotFound, $"'{path}' does not exist.", path, "Check the path.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable($"'{path}'", path, e);
        }
    }

    /// <summary>Hashes a file that stands where another one is to be written, to see whether they are the same.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>Its MD5, in lower case.</returns>
    /// <exception cref="StickyException"><c>FileUnreadable</c>.</exception>
    public static async ValueTask<string> HashExistingAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            return Convert.ToHexStringLower(await MD5.HashDataAsync(stream, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable($"'{path}' exists already and", path, e, "Choose another destination.");
        }
    }

    /// <summary>The error for a file that is there and cannot be read.</summary>
    /// <param name="source">What to call it in messages.</param>
    /// <param name="target">The file, or what is known of it.</param>
    /// <param name="cause">The error of the file system.</param>
    /// <param name="recommendedAction">What to do, where it is not the source that was named.</param>
    /// <returns>The error <c>FileUnreadable</c>.</returns>
    public static StickyException Unreadable(string source, object target, Exception cause, string? recommendedAction = null) => new(
        "FileUnreadable",
        StickyErrorKind.ReadFailed,
        $"{source} cannot be read: {OneLine.Quote(cause)}.",
        target,
        recommendedAction ?? "Name a file that you may read, and check that its drive is still connected.",
        cause);
}
