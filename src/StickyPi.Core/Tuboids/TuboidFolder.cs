using System.Security.Cryptography;
using StickyPi.Core.Images;

namespace StickyPi.Core.Tuboids;

/// <summary>The folder of a tuboid that was read once: its id and its three files.</summary>
public sealed class TuboidFolder
{
    private readonly Dictionary<TuboidFile, byte[]> _files;

    private TuboidFolder(string path, TuboidId id, TuboidMetadata metadata, Dictionary<TuboidFile, byte[]> files)
    {
        Path = path;
        Id = id;
        Metadata = metadata;
        _files = files;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The id of the tuboid, which is the name of the folder.</summary>
    public TuboidId Id { get; }

    /// <summary>The shots.</summary>
    public TuboidMetadata Metadata { get; }

    /// <summary>The bytes of one of the files.</summary>
    /// <param name="file">Which.</param>
    /// <returns>The whole file.</returns>
    public ReadOnlyMemory<byte> Content(TuboidFile file) => _files[file];

    /// <summary>Reads the id of a tuboid from the path of its folder.</summary>
    /// <param name="path">An absolute path.</param>
    /// <returns>The id.</returns>
    /// <exception cref="StickyException"><c>InvalidTuboidId</c>.</exception>
    public static TuboidId ParseName(string path) =>
        TuboidId.Parse(System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(path)), path);

    /// <summary>Reads the folder of a tuboid.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="StickyException">
    /// <c>InvalidTuboidId</c>, <c>FileNotFound</c> (no such folder), <c>TuboidFileMissing</c>, <c>FileUnreadable</c>, <c>InvalidImage</c>
    /// (no whole JPEG), or <c>InvalidTuboidMetadata</c>.
    /// </exception>
    public static async Task<TuboidFolder> ReadAsync(string path, CancellationToken cancellationToken)
    {
        TuboidId id = ParseName(path);
        if (!Directory.Exists(path))
        {
            throw ImageFile.FileNotFound(path);
        }

        if (TuboidFiles.All.Select(file => file.FileName()).FirstOrDefault(name => !File.Exists(System.IO.Path.Combine(path, name))) is string missing)
        {
            throw new StickyException(
                "TuboidFileMissing",
                StickyErrorKind.NotFound,
                $"The folder '{path}' has no {missing}.",
                path,
                "The folder of a tuboid holds tuboid.jpg, metadata.txt and context.jpg. Copy it again from where it was made.");
        }

        Dictionary<TuboidFile, byte[]> files = new(3);
        foreach (TuboidFile file in TuboidFiles.All)
        {
            string filePath = System.IO.Path.Combine(path, file.FileName());
            files[file] = file == TuboidFile.Metadata
                ? await ImageFile.ReadBytesAsync(
                    filePath, TuboidMetadata.MaximumSize, reason => TuboidMetadata.Invalid(filePath, reason), cancellationToken).ConfigureAwait(false)
                : await ReadJpegAsync(filePath, cancellationToken).ConfigureAwait(false);
        }

        TuboidMetadata metadata = TuboidMetadata.Parse(
            files[TuboidFile.Metadata], id.Device, System.IO.Path.Combine(path, TuboidFile.Metadata.FileName()));
        return new TuboidFolder(path, id, metadata, files);
    }

    /// <summary>The MD5 of each file, in lower case, to compare it with one of the same name.</summary>
    /// <returns>32 hexadecimal digits a file.</returns>
    internal IReadOnlyDictionary<TuboidFile, string> Hash() =>
        _files.ToDictionary(file => file.Key, file => Convert.ToHexStringLower(MD5.HashData(file.Value)));

    private static async ValueTask<byte[]> ReadJpegAsync(string path, CancellationToken cancellationToken)
    {
        byte[] bytes = await ImageFile.ReadBytesAsync(
            path, ImageFile.MaximumSize, reason => Invalid(path, reason), cancellationToken).ConfigureAwait(false);
        try
        {
            _ = JpegHeader.Read(bytes);
            return bytes;
        }
        catch (InvalidDataException e)
        {
            throw Invalid(path, OneLine.Quote(e), e);
        }
    }

    private static StickyException Invalid(string path, string reason, Exception? cause = null) => new(
        "InvalidImage",
        StickyErrorKind.InvalidData,
        $"'{path}' is not a whole picture: {reason}.",
        path,
        "Copy the folder of the tuboid again from where it was made, or make it again.",
        cause);
}
