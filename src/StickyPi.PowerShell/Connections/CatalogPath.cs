using System.Security.Cryptography;
using System.Text;
using StickyPi.Core;

namespace StickyPi.PowerShell.Connections;

/// <summary>Where the catalog of a bucket lies on this machine unless the user says otherwise.</summary>
internal static class CatalogPath
{
    private const int MaxNameLength = 60;

    /// <summary>
    /// The path for a bucket: the same whenever and wherever it is connected, another for another server, bucket or base path, and one in which a
    /// person sees which it is.
    /// </summary>
    /// <param name="endpoint">The server, or null for Amazon's.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="basePath">The path in it, as a key.</param>
    /// <returns>An absolute path.</returns>
    /// <exception cref="StickyException"><c>NoCatalogFolder</c>: the user has no folder for such files.</exception>
    public static string GetDefault(Uri? endpoint, string bucket, string basePath) =>
        UserFolders.Data is string folder
            ? Path.Combine(folder, GetName(endpoint, bucket, basePath), "catalog.db")
            : throw new StickyException(
                "NoCatalogFolder",
                StickyErrorKind.StoreUnavailable,
                "The system names no folder for the data of this user, where the catalog of the bucket would lie.",
                bucket,
                "Name its file with -CatalogPath.");

    /// <summary>The name of the folder.</summary>
    /// <param name="endpoint">The server, or null for Amazon's.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="basePath">The path in it, as a key.</param>
    /// <returns>A name that every file system takes.</returns>
    internal static string GetName(Uri? endpoint, string bucket, string basePath)
    {
        string server = endpoint is { IsAbsoluteUri: true } ? endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/') : endpoint?.ToString() ?? "";
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{server}\n{bucket}\n{basePath}"));
        string text = $"{(endpoint is { IsAbsoluteUri: true } ? endpoint.Host : "amazon")}-{bucket}{(basePath.Length == 0 ? "" : $"-{basePath}")}";
        string name = string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' ? c : '-'));
        return $"{name[..Math.Min(name.Length, MaxNameLength)]}-{Convert.ToHexStringLower(hash)[..12]}";
    }
}
