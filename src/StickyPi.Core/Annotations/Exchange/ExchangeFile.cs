using System.Security.Cryptography;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Annotations.Exchange;

/// <summary>A file of annotations that was read once.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Bytes">The whole file.</param>
/// <param name="WrittenAt">When it was last written, UTC.</param>
/// <param name="Md5">The MD5 of the file: 32 hexadecimal digits.</param>
internal sealed record ExchangeFile(string Path, ReadOnlyMemory<byte> Bytes, DateTime WrittenAt, string Md5)
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="maximumSize">The most bytes that are read.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The file.</returns>
    /// <exception cref="StickyException"><c>FileNotFound</c>, <c>FileUnreadable</c>.</exception>
    /// <exception cref="InvalidDataException">It is too large; the message is the end of a sentence.</exception>
    public static async Task<ExchangeFile> ReadAsync(string path, int maximumSize, CancellationToken cancellationToken)
    {
        try
        {
            using Stream stream = SourceFile.Open(path);
            if (stream.Length > maximumSize)
            {
                throw new InvalidDataException(
                    FormattableString.Invariant($"it has {stream.Length / 1_048_576} MiB, more than the {maximumSize / 1_048_576} MiB that are read"));
            }

            byte[] bytes = new byte[stream.Length];
            int count = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return new ExchangeFile(
                path, bytes.AsMemory(0, count), File.GetLastWriteTimeUtc(path), Convert.ToHexStringLower(MD5.HashData(bytes.AsSpan(0, count))));
        }
        catch (IOException e)
        {
            throw SourceFile.Unreadable($"'{path}'", path, e);
        }
    }
}
