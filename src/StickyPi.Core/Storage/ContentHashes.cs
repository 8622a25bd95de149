namespace StickyPi.Core.Storage;

/// <summary>The hashes of an object's content that programs ask for.</summary>
/// <param name="Md5">The plain MD5, 32 hexadecimal digits.</param>
/// <param name="ETag">The ETag by the rule of ML bundles, see <see cref="Storage.ETag"/>: the MD5, or that of parts of 8 MiB where it is longer.</param>
public sealed record ContentHashes(string Md5, string ETag);
