using System.Text.Json.Serialization;

namespace StickyPi.Core.Remote.Existing;

/// <summary>A file of an ML bundle as the list of its files has it.</summary>
public sealed record ExistingBundleFile
{
    /// <summary>The key of the file, relative to the bundle.</summary>
    public required string Key { get; init; }

    /// <summary>
    /// The ETag, see <see cref="Storage.ETag"/>. The existing client checks what it downloads against it as against a plain MD5, so that
    /// this product gives that, however the file was uploaded.
    /// </summary>
    public required string Md5 { get; init; }

    /// <summary>When the file was last modified, in seconds since 1970-01-01 UTC.</summary>
    public required double Mtime { get; init; }

    /// <summary>The key of the file in the store.</summary>
    public required string Path { get; init; }

    /// <summary>Where the file can be fetched.</summary>
    public required string Url { get; init; }
}

/// <summary>A file of an ML bundle that a client would upload.</summary>
public sealed record ExistingUploadCandidate
{
    /// <summary>The key of the file, relative to the bundle.</summary>
    public required string Key { get; init; }

    /// <summary>The ETag that the file has by the rule of bundles: for more than 8 MiB, that of parts.</summary>
    public required string Md5 { get; init; }

    /// <summary>When the file was last modified, in seconds since 1970-01-01 UTC.</summary>
    public required double Mtime { get; init; }

    /// <summary>The bundle.</summary>
    public required string BundleName { get; init; }
}

/// <summary>A file that the server wants, and the form to upload it with.</summary>
public sealed record ExistingUploadLink
{
    /// <summary>The key of the file, relative to the bundle.</summary>
    public required string Key { get; init; }

    /// <summary>The form.</summary>
    public required ExistingUploadForm Url { get; init; }
}

/// <summary>A form as <see cref="Storage.PresignedPost"/> describes it; to be handled as a secret.</summary>
/// <param name="Fields">The fields, by name.</param>
/// <param name="Url">Where to post.</param>
public sealed record ExistingUploadForm(
    IReadOnlyDictionary<string, string> Fields, Uri Url)
{
    /// <summary>Says nothing of the fields.</summary>
    /// <returns>The address without its query.</returns>
    public override string ToString() => Url.GetLeftPart(UriPartial.Path);
}
