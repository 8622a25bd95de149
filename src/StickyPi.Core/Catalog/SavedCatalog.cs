using System.Buffers.Binary;

namespace StickyPi.Core.Catalog;

/// <summary>Knows a catalog that was saved from a store, which has no rows that exist nowhere else.</summary>
public static class SavedCatalog
{
    /// <summary>
    /// "StPi" in ASCII, in the header of the file: its tables are those of any store, so that programs which know nothing of this can read it.
    /// </summary>
    internal const uint ApplicationId = 0x53_74_50_69;

    // Of the SQLite file format: the four bytes of PRAGMA application_id.
    private const int ApplicationIdOffset = 68;

    /// <summary>Whether a file is such a catalog.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Whether it is; false also where it cannot be read.</returns>
    public static bool Is(string path)
    {
        Span<byte> header = stackalloc byte[ApplicationIdOffset + sizeof(uint)];
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length
                && header.StartsWith("SQLite format 3\0"u8)
                && BinaryPrimitives.ReadUInt32BigEndian(header[ApplicationIdOffset..]) == ApplicationId;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
