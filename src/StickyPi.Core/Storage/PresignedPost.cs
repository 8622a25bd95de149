namespace StickyPi.Core.Storage;

/// <summary>
/// A form for uploading an object by an HTTP POST of <c>multipart/form-data</c>: first <see cref="Fields"/>, then the bytes in a field
/// called <c>file</c>. Whoever has it can upload this object until it expires; it is to be handled as a secret.
/// </summary>
/// <param name="Url">Where to post.</param>
/// <param name="Fields">The fields, by name.</param>
/// <param name="Expires">Until when it is good, UTC.</param>
public sealed record PresignedPost(Uri Url, IReadOnlyDictionary<string, string> Fields, DateTime Expires);
