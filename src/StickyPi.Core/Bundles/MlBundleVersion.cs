using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StickyPi.Core.Storage;

namespace StickyPi.Core.Bundles;

/// <summary>
/// The version of a model: <c>&lt;unix time&gt;-&lt;MD5&gt;</c>, the time at which it was last written in whole seconds, and the MD5 of
/// its bytes. It lies beside the model in <see cref="MlBundleRules.VersionKey"/>, and stays as it is while the MD5 does.
/// </summary>
internal static class MlBundleVersion
{
    private const int MaxLength = 64;

    /// <summary>Reads the version out of its file.</summary>
    /// <param name="file">The file, which is not closed.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The version, or null where the file holds something else.</returns>
    public static async ValueTask<string?> ReadAsync(Stream file, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[MaxLength + 1];
        int length = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        string text = Encoding.ASCII.GetString(buffer, 0, length).Trim();
        return GetMd5(text) is null ? null : text;
    }

    /// <summary>Begins to find out the version of a model on this machine.</summary>
    /// <param name="folder">The bundle.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>
    /// The file of the version, or null where there is no model. Its text ends with the errors <c>FileUnreadable</c> and <c>FileChanged</c>.
    /// </returns>
    public static DerivedFile? Find(string folder, CancellationToken cancellationToken) =>
        LocalFolder.Find(MlBundleRules.ModelKey, LocalFolder.PathOf(folder, MlBundleRules.ModelKey)) is LocalFile model
            ? new DerivedFile(
                MlBundleRules.VersionKey,
                LocalFolder.PathOf(folder, MlBundleRules.VersionKey),
                Format(model, new string('0', 2 * MD5.HashSizeInBytes)).Length,
                Task.Run(() => FindChangeAsync(folder, model, cancellationToken), CancellationToken.None),
                (version, stop) => WriteAsync(folder, version, stop))
            : null;

    private static string Format(LocalFile model, string md5) => string.Create(
        CultureInfo.InvariantCulture, $"{new DateTimeOffset(model.ModifiedTime).ToUnixTimeSeconds()}-{md5}");

    private static async Task<string?> FindChangeAsync(string folder, LocalFile model, CancellationToken cancellationToken)
    {
        using LocalFileReader reader = LocalFileReader.Open(model);
        string md5 = await ETag.ComputeAsync(reader.ReadAsync, model.Size, long.MaxValue, cancellationToken).ConfigureAwait(false);
        reader.ThrowIfChanged();
        if (File.Exists(LocalFolder.PathOf(folder, MlBundleRules.VersionKey)))
        {
            using Stream file = SourceFile.Open(LocalFolder.PathOf(folder, MlBundleRules.VersionKey));
            if (GetMd5(await ReadAsync(file, cancellationToken).ConfigureAwait(false)) == md5)
            {
                return null;
            }
        }

        return Format(model, md5);
    }

    private static async ValueTask WriteAsync(string folder, string version, CancellationToken cancellationToken)
    {
        string path = LocalFolder.PathOf(folder, MlBundleRules.VersionKey);
        try
        {
            using StagedFile file = await StagedFile.WriteAsync(path, path, Encoding.ASCII.GetBytes(version), cancellationToken)
                .ConfigureAwait(false);
            file.Publish();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskErrors.NotWritten(path, Path.GetDirectoryName(path)!, e);
        }
    }

    private static string? GetMd5(string? version)
    {
        string[] fields = version?.Split('-') ?? [];
        return fields.Length == 2
            && long.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && ETag.CountParts(fields[1]) == 0
                ? fields[1]
                : null;
    }
}
